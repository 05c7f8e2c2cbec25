import { type Exact, exact, minus, plus, rounded, times, total } from '../../oracle/decimal.ts'
import type { Bill, OrderedLine, Requisition } from '../story.ts'

type Priced = Pick<OrderedLine, 'quantity' | 'unitPrice' | 'discount'>
type Taxed = Priced & Pick<OrderedLine, 'taxRate'>

/** What tax and total of a document follow from. */
type Priceable = Pick<Bill, 'freight' | 'taxIsOf'> & { readonly lines: readonly Taxed[] }

/** What a line costs net of tax, before it is rounded. */
export function costOf({ quantity, unitPrice, discount = '0' }: Priced): Exact {
  return times(times(exact(quantity), exact(unitPrice)), minus(exact('1'), exact(discount)))
}

export function netOfLine(line: Priced, digits: number): Exact {
  return rounded(costOf(line), digits, 'away')
}

/** What an order or a supplier's document is over net of tax: each line is rounded half up; freight bears no tax. */
export function netOf(
  { lines, freight = '0' }: Pick<Requisition, 'freight'> & { readonly lines: readonly Priced[] },
  digits: number,
): Exact {
  return plus(total(lines.map((line) => netOfLine(line, digits))), exact(freight))
}

/** The tax that a supplier states. */
export function taxOf({ lines, taxIsOf }: Omit<Priceable, 'freight'>, digits: number): Exact {
  const taxed = (net: Exact, rate: string) => rounded(times(net, times(exact(rate), exact('0.01'))), digits, 'away')
  if (taxIsOf === 'line') return total(lines.map((line) => taxed(netOfLine(line, digits), line.taxRate)))
  const rates = [...new Set(lines.map(({ taxRate }) => taxRate))]
  const ofRate = (rate: string, own: readonly Taxed[]) => taxed(total(own.map((line) => netOfLine(line, digits))), rate)
  return total(
    rates.map((rate) =>
      ofRate(
        rate,
        lines.filter(({ taxRate }) => taxRate === rate),
      ),
    ),
  )
}

export function grossOf(bill: Priceable, digits: number): Exact {
  return plus(netOf(bill, digits), taxOf(bill, digits))
}
