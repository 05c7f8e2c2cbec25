import { caseOfPosting, partsOf } from '#domain/keys.ts'
import { classify } from '#domain/reconciliation/classify.ts'
import type { Difference } from '#domain/reconciliation/difference.ts'
import { type Group, join } from '#domain/reconciliation/join.ts'
import type { BookRecord, Feed } from '#domain/reconciliation/record.ts'
import { ControlTotals, type TotalsRow } from '#domain/reconciliation/totals.ts'
import { begun, inKeyOrder } from '../sorted-runs.ts'
import { postedBetween, recordsOfCase } from './hub-side.ts'

/** What a source's file is to be compared with. */
export interface SourceWindow {
  readonly sinceMs: number
  readonly untilMs: number
  /** What the source has had since then may still be on its way. */
  readonly dueBeforeMs: number
  readonly company: string
}

export interface SourceComparison {
  readonly documents: number
  readonly differences: readonly Difference[]
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
  let documents = 0
  for await (const found of join({ source: sorted, hub: inKeyOrder(hub()), erp: [] })) {
    const group = await completed(found, window.company)
    documents++
    totals.add(group)
    const difference = classify(group, { sides: ['source', 'hub'], dueBeforeMs: window.dueBeforeMs })
    if (difference !== undefined) differences.push(difference)
  }
  return { documents, differences, totals: totals.rows() }
}

/** What is posted before the window, or under way, is looked up. The hub takes the source's day, as it has none. */
async function completed(group: Group, company: string): Promise<Group> {
  const [told] = group.source
  if (told === undefined) return { ...group, erp: group.hub }
  const caseKey = caseOfPosting(group.key)
  const looked = group.hub.length > 0 || !caseKey ? group.hub : (await recordsOfCase(caseKey, company)).map(byPosting)
  const hub = looked
    .filter(({ key }) => key === group.key)
    .map((record): BookRecord => ({ ...record, onDay: told.onDay }))
  // Nothing is asked of the ERP here: what the hub has posted stands for it.
  return { ...group, hub, erp: hub.filter(({ standing }) => standing !== 'under-way') }
}

const byPosting = (record: BookRecord): BookRecord => ({ ...record, key: record.posting ?? record.key })

/** A system's documents of one kind: the file is whole for those that it tells any of. */
function rangeOf({ posting = '', document }: BookRecord): string {
  return `${partsOf(posting).system} ${document}`
}
