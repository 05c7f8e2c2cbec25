import { caseKeyOf } from '#domain/keys.ts'
import { processOf } from '#domain/processes.ts'
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

/** `21 kinds of order and 15 of purchase`, by their cases. */
export function kindsInWords(orders: readonly { readonly caseKey: string }[]): string {
  const bought = orders.filter(isPurchase).length
  const named = [
    { count: orders.length - bought, name: 'order' },
    { count: bought, name: 'purchase' },
  ].filter(({ count }) => count > 0)
  return named.map(({ count, name }, index) => `${count}${index === 0 ? ' kinds' : ''} of ${name}`).join(' and ')
}

export function isPurchase({ caseKey }: { readonly caseKey: string }): boolean {
  return processOf(caseKey) === 'procure-to-pay'
}

/** Everything that is published for an order of this kind, whenever it is. */
export function publicationsOf({ steps }: OrderKind): readonly Publication[] {
  return steps.flatMap(({ publish }) => publish)
}

/** The number of a document of this order, which is the order's own only within it. */
export function documentNumber({ number }: DemoOrder, own: string): string {
  return `${number}-${own}`
}
