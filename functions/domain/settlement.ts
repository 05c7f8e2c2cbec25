import { minus, sum } from './money.ts'

/**
 * Allocations and outgoing payments follow from the books and not from an event, so they have no number of their own.
 * Theirs says what they do: what of the document was settled before, and how much more. The same decision taken again
 * is the same posting; another one is another posting.
 */
export interface SettlementStep {
  /** What is settled: `customer-invoice/DN-1`, `credit-note/goods-return/R-1`, `supplier-invoice/4711`, or a refund's number. */
  readonly of: string
  readonly before: string
  readonly amount: string
}

/** Its posting's number: `customer-invoice/DN-1/0+71.04`. */
export function settlementNumber({ of, before, amount }: SettlementStep): string {
  return `${of}/${minus(before, '0')}+${minus(amount, '0')}`
}

/** @throws Error when this is not the number of a settlement */
export function parseSettlement(number: string): SettlementStep {
  const slash = number.lastIndexOf('/')
  const [before, amount] = number.slice(slash + 1).split('+')
  if (slash < 1 || before === undefined || amount === undefined) {
    throw new Error(`${number} does not say what it settles, as <document>/<before>+<amount> does`)
  }
  return { of: number.slice(0, slash), before, amount }
}

/** A credit note is numbered by what it is for: `goods-return/R-1`, `refund/RF-1`. */
export function creditNoteNumber(signal: {
  readonly kind: 'goods-return' | 'refund'
  readonly number: string
}): string {
  return `${signal.kind}/${signal.number}`
}

interface Named {
  readonly kind: string
  readonly number: string
}

/** How much of an invoice or a credit note the posted allocations have settled. */
export function allocatedOf(
  posted: readonly Named[],
  kind: 'customer-invoice' | 'credit-note',
  number: string,
): string {
  return settledOf(posted, 'payment-allocation', `${kind}/${number}`)
}

/** How much of a supplier's invoice or credit note the posted payments and allocations have settled. */
export function supplierSettledOf(
  posted: readonly Named[],
  kind: 'supplier-invoice' | 'supplier-credit-note',
  number: string,
): string {
  const settled = (by: 'supplier-payment' | 'supplier-payment-allocation') => settledOf(posted, by, `${kind}/${number}`)
  return sum([settled('supplier-payment'), settled('supplier-payment-allocation')]).toFixed()
}

/** Which way a payment of a supplier goes: a credit note is paid to us. */
export function supplierPaymentDirection(number: string): 'incoming' | 'outgoing' {
  return parseSettlement(number).of.startsWith('supplier-credit-note/') ? 'incoming' : 'outgoing'
}

/** What the posted outgoing payments to the customer add up to, of one refund or of all. */
export function paidOutOf(posted: readonly Named[], refund?: string): string {
  return settledOf(posted, 'outgoing-payment', refund)
}

function settledOf(posted: readonly Named[], kind: string, of: string | undefined): string {
  const steps = posted.filter((one) => one.kind === kind).map(({ number }) => parseSettlement(number))
  return sum(steps.filter((step) => of === undefined || step.of === of).map(({ amount }) => amount)).toFixed()
}
