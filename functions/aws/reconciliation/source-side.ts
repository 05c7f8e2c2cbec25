import { caseOfPosting, partsOf } from '#domain/keys.ts'
import { judge, type Verdict } from '#domain/reconciliation/classify.ts'
import { type Difference, isTooEarly } from '#domain/reconciliation/difference.ts'
import type { Group } from '#domain/reconciliation/join.ts'
import type { BookRecord, Feed } from '#domain/reconciliation/record.ts'
import type { TotalsRow } from '#domain/reconciliation/totals.ts'
import { compareFeeds, type Task } from './compare-feeds.ts'
import { postedPages, recordsOfCase } from './hub-side.ts'
import type { Pages } from './kept-feed.ts'
import type { Window } from './window.ts'

/** What a source's file is to be compared with. */
export interface SourceWindow {
  readonly sinceMs: number
  readonly untilMs: number
  /** What the source has had since then may still be on its way. */
  readonly dueBeforeMs: number
  readonly company: string
  /** The file, where it is to be named. */
  readonly file?: string
  /** When the file came: what a newer one has told by now is not this one's to say. */
  readonly atMs?: number
  /** What older files were not agreed on about, which this one may have something to say to. */
  readonly known?: readonly Difference[]
  /** When it stops, for another invocation to go on, and where what was done by then is kept. */
  readonly limit?: Pick<Task, 'stopsAtMs' | 'progress'>
}

export interface SourceComparison {
  /** Otherwise there is more of it, for another invocation. */
  readonly isThrough: boolean
  readonly documents: number
  readonly differences: readonly Difference[]
  /** What the hub has under way: whether it agrees is to be seen, and the file is not compared again. */
  readonly early: readonly Difference[]
  /** Keys of what was known, and is agreed on by now. */
  readonly agreed: readonly string[]
  readonly totals: readonly TotalsRow[]
}

/**
 * Compares what a source tells with what the hub has posted: each of its documents, and each posting of the window of the
 * same system and kinds. Both know a document by its posting's key.
 * @param source is read from its beginning to its end
 * @throws Error of the feed, when a line of it cannot be read; nothing has been told by then
 */
export async function compareSource(source: Feed, window: SourceWindow): Promise<SourceComparison> {
  const { atMs = Number.POSITIVE_INFINITY } = window
  const all = new Map(window.known?.map((difference) => [difference.key, difference]))
  const known = new Map([...all].filter(([, { told }]) => (told?.atMs ?? 0) <= atMs))
  const differenceOf = (group: Group): Difference | undefined => {
    if (all.has(keyOf(group.key)) && !known.has(keyOf(group.key))) return undefined
    const verdict = verdictOf(group, window)
    if (verdict !== 'too-early') return verdict === 'agrees' ? undefined : verdict
    // What was told stays told, and what this file says of it is what counts when it can be judged.
    const before = known.get(keyOf(group.key))
    if (before !== undefined && !isTooEarly(before)) return { ...before, told: toldOf(group, window) }
    const late = verdictOf(group, { ...window, dueBeforeMs: Number.POSITIVE_INFINITY })
    return typeof late === 'string' ? undefined : { ...late, told: { ...toldOf(group, window), isTooEarly: true } }
  }
  const { isThrough, documents, differences, totals, notes } = await compareFeeds({
    feeds: [
      ['source', sourcePages(source)],
      ['hub', hubPages(window)],
    ],
    completed: async (found, noted) => {
      const [record = found.hub[0]] = found.source
      if (record === undefined || !noted.has(rangeOf(record))) return undefined
      return await completed(found, window.company)
    },
    note: (found, group, noted) => {
      const key = keyOf(found.key)
      if (!known.has(key)) return
      noted.add(key)
      if (differenceOf(group) === undefined) noted.add(agreedOn(key))
    },
    differenceOf,
    ...(window.limit ?? { stopsAtMs: Number.POSITIVE_INFINITY }),
  })
  const agreed = [...known.keys()].filter((key) => notes.has(agreedOn(key)))
  const withdrawn: Difference[] = []
  for (const { key, posting = '', ...rest } of isThrough ? known.values() : []) {
    // The file is whole for it, and the source tells of it no more.
    if (notes.has(key) || !isCovered({ posting, ...rest }, notes, window)) continue
    const difference = differenceOf(await completed({ key: posting, ...none }, window.company))
    if (difference === undefined) agreed.push(key)
    else withdrawn.push(difference)
  }
  const found = [...differences, ...withdrawn]
  const [told, early] = [found.filter((one) => !isTooEarly(one)), found.filter(isTooEarly)]
  return { isThrough, documents, differences: told, early, agreed, totals }
}

