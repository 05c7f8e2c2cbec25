import type { Random } from '../../../simulation/random.ts'
import {
  compare,
  type Exact,
  exact,
  fixed,
  least,
  minus,
  plain,
  plus,
  rounded,
  times,
  zero,
} from '../oracle/decimal.ts'
import type { LineQuantity } from '../story.ts'
import type { CreditNote, Invoice } from './oracle/match.ts'
import { type BilledLine, type Currency, currencies, type Requisition } from './story.ts'

/** How a supplier's prices differ from those that were agreed. */
export type Priced = 'agreed' | 'within tolerance' | 'lower' | 'dearer'

/** Of whom documents are drawn, about which order. */
export interface Supplier {
  readonly random: Random
  /** The purchase's. */
  readonly number: string
  readonly currency: Currency
  readonly order: Requisition
}

export function drawInvoice(
  { random, currency, order }: Supplier,
  number: string,
  quantities: readonly LineQuantity[],
  {
    priced,
    answer,
    freight,
    dueInDays,
  }: Pick<Invoice, 'answer' | 'dueInDays'> & { readonly priced: Priced; readonly freight?: string | undefined },
): Invoice {
  return {
    ...{ kind: 'supplier-invoice', number, dueInDays, taxIsOf: random.pick(['document', 'document', 'line']) },
    ...(mayBeUbl(currency) && random.chance(0.4) && { isUbl: true }),
    lines: quantities.map((one) => billed(order, one, priced, currency)),
    ...(freight && { freight }),
    ...(answer && { answer }),
  }
}

/** Of goods that went back, or were never worth their price. */
export function drawCreditNote(
  { random, currency, order }: Supplier,
  number: string,
  quantities: readonly LineQuantity[],
  { of, answer }: Pick<CreditNote, 'of' | 'answer'>,
): CreditNote {
  const lines = quantities.map((one) => billed(order, one, 'agreed', currency))
  const asAmount = (line: BilledLine): BilledLine => {
    const { discount: _discount, ...rest } = line
    return {
      ...rest,
      quantity: '1',
      unitPrice: fixed(times(exact(line.unitPrice), exact('0.1')), currencies[currency].digits),
    }
  }
  return {
    ...{ kind: 'supplier-credit-note', of, number, taxIsOf: random.pick(['document', 'line']) },
    // UBL has no word for a credit of a price.
    ...(of === 'quantity' && mayBeUbl(currency) && random.chance(0.4) && { isUbl: true }),
    lines: of === 'price' ? lines.map(asAmount) : lines,
    ...(answer && { answer }),
  }
}

function mayBeUbl(currency: Currency): boolean {
  return currencies[currency].digits <= 2
}

function billed(order: Requisition, { line, quantity }: LineQuantity, priced: Priced, currency: Currency): BilledLine {
  const ordered = order.lines.find(({ number }) => number === line)
  if (ordered === undefined) throw new Error(`Version ${order.version} has no line ${line}`)
  const { unitPrice, discount, taxRate } = ordered
  const price = priceOf(exact(unitPrice), priced, currencies[currency].digits)
  return { line, quantity, unitPrice: plain(price), ...(discount && { discount }), taxRate }
}

function priceOf(agreed: Exact, priced: Priced, digits: number): Exact {
  const part = (fraction: string) => rounded(times(agreed, exact(fraction)), digits, 'even')
  switch (priced) {
    case 'agreed':
      return agreed
    case 'within tolerance':
      // A discount lowers what 1.00 on the price comes to.
      return plus(agreed, least(part('0.018'), exact('0.90')))
    case 'lower':
      return compare(minus(agreed, part('0.1')), zero) > 0 ? minus(agreed, part('0.1')) : agreed
    case 'dearer':
      return plus(agreed, plus(part('0.1'), exact('1')))
  }
}
