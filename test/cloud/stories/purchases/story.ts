import { divided, type Exact, exact } from '../oracle/decimal.ts'
import type { LineQuantity, Refusal } from '../story.ts'

/** A line of a requisition. Prices are net of tax; the rate is per hundred, the discount a fraction. */
export interface OrderedLine {
  readonly number: string
  readonly item: string
  readonly quantity: string
  readonly unitPrice: string
  readonly discount?: string
  readonly taxRate: string
}

/** One version of what is wanted. Net totals of the versions of one story differ, so that a total says which one it is. */
export interface Requisition {
  readonly version: number
  readonly lines: readonly OrderedLine[]
  readonly freight?: string
}

/** A line of a supplier's document. */
export interface BilledLine {
  readonly line: string
  readonly quantity: string
  readonly unitPrice: string
  readonly discount?: string
  readonly taxRate: string
}

/** A supplier's document as the supplier has written it. */
export interface Bill {
  readonly number: string
  readonly lines: readonly BilledLine[]
  readonly freight?: string
  /** Rounded for each line, or once for each rate: suppliers do either. */
  readonly taxIsOf: 'line' | 'document'
  /** Told in UBL, which has two digits after the point for every amount but a price. */
  readonly isUbl?: boolean
  /** What a person says when he is asked about it; nothing: it waits. */
  readonly answer?: 'accept' | 'dispute'
}

/** Something that happens to a purchase and is told on the bus. */
export type Happening =
  | { readonly kind: 'requisition'; readonly order: Requisition }
  /** Without lines, everything that is open. */
  | { readonly kind: 'goods-receipt'; readonly number: string; readonly lines?: readonly LineQuantity[] }
  /** Without lines, everything that is here. */
  | { readonly kind: 'supplier-return'; readonly number: string; readonly lines?: readonly LineQuantity[] }
  | ({ readonly kind: 'supplier-invoice'; readonly dueInDays: number } & Bill)
  /** `price`: the goods stay billed, and cost less. */
  | ({ readonly kind: 'supplier-credit-note'; readonly of: 'quantity' | 'price' } & Bill)
  | { readonly kind: 'cancellation'; readonly number: string }
  | { readonly kind: 'closing'; readonly number: string }

export type Currency = keyof typeof currencies

/** Digits after the point, and what a euro is in it, as the ERP is set up. */
export const currencies = {
  EUR: { digits: 2, perEuro: '1' },
  USD: { digits: 2, perEuro: '1.10' },
  JPY: { digits: 0, perEuro: '160' },
  KWD: { digits: 3, perEuro: '0.345' },
} as const satisfies Readonly<Record<string, { readonly digits: number; readonly perEuro: string }>>

/** An amount in the company's own currency, as the ERP's ledger holds it. */
export function inEuros(amount: Exact, currency: Currency): Exact {
  return divided(amount, exact(currencies[currency].perEuro), 2, 'even')
}

/** The life of one purchase, in acts like that of an order. */
export interface PurchaseStory {
  readonly index: number
  readonly number: string
  /** Nobody else's, so that the ERP's books of the supplier are those of the story. */
  readonly supplier: string
  readonly currency: Currency
  readonly title: string
  readonly acts: readonly (readonly Happening[])[]
  /** What a person says when he is asked whether it may be ordered; without it, nobody is to be asked. */
  readonly approval?: 'approve' | 'reject' | 'nobody'
  readonly refused?: Refusal
}

type Acts = Pick<PurchaseStory, 'acts'>

export function happeningsOf<Kind extends Happening['kind']>(story: Acts, kind: Kind) {
  return story.acts.flat().filter((one): one is Extract<Happening, { kind: Kind }> => one.kind === kind)
}
