import { classify, type Scope } from './classify.ts'
import type { Difference } from './difference.ts'
import { join } from './join.ts'
import { type Feed, type Side, sides } from './record.ts'
import { ControlTotals, type TotalsRow } from './totals.ts'

/** What a comparison of all sides came to. */
export interface Reconciled {
  /** Records that each side has given. */
  readonly records: Readonly<Record<Side, number>>
  readonly documents: number
  readonly differences: number
  readonly totals: readonly TotalsRow[]
}

/**
 * Compares what the sides have, document by document, and adds up what counts. Of feeds in key order it holds one
 * document at a time, and the totals.
 * @param found is told each difference, in key order
 */
export async function reconcile(
  feeds: Readonly<Record<Side, Feed>>,
  scope: Scope,
  found: (difference: Difference) => void | Promise<void>,
): Promise<Reconciled> {
  const totals = new ControlTotals()
  const records = { source: 0, hub: 0, erp: 0 }
  let documents = 0
  let differences = 0
  for await (const group of join(feeds)) {
    documents++
    for (const side of sides) records[side] += group[side].length
    totals.add(group)
    const difference = classify(group, scope)
    if (difference === undefined) continue
    differences++
    await found(difference)
  }
  return { records, documents, differences, totals: totals.rows() }
}
