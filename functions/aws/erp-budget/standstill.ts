import { placeOf } from '#domain/erp-budget/limits.ts'
import { lookAgainAtMs, pausedFor } from '#domain/erp-budget/pause.ts'
import { maintenanceEnd } from '#domain/erp-calendar/maintenance.ts'
import { postingDay } from '#domain/erp-calendar/posting-date.ts'
import { ErpBusyError } from '#domain/errors.ts'
import { clock } from '../clock.ts'
import { environment } from '../environment.ts'
import { comeBackMs, lineUp } from './backlog-line.ts'
import { sleepsAfterMs } from './long-wait.ts'
import { readPauses } from './pause-store.ts'
import type { SlotRequest } from './slot.ts'

type Asker = Pick<SlotRequest, 'account' | 'flows' | 'lane' | 'sinceMs' | 'holder'>

/**
 * Before anything else is asked for: whether the account or the flow is paused, or in maintenance.
 * @throws ErpBusyError until when; whoever waits for an end that is known comes back in turn
 */
export async function refuseAtStandstill(asker: Asker): Promise<void> {
  const { account, flows, lane, sinceMs } = asker
  const { ERP_CALENDAR } = environment()
  const nowMs = clock.nowMs()
  const endMs = ERP_CALENDAR && maintenanceEnd(ERP_CALENDAR, nowMs)
  if (endMs !== undefined) {
    const backAtMs = await lineUp(account, `${lane}#${endMs}`, comeBackMs, endMs)
    throw new ErpBusyError(`The ERP account ${account}`, 'in maintenance', backAtMs, sinceMs)
  }
  const paused = pausedFor(await readPauses(account), flows, nowMs)
  if (paused === undefined) return
  const { flow, untilMs, isEnd } = paused
  const isOfAccount = flow === undefined
  const backAtMs = isEnd
    ? await lineUp(account, `${lane}#${flow ?? ''}#${untilMs}`, comeBackMs, untilMs)
    : spread(asker.holder, nowMs, untilMs)
  const what = isOfAccount ? `The ERP account ${account}` : `The flow ${flow}`
  // Somebody may resume it long before its end: whoever sleeps is woken then, whoever waits for a time is not.
  const isOpenEnded = isOfAccount && (!isEnd || untilMs > nowMs + sleepsAfterMs)
  throw new ErpBusyError(what, 'paused', backAtMs, sinceMs, isOpenEnded)
}

/**
 * The day to which a document is posted.
 * @throws ErpBusyError while its period is closed and the calendar says to wait
 */
export function postingDayOf(date: string, { account, sinceMs, holder }: Asker): string {
  const { ERP_CALENDAR } = environment()
  const nowMs = clock.nowMs()
  const day = ERP_CALENDAR === undefined ? ({ do: 'post', on: date } as const) : postingDay(ERP_CALENDAR, date, nowMs)
  if (day.do === 'post') return day.on
  const lookMs = lookAgainAtMs(sinceMs, nowMs)
  const untilMs = day.untilMs === undefined ? spread(holder, nowMs, lookMs) : Math.max(day.untilMs, nowMs)
  throw new ErpBusyError(`The posting period of ${date} in the ERP account ${account}`, 'closed', untilMs, sinceMs)
}

/** A tenth of the wait, so that not all of them look again at once. */
function spread(holder: string, nowMs: number, untilMs: number): number {
  return untilMs + placeOf(holder, Math.max(1, Math.ceil((untilMs - nowMs) / 10)))
}