const agreedOn = (key: string) => `agreed ${key}`
const none = { source: [], hub: [], erp: [] } as const

/** Records of one page. */
const pageLength = 1000

/** A file has no places: it is read from its beginning, and what was read before is passed over. */
function sourcePages(source: Feed): Pages {
  return async function* (after, notes) {
    let read = 0
    let records: BookRecord[] = []
    for await (const record of source) {
      read++
      if (read <= Number(after ?? 0)) continue
      if (records.length === pageLength) {
        yield { records, next: String(read - 1) }
        records = []
      }
      notes.add(rangeOf(record))
      records.push(record)
    }
    yield { records }
  }
}

/** What the hub has posted of the kinds that the source has told of. */
function hubPages(window: SourceWindow): Pages {
  return async function* (after, notes) {
    for await (const page of postedPages(window)(after, notes)) {
      yield { ...page, records: page.records.filter((record) => notes.has(rangeOf(record))).map(byPosting) }
    }
  }
}

/** The same difference as it stands now, by what the source has told. */
export async function compareTold({ told, posting = '' }: Difference, window: Window): Promise<Verdict> {
  const { file, atMs, records = [] } = told ?? {}
  const group = await completed({ key: posting, source: records, hub: [], erp: [] }, window.company)
  return verdictOf(group, {
    dueBeforeMs: window.untilMs,
    ...(file !== undefined && { file }),
    ...(atMs !== undefined && { atMs }),
  })
}

/** What is posted before the window, or under way, is looked up. The hub takes the source's day, as it has none. */
async function completed(group: Group, company: string): Promise<Group> {
  const [told] = group.source
  const caseKey = caseOfPosting(group.key)
  const looked = group.hub.length > 0 || !caseKey ? group.hub : (await recordsOfCase(caseKey, company)).map(byPosting)
  const hub = looked
    .filter(({ key }) => key === group.key)
    .map((record): BookRecord => (told === undefined ? record : { ...record, onDay: told.onDay }))
  // Nothing is asked of the ERP here: what the hub has posted stands for it.
  return { ...group, hub, erp: hub.filter(({ standing }) => standing !== 'under-way') }
}

/** Of a key of its own: the hub and the ERP may disagree about the same document. Only a person can say who is right. */
function verdictOf(group: Group, window: Pick<SourceWindow, 'dueBeforeMs' | Origin>): Verdict {
  const verdict = judge(group, { sides: ['source', 'hub'], dueBeforeMs: window.dueBeforeMs })
  if (typeof verdict === 'string') return verdict
  return { ...verdict, key: keyOf(group.key), told: toldOf(group, window), repairs: ['adjust', 'ignore'] }
}

type Origin = 'file' | 'atMs'

function toldOf({ source }: Group, { file, atMs }: Pick<SourceWindow, Origin>): NonNullable<Difference['told']> {
  return { records: source, ...(file !== undefined && { file }), ...(atMs !== undefined && { atMs }) }
}

const keyOf = (posting: string) => `source:${posting}`

const byPosting = (record: BookRecord): BookRecord => ({ ...record, key: record.posting ?? record.key })

/** A system's documents of one kind: the file is whole for those that it tells any of. */
function rangeOf({ posting = '', document }: Pick<BookRecord, 'posting' | 'document'>): string {
  return `${partsOf(posting).system} ${document}`
}

function isCovered(
  known: Pick<Difference, 'posting' | 'document' | 'onDay'>,
  told: ReadonlySet<string>,
  { sinceMs, untilMs }: SourceWindow,
): boolean {
  const dayMs = Date.parse(known.onDay)
  return told.has(rangeOf(known)) && dayMs >= sinceMs && dayMs < untilMs
}
