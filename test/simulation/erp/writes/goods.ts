import { applied, byId, type Desk, guardFollowing, type Order, type Quantity } from '../ledger.ts'
import type { Reply } from '../wire.ts'
import type { Side } from './side.ts'

type Sent = {
  readonly reference: string
  readonly stamp?: string | undefined
  readonly lines?: readonly Quantity[] | undefined
}

/**
 * Goods leave for a sales order, or arrive for a purchase order. Without lines all that is open moves; with lines also
 * what is not open any more, or was never so much.
 */
export function moveGoods(desk: Desk, side: Side, orderId: string, request: Sent): Reply {
  const order = byId(side.orders, orderId)
  const guarded = guardFollowing(desk, request, side.moved.all, order)
  if (guarded !== undefined) return guarded
  if (order.status === 'cancelled' || order.status === 'replaced') return side.says.over
  if (!order.isConfirmed) return side.says.notConfirmed
  const lines = request.lines ?? openLines(side, order)
  if (lines.length === 0 || !areOn(order, lines)) return side.says.nothingToMove
  const entry = desk.newEntry(request.reference)
  side.moved.add(entry, order, lines)
  desk.ledger.underWay.delete(order.number)
  desk.touch(order)
  return applied(entry)
}

/** They come or go back; without lines everything that moved and is not back yet. */
export function moveBack(desk: Desk, side: Side, orderId: string, request: Sent): Reply {
  const order = byId(side.orders, orderId)
  const guarded = guardFollowing(desk, request, side.back.all, order)
  if (guarded !== undefined) return guarded
  const out = linesOut(side, order)
  const lines = request.lines ?? out
  if (lines.length === 0) return side.says.nothingToReturn
  if (!isWithin(lines, out)) return side.says.tooMuchBack
  const entry = desk.newEntry(request.reference)
  side.back.add(entry, order, lines)
  desk.touch(order)
  return applied(entry)
}

/** Whether so much is there of each line, taking lines that are named twice together. */
function isWithin(lines: readonly Quantity[], available: readonly Quantity[]): boolean {
  return lines.every(({ line }) => quantityOf(lines, line) <= quantityOf(available, line))
}

export function quantityOf(lines: readonly Quantity[], wanted: string): number {
  return lines.reduce((sum, { line, quantity }) => (line === wanted ? sum + quantity : sum), 0)
}

/** What the lines cost at the order's prices. */
export function centsOf({ lines: ordered }: Order, lines: readonly Quantity[]): number {
  return lines.reduce((sum, { line, quantity }) => {
    const price = ordered.find((one) => one.line === line)?.cents ?? 0
    return sum + quantity * price
  }, 0)
}

function openLines({ moved }: Side, order: Order): Quantity[] {
  return order.status === 'open' ? less(goodsOf(order), linesOf(moved.of(order))) : []
}

function linesOut({ moved, back }: Side, order: Order): Quantity[] {
  const out = linesOf(moved.of(order))
  const all = order.lines.map(({ line }) => ({ line, quantity: quantityOf(out, line) }))
  return less(all, linesOf(back.of(order)))
}

function less(lines: readonly Quantity[], minus: readonly Quantity[]): Quantity[] {
  return lines.flatMap(({ line, quantity }) => {
    const left = quantity - quantityOf(minus, line)
    return left > 0 ? [{ line, quantity: left }] : []
  })
}

function linesOf(documents: readonly { readonly lines: readonly Quantity[] }[]): readonly Quantity[] {
  return documents.flatMap(({ lines }) => lines)
}

function areOn(order: Order, lines: readonly Quantity[]): boolean {
  return lines.every(({ line }) => goodsOf(order).some((one) => one.line === line))
}

/** What is no item is nothing that moves. */
function goodsOf({ lines }: Order): Order['lines'] {
  return lines.filter(({ item }) => item !== '')
}
