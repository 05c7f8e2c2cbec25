import type { ErpBusyError } from '#domain/errors.ts'
import { clock } from '../clock.ts'
import { count, measureSeconds } from '../telemetry.ts'
import type { SlotRequest } from './slot.ts'

/** What dashboards and alarms read of an ERP account (lib/erp-alarms.ts); docs/operate.md says what each means. */

/** How much of the account was used: calls, and how long a slot was held. */
export function countHold({ account, lane }: SlotRequest, heldMs: number, calls: number): void {
  measureSeconds('ErpSlotTime', heldMs / 1000, { account, lane })
  if (calls > 0) count('ErpCalls', { account, lane }, calls)
}

/** Somebody is to come again, why, and for how long he has waited so far. */
export function countTurnedAway({ account, lane }: SlotRequest, { why, sinceMs }: ErpBusyError): void {
  count('ErpTurnedAway', { account, why })
  measureWait({ account, lane }, sinceMs)
}

/** For how long the first of those has waited who sleep until the account is back, and so do not ask themselves. */
export function countAsleep({ account }: SlotRequest, sinceMs: number): void {
  measureWait({ account, lane: 'event' }, sinceMs)
}

function measureWait({ account, lane }: Pick<SlotRequest, 'account' | 'lane'>, sinceMs: number): void {
  measureSeconds('ErpWait', Math.max(0, clock.nowMs() - sinceMs) / 1000, { account, lane })
}

/** The ERP itself refused a call that the hub took for allowed. */
export function countThrottled({ account }: SlotRequest): void {
  count('ErpThrottled', { account })
}

/** Too many calls in a row found it down; nobody calls it but one at a time. */
export function countCircuitOpened({ account }: SlotRequest): void {
  count('ErpCircuitOpened', { account })
}
