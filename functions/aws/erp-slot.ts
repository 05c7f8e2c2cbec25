import { ErpBusyError } from '#domain/errors.ts'
import { clock } from './clock.ts'
import { environment } from './environment.ts'
import { type Key, update } from './table.ts'
import { logger } from './telemetry.ts'

/**
 * One writer at a time for each ERP account, by one conditional item with a lease. Tryton on SQLite, for one,
 * duplicates invoices when a sale is confirmed twice at once.
 */
export interface ErpSlot {
  /** Frees the slot. After a request without an answer it is held on: the ERP may still be at work. */
  release(outcomeUnknown: boolean): Promise<void>
}

const pollMs = 250

/**
 * Waits up to SLOT_WAIT_MS for the slot.
 * @throws ErpBusyError when it is not free by then; the machine tries again later
 */
export async function acquireErpSlot(account: string, holder: string): Promise<ErpSlot> {
  const key = { pk: `ERP#${account}`, sk: 'SLOT#writer' }
  const untilMs = clock.nowMs() + environment().SLOT_WAIT_MS
  for (;;) {
    const nowMs = clock.nowMs()
    const written = await update({
      key,
      update: 'SET holder = :holder, leaseEndsAtMs = :lease',
      condition: 'attribute_not_exists(holder) OR holder = :holder OR leaseEndsAtMs < :now',
      values: { ':holder': holder, ':lease': nowMs + environment().LEASE_MS, ':now': nowMs - environment().SKEW_MS },
    })
    if (written.ok) break
    if (clock.nowMs() + pollMs > untilMs) throw new ErpBusyError(`The ERP account ${account} has no free slot`)
    await clock.sleep(pollMs)
  }
  return { release: async (outcomeUnknown) => await release(key, holder, outcomeUnknown) }
}

/** A slot that cannot be released frees itself when its lease is over; the step's own outcome counts for more. */
async function release(key: Key, holder: string, outcomeUnknown: boolean): Promise<void> {
  try {
    await update({
      key,
      update: outcomeUnknown ? 'SET leaseEndsAtMs = :until' : 'REMOVE holder, leaseEndsAtMs',
      condition: 'holder = :holder',
      values: {
        ':holder': holder,
        ...(outcomeUnknown && { ':until': clock.nowMs() + environment().SETTLE_MS }),
      },
    })
  } catch (error) {
    logger.warn(`The slot of ${key.pk} could not be released; its lease ends by itself: ${String(error)}`)
  }
}
