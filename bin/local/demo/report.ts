import { checkOrder, type Found } from './check-order.ts'
import { checkTotals } from './check-totals.ts'
import type { DemoOrder } from './demo-order.ts'
import { expectedTotals, type Totals } from './totals.ts'

/** The result of a run, as `--json FILE` writes it. */
export interface DemoReport {
  readonly process: string
  readonly run: string
  readonly seconds: number
  readonly orders: readonly OrderReport[]
  /** What the run has changed in the ERP's accounts, and what it had to. */
  readonly totals: { readonly expected: Omit<Totals, 'ledger'>; readonly found: Totals }
  /** What is not as it should be; empty when every order is right and the accounts are. */
  readonly differences: readonly string[]
}

export interface OrderReport extends Found {
  readonly place: number
  readonly kind: string
  readonly about: string
  readonly order: string
  readonly caseKey: string
  readonly differences: readonly string[]
}

/** Compares every order with its kind, and the ERP's accounts with all kinds together. */
export function reportOf(
  process: string,
  run: string,
  seconds: number,
  results: readonly { readonly order: DemoOrder; readonly found: Found }[],
  change: Totals,
): DemoReport {
  const orders = results.map(({ order: { kind, place, number, caseKey }, found }) => ({
    place,
    kind: kind.name,
    about: kind.about,
    order: number,
    caseKey,
    ...found,
    differences: checkOrder(kind, found),
  }))
  const expected = expectedTotals(results.map(({ order }) => order.kind))
  return {
    process,
    run,
    seconds,
    orders,
    totals: { expected, found: change },
    differences: [
      ...orders.flatMap(({ order, kind, differences }) => differences.map((one) => `${order} (${kind}): ${one}`)),
      ...checkTotals(expected, change),
    ],
  }
}
