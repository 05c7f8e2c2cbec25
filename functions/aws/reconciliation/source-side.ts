import { caseOfPosting, partsOf } from '#domain/keys.ts'
import { classify } from '#domain/reconciliation/classify.ts'
import type { Difference } from '#domain/reconciliation/difference.ts'
import { type Group, join } from '#domain/reconciliation/join.ts'
import type { BookRecord, Feed } from '#domain/reconciliation/record.ts'
import { ControlTotals, type TotalsRow } from '#domain/reconciliation/totals.ts'
import { begun, inKeyOrder } from '../sorted-runs.ts'
import { postedBetween, recordsOfCase } from './hub-side.ts'
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
  /** What older files were not agreed on about, which this one may have something to say to. */
  readonly known?: readonly Difference[]
}

export interface SourceComparison {
  readonly documents: number
  readonly differences: readonly Difference[]
  /** Keys of what was known, and is agreed on by now. */
  readonly agreed: readonly string[]
  readonly totals: readonly TotalsRow[]
}

/**
 * Compares what a source tells with what the hub has posted: each of its documents, and each posting of the window of the
 * same system and kinds. Both know a document by its posting's key.
 * @throws Error of the feed, when a line of it cannot be read; nothing has been told by then
 */
export async function compareSource(source: Feed, window: SourceWindow): Promise<SourceComparison> {
  const told = new Set<string>()
  const noting = async function* () {
    for await (const record of source) {
      told.add(rangeOf(record))
      yield record
    }
  }
  const sorted = await begun(inKeyOrder(noting()))
  const hub = async function* () {
    for await (const record of postedBetween(window)) if (told.has(rangeOf(record))) yield byPosting(record)
  }
  const totals = new ControlTotals()
  const differences: Difference[] = []
  const unmet = new Map((window.known ?? []).map((difference) => [difference.key, difference]))
  const agreed: string[] = []
  let documents = 0
  for await (const found of join({ source: sorted, hub: inKeyOrder(hub()), erp: [] })) {
    const group = await completed(found, window.company)
    documents++
    totals.add(group)
    const difference = differenceOf(group, window)
    const key = keyOf(found.key)
    if (difference !== undefined) differences.push(difference)
    else if (unmet.has(key)) agreed.push(key)
    unmet.delete(key)
  }
  for (const known of unmet.values()) {
    // The file is whole for it, and the source tells of it no more.
    if (!isCovered(known, told, window)) continue
    const group = await completed({ key: known.posting ?? '', source: [], hub: [], erp: [] }, window.company)
    const difference = differenceOf(group, window)
    if (difference === undefined) agreed.push(known.key)
    else differences.push(difference)
  }
  return { documents, differences, agreed, totals: totals.rows() }
}

/** The same difference as it stands now, by what the source has told; undefined when there is none any more. */
export async function compareTold({ told, posting = '' }: Difference, window: Window): Promise<Difference | undefined> {
  const { file, records = [] } = told ?? {}
  const group = await completed({ key: posting, source: records, hub: [], erp: [] }, window.company)
  return differenceOf(group, { dueBeforeMs: window.untilMs, ...(file !== undefined && { file }) })
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
function differenceOf(
  group: Group,
  { dueBeforeMs, file }: Pick<SourceWindow, 'dueBeforeMs' | 'file'>,
): Difference | undefined {
  const difference = classify(group, { sides: ['source', 'hub'], dueBeforeMs })
  if (difference === undefined) return undefined
  const told = { records: group.source, ...(file !== undefined && { file }) }
  return { ...difference, key: keyOf(group.key), told, repairs: ['adjust', 'ignore'] }
}

const keyOf = (posting: string) => `source:${posting}`

const byPosting = (record: BookRecord): BookRecord => ({ ...record, key: record.posting ?? record.key })

/** A system's documents of one kind: the file is whole for those that it tells any of. */
function rangeOf({ posting = '', document }: Pick<BookRecord, 'posting' | 'document'>): string {
  return `${partsOf(posting).system} ${document}`
}

function isCovered(known: Difference, told: ReadonlySet<string>, { sinceMs, untilMs }: SourceWindow): boolean {
  const dayMs = Date.parse(known.onDay)
  return told.has(rangeOf(known)) && dayMs >= sinceMs && dayMs < untilMs
}
