import { withErpSlot } from '#aws/erp-budget/gate.ts'
import { slotRequest } from '#aws/erp-budget/request.ts'
import type { ErpRecord, RecordName, RecordPage } from '#connectors/records-port.ts'
import type { DocumentKind } from '#domain/documents.ts'
import { ErpBusyError } from '#domain/errors.ts'
import type { BookRecord } from '#domain/reconciliation/record.ts'
import { clock } from '../clock.ts'
import { environment } from '../environment.ts'
import { erp } from '../erp.ts'
import type { Pages } from './kept-feed.ts'
import { overlapMs, stopsAtMs, type Window } from './window.ts'

/** The documents that were made or changed in the ERP, in no order. */
export function erpPages(window: Window): Pages {
  const { sinceMs, untilMs, isLast } = window
  const period = { sinceMs: sinceMs - overlapMs, ...(!isLast && { untilMs: untilMs + overlapMs }) }
  return async function* (from) {
    let after = from
    do {
      const page: RecordPage = await inBatchLane(window, async () => (await erp()).changed(period, after))
      yield { ...page, records: page.records.map((record) => bookRecord(record, window.company)) }
      after = page.next
    } while (after !== undefined)
  }
}

/** Kinds of document that the ERP's feed tells of. */
export async function recordKinds(): Promise<readonly DocumentKind[]> {
  return (await erp()).recordKinds
}

/** One document as it stands now. */
export async function readErp(
  window: Window,
  document: DocumentKind,
  name: RecordName,
): Promise<readonly BookRecord[]> {
  const records = await inBatchLane(window, async () => (await erp()).recordsOf(document, name))
  return records.map((record) => bookRecord(record, window.company))
}

/**
 * What nobody but the ERP knows has a key of its own, by which it is found again. An ERP counts the documents of each kind by
 * themselves: an id alone would be that of a delivery and of a receipt.
 */
const withoutReference = /^erp:[a-z-]+:(.+)$/
export const nameOf = (key: string): RecordName => {
  const id = withoutReference.exec(key)?.[1]
  return id === undefined ? { by: 'reference', is: key } : { by: 'id', is: id }
}

function bookRecord(
  { reference, onDay, id, number, amount, currency, lines, ...rest }: ErpRecord,
  company: string,
): BookRecord {
  return {
    ...rest,
    key: reference ?? `erp:${rest.document}:${id}`,
    id,
    company,
    onDay: onDay || new Date(clock.nowMs()).toISOString().slice(0, 10),
    ...(number !== undefined && { number }),
    ...(amount !== undefined && { amount }),
    ...(currency !== undefined && { currency }),
    ...(lines !== undefined && { lines }),
  }
}

/** After so many refusals of the budget the run ends, and the next one begins where this one began. */
const maxWaits = 60
const longestWaitMs = 10_000

/** Holds a slot of the ERP's budget for one page only, so that everybody else comes first between two. */
export async function inBatchLane<Result>(window: Window, work: () => Promise<Result>): Promise<Result> {
  const { holder, endsAtMs } = window
  const askedSinceMs = clock.nowMs()
  // What begins after that is no part of a comparison, and may take what is left.
  const giveUpAtMs = askedSinceMs < stopsAtMs(window) ? stopsAtMs(window) : endsAtMs - environment().CLIENT_TIMEOUT_MS
  for (let waits = 0; ; waits++) {
    try {
      return await withErpSlot(slotRequest({ lane: 'batch', holder, askedSinceMs, endsAtMs }), work)
    } catch (error) {
      if (!(error instanceof ErpBusyError) || waits === maxWaits || clock.nowMs() >= giveUpAtMs) throw error
      await clock.sleep(Math.min(longestWaitMs, Math.max(100, error.untilMs - clock.nowMs())))
    }
  }
}
