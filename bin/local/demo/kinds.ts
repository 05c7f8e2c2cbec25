import { asOrdered } from './kinds/as-ordered.ts'
import { changes } from './kinds/changes.ts'
import { payments } from './kinds/payments.ts'
import { asAgreed, decided, otherwise } from './kinds/purchases.ts'
import { refused } from './kinds/refused.ts'
import { undone } from './kinds/undone.ts'
import type { OrderKind } from './order-kind.ts'

/** The kinds of order of the demo of order-to-cash, in the order in which they begin. To add one: a row in `kinds/`. */
export const orderToCashKinds: readonly OrderKind[] = [...asOrdered, ...undone, ...changes, ...refused, ...payments]
/** The kinds of order of the demo of procure-to-pay. */
export const procureToPayKinds: readonly OrderKind[] = [...decided, ...asAgreed, ...otherwise]

/** What `--process` says. Those of both processes begin by turns, and are under way at the same time. */
export const demos: Readonly<Record<string, readonly OrderKind[]>> = {
  'order-to-cash': orderToCashKinds,
  'procure-to-pay': procureToPayKinds,
  all: orderToCashKinds.flatMap((kind, index) => [kind, ...procureToPayKinds.slice(index, index + 1)]),
}
