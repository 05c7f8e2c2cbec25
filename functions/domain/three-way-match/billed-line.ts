import Big from 'big.js'
import { roundAmount, sum } from '#domain/money.ts'
import type { BilledLine, PurchaseOrder } from '#domain/procurement-documents.ts'
import { type AgreedLine, findLine, inOrderUnit } from './agreed-line.ts'
import type { Finding } from './outcome.ts'
import { factorOf } from './units.ts'

/** A line of an invoice or a credit note beside the order line that it bills. */
export interface ResolvedLine {
  readonly documentLine: string
  readonly billed: BilledLine
  readonly agreed: AgreedLine
  /** In the order line's smallest unit; zero where the line corrects a price only. */
  readonly quantity: Big
  /** Net of tax, unrounded where it was computed from the price. */
  readonly net: Big
  /** Net of tax, as it is to be paid. */
  readonly amount: Big
}

/** A line that cannot be compared, with the reason. */
export interface UnresolvedLine {
  readonly documentLine: string
  readonly billed: BilledLine
  readonly finding: Finding
}

/** Finds the order line and brings quantity and amount into its terms. */
export function resolveLine(
  billed: BilledLine,
  index: number,
  order: PurchaseOrder,
  agreedLines: readonly AgreedLine[],
): ResolvedLine | UnresolvedLine {
  const documentLine = billed.number ?? String(index + 1)
  const found = findLine(order, billed)
  const agreed = typeof found === 'string' ? undefined : agreedLines.find(({ line }) => line.number === found.number)
  if (typeof found === 'string' || !agreed) {
    const reason = typeof found === 'string' ? found : `order ${order.number} lacks it`
    return { documentLine, billed, finding: unknownLine(documentLine, order, `Line ${documentLine}: ${reason}.`) }
  }
  const factor = factorOf(agreed.line, billed.unit)
  if (!factor) return { documentLine, billed, finding: unknownUnit(documentLine, billed, agreed) }
  const computed = computedAmount(billed)
  const stated = billed.amount === undefined ? undefined : new Big(billed.amount)
  const net = computed ?? stated ?? new Big(0)
  return {
    documentLine,
    billed,
    agreed,
    quantity: factor.times(billed.quantity ?? '0'),
    net,
    amount: stated ?? new Big(roundAmount(net, order.currency, 'half-up')),
  }
}

/** Quantity × price, less discount and allowances, plus charges; undefined without quantity or price. */
export function computedAmount(billed: BilledLine): Big | undefined {
  if (billed.quantity === undefined || billed.unitPrice === undefined) return undefined
  const goods = new Big(billed.quantity)
    .times(billed.unitPrice)
    .times(new Big(1).minus(billed.discount ?? '0'))
    .div(billed.priceQuantity)
  const amounts = (entries: BilledLine['charges']) => sum(entries.map(({ amount }) => amount))
  return goods.plus(amounts(billed.charges)).minus(amounts(billed.allowances))
}

export function unknownLine(documentLine: string | null, order: PurchaseOrder, explanation: string): Finding {
  return {
    outcome: 'unknown-line',
    rule: 'order-line',
    line: null,
    documentLine,
    expected: `a line of order ${order.number}`,
    found: 'none',
    tolerance: '0',
    explanation,
  }
}

function unknownUnit(documentLine: string, billed: BilledLine, agreed: AgreedLine): Finding {
  const { line } = agreed
  const expected = [line.unit ?? '(the order has no unit)', ...line.units.map(({ unit }) => unit)].join(', ')
  return {
    outcome: 'quantity-variance',
    rule: 'unit',
    line: line.number,
    documentLine,
    expected,
    found: billed.unit ?? 'none',
    tolerance: '0',
    explanation: `Line ${documentLine} counts in ${billed.unit}, and order line ${line.number} (${inOrderUnit(agreed, agreed.ordered)} ${line.unit ?? 'units'}) gives no factor for it.`,
  }
}
