import { asOrdered } from './kinds/as-ordered.ts'
import { changes } from './kinds/changes.ts'
import { payments } from './kinds/payments.ts'
import { refused } from './kinds/refused.ts'
import { undone } from './kinds/undone.ts'
import type { OrderKind } from './order-kind.ts'

/** The kinds of order of the demo of order-to-cash, in the order in which they begin. To add one: a row in `kinds/`. */
export const orderToCashKinds: readonly OrderKind[] = [...asOrdered, ...undone, ...changes, ...refused, ...payments]
