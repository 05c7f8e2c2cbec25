import { caseKeyOf } from '#domain/keys.ts'
import type { OrderKind, Publication } from './order-kind.ts'

export const source = 'shop'

/** One order of a run. Its number bears the run's own letters, so that a run can be repeated in the same environment. */
export interface DemoOrder {
  readonly kind: OrderKind
  /** Its place in the table. */
  readonly place: number
  readonly number: string
  readonly caseKey: string
}

/** A name for this run that no earlier one had: the second in which it began. */
export function runName(nowMs: number): string {
  return Math.floor(nowMs / 1000)
    .toString(36)
    .toUpperCase()
}

export function ordersOf(run: string, kinds: readonly OrderKind[]): readonly DemoOrder[] {
  return kinds.map((kind, index) => {
    const number = `${run}-${index + 1}`
    const document = kind.supplier === undefined ? 'sales-order' : 'purchase-requisition'
    return { kind, place: index + 1, number, caseKey: caseKeyOf(source, document, number) }
  })
}

/** Everything that is published for an order of this kind, whenever it is. */
export function publicationsOf({ steps }: OrderKind): readonly Publication[] {
  return steps.flatMap(({ publish }) => publish)
}

/** The number of a document of this order, which is the order's own only within it. */
export function documentNumber({ number }: DemoOrder, own: string): string {
  return `${number}-${own}`
}
