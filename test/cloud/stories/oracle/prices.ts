import type { LineQuantity, OrderVersion, StoryLine, TaxCode } from '../story.ts'
import { compare, divided, type Exact, exact, minus, plus, rounded, times, total, zero } from './decimal.ts'

const rates: Readonly<Record<TaxCode, string>> = { standard: '0.20', reduced: '0.05', zero: '0' }

/** Something on an invoice: its amount before and after it is rounded, and the tax that it bears. */
interface Taxed {
  readonly unrounded: Exact
  readonly amount: Exact
  readonly taxCode: TaxCode | undefined
}

/**
 * The price of one unit as it stands in Tryton, with four digits: the discounted one, unless the whole line would then
 * not be over what the shop has rounded half up; then the shop's amount divided by the quantity.
 */
export function unitPriceOf({ quantity, unitPrice, discount = '0' }: StoryLine): Exact {
  const discounted = times(exact(unitPrice), minus(exact('1'), exact(discount)))
  const wanted = rounded(times(discounted, exact(quantity)), 2, 'away')
  const price = rounded(discounted, 4, 'even')
  if (compare(amountOf(quantity, price), wanted) === 0) return price
  const other = divided(wanted, exact(quantity), 4, 'even')
  if (compare(amountOf(quantity, other), wanted) === 0) return other
  throw new Error(`${quantity} × ${unitPrice} less ${discount} needs a rounding line, which no story has`)
}

/** Tryton rounds a line half to even. */
function amountOf(quantity: string, price: Exact): Exact {
  return rounded(times(exact(quantity), price), 2, 'even')
}

/** What a document over these quantities is over, tax included, with the freight if it bears it. */
export function grossOf(order: OrderVersion, quantities: readonly LineQuantity[], withFreight: boolean): Exact {
  const lines = quantities.map(({ line: number, quantity }): Taxed => {
    const line = order.lines.find((one) => one.number === number)
    if (line === undefined) throw new Error(`Version ${order.version} has no line ${number}`)
    const price = unitPriceOf(line)
    return { unrounded: times(exact(quantity), price), amount: amountOf(quantity, price), taxCode: line.taxCode }
  })
  const freight =
    withFreight && order.freight !== undefined
      ? [{ unrounded: exact(order.freight), amount: exact(order.freight), taxCode: order.freightTaxCode }]
      : []
  return taxIncluded([...lines, ...freight])
}

/**
 * The tax of each rate is rounded once, half to even, over the whole document, and taken from quantity × price before that
 * is rounded to the line's amount (trytond-account, `Tax.compute`).
 */
function taxIncluded(lines: readonly Taxed[]): Exact {
  const taxes = Object.entries(rates).map(([code, rate]) => {
    const net = total(lines.filter(({ taxCode }) => taxCode === code).map(({ unrounded }) => unrounded))
    return rounded(times(net, exact(rate)), 2, 'even')
  })
  return plus(total(lines.map(({ amount }) => amount)), total(taxes))
}

/** Everything that was ordered, freight included. */
export function orderTotal(order: OrderVersion): Exact {
  return grossOf(
    order,
    order.lines.map(({ number, quantity }) => ({ line: number, quantity })),
    true,
  )
}

/** Quantities by line, added up. */
export function sumOf(quantities: readonly LineQuantity[], line: string): Exact {
  return quantities.filter((one) => one.line === line).reduce((sum, { quantity }) => plus(sum, exact(quantity)), zero)
}
