import { dayOf } from '#domain/audit/entry.ts'
import { dayAfter } from '#domain/audit/seal.ts'
import type { DocumentKind } from '#domain/documents.ts'
import { caseOfPosting, partsOf } from '#domain/keys.ts'
import { type ProcessName, processes, processNames } from '#domain/processes.ts'
import { hubRecords } from '#domain/reconciliation/hub-side.ts'
import type { BookRecord } from '#domain/reconciliation/record.ts'
import { casesTouchedOn } from '../audit-days.ts'
import { caseList } from '../case-store.ts'
import { readStory } from '../case-story.ts'
import { casesOfNumber, readWholeList } from '../table.ts'
import type { Pages } from './kept-feed.ts'
import type { Window } from './window.ts'

/** Cases that are read at one moment. */
const width = 25

/**
 * What the hub has posted in the window, by the audit trail's lists of each day, and what is under way in any case that
 * has not come to its end, in the order of the cases. To be read after the ERP: what stood there by then is noted here as
 * claimed at least.
 */
export function hubPages(window: Window, kinds: readonly DocumentKind[]): Pages {
  return async function* (after) {
    const underWay = new Set(await casesUnderWay())
    const posted = await casesPostedIn(window)
    const isPosted = isPostedIn(window)
    for await (const page of pagesOfCases([...underWay, ...posted], window.company, after)) {
      const records = page.records.filter((record) => {
        if (!kinds.includes(record.document)) return false
        return record.standing === 'under-way' ? underWay.has(caseOf(record)) : isPosted(record)
      })
      yield { ...page, records }
    }
  }
}

/** What the hub has posted in a time; of an order that was amended or cancelled, too. */
export function postedPages(period: Period): Pages {
  return async function* (after) {
    for await (const page of pagesOfCases(await casesPostedIn(period), period.company, after)) {
      yield { ...page, records: page.records.filter(isPostedIn(period)) }
    }
  }
}

type Period = Pick<Window, 'sinceMs' | 'untilMs' | 'company'>

function isPostedIn({ sinceMs, untilMs }: Period) {
  return (record: BookRecord) => {
    const postedAtMs = record.standing === 'under-way' ? undefined : record.sinceMs
    return postedAtMs !== undefined && postedAtMs >= sinceMs && postedAtMs < untilMs
  }
}

async function casesPostedIn({ sinceMs, untilMs }: Period): Promise<readonly string[]> {
  const keys = new Set<string>()
  for (let day = dayOf(sinceMs); day <= dayOf(untilMs); day = dayAfter(day)) {
    for (const key of await casesTouchedOn(day)) keys.add(key)
  }
  return [...keys]
}

async function casesUnderWay(): Promise<readonly string[]> {
  const lists = processNames.flatMap((process) =>
    (['open', 'failed', 'rejected'] as const).map((status) => caseList(process, status)),
  )
  return (await Promise.all(lists.map(readWholeList))).flat().map(({ pk }) => String(pk))
}

const caseOf = ({ posting = '' }: BookRecord) => caseOfPosting(posting) ?? ''

/** A page is so many cases; the next one begins after the last of them. */
async function* pagesOfCases(caseKeys: readonly string[], company: string, after: string | undefined) {
  const keys = [...new Set(caseKeys)].filter((key) => isOfProcess(key) && (after === undefined || key > after)).sort()
  for (let from = 0; from < keys.length; from += width) {
    const some = keys.slice(from, from + width)
    const records = (await Promise.all(some.map((key) => recordsOfCase(key, company)))).flat()
    yield { records, ...(from + width < keys.length && { next: some.at(-1) ?? '' }) }
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
  for await (const page of pagesOfCases(cases, window.company, undefined)) records.push(...page.records)
  const isIt = (record: BookRecord) => record.key === key || (record.document === erp?.document && record.id === id)
  return records.filter(isIt)
}

const documents: readonly string[] = processNames.map((name: ProcessName) => processes[name].document)

function isOfProcess(caseKey: string): boolean {
  return documents.includes(partsOf(caseKey).document)
}
