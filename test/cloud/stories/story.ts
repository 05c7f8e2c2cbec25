/** A line of an order as the shop says it. */
export interface StoryLine {
  readonly number: string
  readonly item: string
  readonly quantity: string
  readonly unitPrice: string
  readonly discount?: string
  readonly taxCode?: TaxCode
}
export type TaxCode = 'standard' | 'reduced' | 'zero'

/** One version of the order. Totals of the versions of one story differ, so that a total says which one it is. */
export interface OrderVersion {
  readonly version: number
  readonly lines: readonly StoryLine[]
  readonly freight?: string
  readonly freightTaxCode?: TaxCode
}

export interface LineQuantity {
  readonly line: string
  readonly quantity: string
}

/** What a refund is of: the table in docs/events.md. */
export type RefundOf =
  | { readonly of: 'return'; readonly return: string }
  | { readonly of: 'lines'; readonly lines: readonly LineQuantity[] }
  | { readonly of: 'amount'; readonly amount: string; readonly taxCode?: TaxCode }
  | { readonly of: 'everything' }
  | { readonly of: 'balance' }

/** Something that happens to an order and is told on the bus. */
export type Happening =
  | { readonly kind: 'order'; readonly order: OrderVersion }
  /** Without lines, everything that is open. */
  | { readonly kind: 'goods-issue'; readonly number: string; readonly lines?: readonly LineQuantity[] }
  | { readonly kind: 'payment'; readonly number: string; readonly amount: string }
  | { readonly kind: 'cancellation'; readonly number: string }
  | { readonly kind: 'closing'; readonly number: string }
  /** Without lines, everything that is with the customer. */
  | { readonly kind: 'return'; readonly number: string; readonly lines?: readonly LineQuantity[] }
  | ({ readonly kind: 'refund'; readonly number: string } & RefundOf)

/** How a case must end that does not end well. */
export interface Refusal {
  readonly code: string
  readonly owner: string
}

/**
 * The life of one order. What stands in one act is published in any order, often twice; the next act begins when the
 * case has come to rest.
 */
export interface Story {
  readonly index: number
  readonly number: string
  /** Nobody else's, so that the ERP's books of the customer are those of the story. */
  readonly customer: string
  readonly creditLimit?: string
  /** In words, for whoever looks at a story that went wrong. */
  readonly title: string
  readonly acts: readonly (readonly Happening[])[]
  /** What the last act has to be refused with, and which happening of it is refused. */
  readonly refused?: Refusal
}

export function happeningsOf<Kind extends Happening['kind']>(story: Pick<Story, 'acts'>, kind: Kind) {
  return story.acts.flat().filter((one): one is Extract<Happening, { kind: Kind }> => one.kind === kind)
}
