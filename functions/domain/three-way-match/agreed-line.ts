import Big from 'big.js'
import type { GoodsReceipt, PurchaseOrder, PurchaseOrderLine } from '#domain/procurement-documents.ts'
import { factorOf } from './units.ts'

/** An order line with what has arrived for it. Quantities count the line's smallest unit, so that no conversion divides. */
export interface AgreedLine {
  readonly line: PurchaseOrderLine
  /** How many of the smallest unit one unit of the order holds. */
  readonly factor: Big
  readonly ordered: Big
  readonly received: Big
  readonly returned: Big
  /** Received less returned. */
  readonly kept: Big
  /** Nothing further will arrive. */
  readonly isFinal: boolean
}

/** What refers to an order line. */
export interface LineReference {
  readonly line?: string | undefined
  readonly item?: PurchaseOrderLine['item']
}

interface Movement extends LineReference {
  readonly quantity: string
  readonly unit?: string | undefined
}

/** Each order line with its goods; and the movements that fit no line or count in a unit without a factor. */
export function agreedLines(
  order: PurchaseOrder,
  receipts: readonly GoodsReceipt[],
  returns: readonly { readonly lines: readonly Movement[] }[],
  isEnded = false,
): readonly AgreedLine[] {
  return order.lines.map((line) => {
    const factor = factorOf(line, undefined) ?? new Big(1)
    const isHere = (moved: Movement) => isFound(findLine(order, moved), line)
    const moved = (documents: readonly { readonly lines: readonly Movement[] }[]) =>
      documents
        .flatMap(({ lines }) => lines)
        .filter(isHere)
        .reduce((total, { quantity, unit }) => total.plus(factorOf(line, unit)?.times(quantity) ?? 0), new Big(0))
    const received = moved(receipts)
    const returned = moved(returns)
    const kept = received.minus(returned)
    const isFinal = isEnded || receipts.some((receipt) => receipt.final && receipt.lines.some(isHere))
    const ordered = factor.times(line.quantity)
    return { line, factor, ordered, received, returned, kept: kept.lt(0) ? new Big(0) : kept, isFinal }
  })
}

/** The order line that is meant, or in words why none is. */
export function findLine(order: PurchaseOrder, { line: number, item }: LineReference): PurchaseOrderLine | string {
  if (number !== undefined) {
    const alike = order.lines.filter((candidate) => plainNumber(candidate.number) === plainNumber(number))
    const line = alike.find((candidate) => candidate.number === number) ?? alike[0]
    if (!line) return `order ${order.number} has no line ${number}`
    if (line.number !== number && alike.length > 1)
      return `line ${number} could be ${alike.map((one) => one.number).join(' or ')} of order ${order.number}`
    const ordered = line.item?.id
    if (item?.id === undefined || ordered === undefined || ordered === item.id) return line
    return `line ${number} of order ${order.number} is item ${ordered}, not ${item.id}`
  }
  const fitting = order.lines.filter((line) => isSameItem(line.item, item))
  const [only] = fitting
  if (only && fitting.length === 1) return only
  const named = item?.id ?? item?.supplierItemId ?? item?.gtin
  if (named === undefined) return 'it names neither an order line nor an item'
  if (fitting.length === 0) return `order ${order.number} has no item ${named}`
  return `item ${named} stands on the lines ${fitting.map((line) => line.number).join(', ')} of order ${order.number}`
}

function isFound(found: PurchaseOrderLine | string, line: PurchaseOrderLine): boolean {
  return typeof found !== 'string' && found.number === line.number
}

/** `10` and `0010` are one line number, as ERPs pad them. */
function plainNumber(number: string): string {
  return number.trim().replace(/^0+(?=\d+$)/, '')
}

function isSameItem(ordered: PurchaseOrderLine['item'], billed: PurchaseOrderLine['item']): boolean {
  if (!ordered || !billed) return false
  const same = (one: string | undefined, other: string | undefined) => one !== undefined && one === other
  return (
    same(ordered.id, billed.id) ||
    same(ordered.supplierItemId, billed.supplierItemId) ||
    same(ordered.gtin, billed.gtin)
  )
}

/** What so many of the smallest unit cost by the order, unrounded. */
export function agreedAmount(agreed: AgreedLine, quantity: Big): Big {
  const { unitPrice, priceQuantity, discount } = agreed.line
  return quantity
    .times(unitPrice)
    .times(new Big(1).minus(discount ?? '0'))
    .div(agreed.factor.times(priceQuantity))
}

/** A quantity in the order's own unit, for people. */
export function inOrderUnit(agreed: AgreedLine, quantity: Big): string {
  const text = quantity
    .div(agreed.factor)
    .toFixed(6)
    .replace(/\.?0+$/, '')
  return text === '-0' ? '0' : text
}
