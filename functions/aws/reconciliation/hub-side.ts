import { dayOf } from '#domain/audit/entry.ts'
import { dayAfter } from '#domain/audit/seal.ts'
import type { DocumentKind } from '#domain/documents.ts'
import { partsOf } from '#domain/keys.ts'
import { type ProcessName, processes, processNames } from '#domain/processes.ts'
import { hubRecords } from '#domain/reconciliation/hub-side.ts'
import type { BookRecord } from '#domain/reconciliation/record.ts'
import { casesTouchedOn } from '../audit-days.ts'
import { caseList } from '../case-store.ts'
import { readStory } from '../case-story.ts'
import { casesOfNumber, readWholeList } from '../table.ts'
import type { Window } from './window.ts'

/** Cases that are read at one moment. */
const width = 25

/**
 * What the hub has posted in the window, by the audit trail's lists of each day, and what is under way in any case that
 * has not come to its end. To be read after the ERP: what stood there by then is noted here as claimed at least.
 */
export async function* hubFeed(window: Window, kinds: readonly DocumentKind[]): AsyncGenerator<BookRecord> {
  for await (const record of postedBetween(window)) if (kinds.includes(record.document)) yield record
  for await (const record of underWay(window)) if (kinds.includes(record.document)) yield record
}

async function* underWay({ company }: Window): AsyncGenerator<BookRecord> {
  const lists = processNames.flatMap((process) =>
    (['open', 'failed', 'rejected'] as const).map((status) => caseList(process, status)),
  )
  for (const list of lists) {
    const keys = [...new Set((await readWholeList(list)).map(({ pk }) => String(pk)))]
    for await (const record of ofCases(keys, company)) if (record.standing === 'under-way') yield record
  }
}

/** What the hub has posted in a time; of an order that was amended or cancelled, too. */
export async function* postedBetween({
  sinceMs,
  untilMs,
  company,
}: Pick<Window, 'sinceMs' | 'untilMs' | 'company'>): AsyncGenerator<BookRecord> {
  for (let day = dayOf(sinceMs); day <= dayOf(untilMs); day = dayAfter(day)) {
    for await (const record of ofCases(await casesTouchedOn(day), company)) {
      const postedAtMs = record.standing === 'under-way' ? undefined : record.sinceMs
      if (postedAtMs !== undefined && dayOf(postedAtMs) === day && postedAtMs >= sinceMs && postedAtMs < untilMs)
        yield record
    }
  }
}

async function* ofCases(caseKeys: readonly string[], company: string): AsyncGenerator<BookRecord> {
  const compared = caseKeys.filter(isOfProcess)
  for (let from = 0; from < compared.length; from += width) {
    const some = compared.slice(from, from + width)
    for (const records of await Promise.all(some.map((key) => recordsOfCase(key, company)))) yield* records
  }
}

/** What the hub has of one case, strongly consistent. */
export async function recordsOfCase(caseKey: string, company: string): Promise<readonly BookRecord[]> {
  const story = await readStory(caseKey)
  return story === undefined ? [] : hubRecords(caseKey, company, story.postings, story.case.listedAtMs)
}

/** What the hub has under a document's key, or as the document of this number in the ERP. */
export async function readHub(
  window: Window,
  key: string,
  erp: BookRecord | undefined,
): Promise<readonly BookRecord[]> {
  const { number = '', id } = erp ?? {}
  const cases = number === '' ? [] : await casesOfNumber(number)
  const records: BookRecord[] = []
  for await (const record of ofCases(cases, window.company)) records.push(record)
  const isIt = (record: BookRecord) => record.key === key || (record.document === erp?.document && record.id === id)
  return records.filter(isIt)
}

const documents: readonly string[] = processNames.map((name: ProcessName) => processes[name].document)

function isOfProcess(caseKey: string): boolean {
  return documents.includes(partsOf(caseKey).document)
}
