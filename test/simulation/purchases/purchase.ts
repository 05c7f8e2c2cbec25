import { names } from '../hub/settings.ts'
import type { Random } from '../random.ts'

export type Line = { readonly line: string; readonly item: string; readonly quantity: number; readonly cents: number }
export type Moved = {
  readonly number: string
  readonly lines: readonly { readonly line: string; readonly quantity: number }[]
  /** So much more than was agreed costs each piece. */
  readonly surchargeCents?: number
}

/** When somebody wants something else: before the order, before goods, after them, or while the ERP takes them in. */
type Moment = 'at once' | 'ordered' | 'received' | 'arriving'

/** One purchase of a supplier of its own, and what happens to it, in acts that each wait for the one before. */
export type Purchase = {
  readonly number: string
  readonly caseKey: string
  readonly supplier: string
  readonly lines: readonly Line[]
  readonly change?: { readonly lines: readonly Line[]; readonly at: Moment }
  /** What a person says, where it costs more than nobody is asked for. */
  readonly approval?: 'approve' | 'reject'
  readonly cancelled?: Moment
  /** Short, after what has arrived. */
  readonly isClosed: boolean
  readonly receipts: readonly Moved[]
  readonly invoices: readonly Moved[]
  readonly returned?: Moved
  /** An invoice over what is billed already. */
  readonly disputed?: Moved
}

export const kinds = [
  'plain',
  'in parts',
  'approved',
  'declined',
  'short',
  'returned',
  'disputed',
  'replaced',
  'changed',
  'changed too late',
  'changed while goods arrive',
  'withdrawn',
  'cancelled',
  'cancelled too late',
  'cancelled while goods arrive',
  'accepted',
] as const
export type PurchaseKind = (typeof kinds)[number]

/** The version that is ordered in the end. */
export function orderedLines({ lines, change }: Purchase): readonly Line[] {
  return change?.at === 'at once' || change?.at === 'ordered' ? change.lines : lines
}

const changes: Readonly<Partial<Record<PurchaseKind, Moment>>> = {
  replaced: 'at once',
  changed: 'ordered',
  'changed too late': 'received',
  'changed while goods arrive': 'arriving',
}
const cancellations: Readonly<Partial<Record<PurchaseKind, Moment>>> = {
  withdrawn: 'at once',
  cancelled: 'ordered',
  'cancelled too late': 'received',
  'cancelled while goods arrive': 'arriving',
}

export function drawPurchase(random: Random, number: string, kind: PurchaseKind = random.pick(kinds)): Purchase {
  // What is replaced waits for an approval, so that it is not ordered before.
  const isLarge = kind === 'approved' || kind === 'declined' || kind === 'replaced'
  const lines = drawLines(random, isLarge)
  const at = changes[kind]
  const cancelled = cancellations[kind]
  const change = at && { lines: lines.map((one) => ({ ...one, quantity: one.quantity + 1 })), at }
  const base: Purchase = {
    ...{ number, caseKey: `${names.system}/purchase-requisition/${number}`, supplier: `supplier-${number}`, lines },
    ...(change && { change }),
    ...(cancelled && { cancelled }),
    ...(isLarge && { approval: kind === 'declined' ? 'reject' : 'approve' }),
    ...{ isClosed: kind === 'short', receipts: [], invoices: [] },
  }
  const isNothing = kind === 'declined' || cancelled === 'at once' || cancelled === 'ordered'
  return isNothing ? base : { ...base, ...goodsOf(base, kind, random.chance(0.5)) }
}

function drawLines(random: Random, isLarge: boolean): readonly Line[] {
  const line = (index: number): Line => ({
    line: String(index),
    item: `item-${index}`,
    quantity: random.integer(2, 9),
    // 20 % of it are whole cents.
    cents: 5 * random.integer(isLarge ? 10_000 : 1, isLarge ? 12_000 : 400),
  })
  return random.chance(0.5) ? [line(1)] : [line(1), line(2)]
}

/** What arrives and is billed. */
function goodsOf(purchase: Purchase, kind: PurchaseKind, isBilledInParts: boolean) {
  const wanted = orderedLines(purchase)
  const moved = (name: string, of: readonly Line[]): Moved => ({
    number: `${name}-${purchase.number}`,
    lines: of.map(({ line, quantity }) => ({ line, quantity })),
  })
  const some = wanted.map((one) => ({ ...one, quantity: 1 }))
  const rest = wanted.map((one) => ({ ...one, quantity: one.quantity - 1 }))
  const isShort = kind === 'short' || kind === 'cancelled too late'
  const arrived = isShort ? some : wanted
  const isInParts = kind === 'in parts'
  const invoice = { ...moved('INV1', arrived), ...(kind === 'accepted' && { surchargeCents: 10 }) }
  return {
    receipts: isInParts ? [moved('DN1', some), moved('DN2', rest)] : [moved('DN1', arrived)],
    invoices: isInParts && isBilledInParts ? [moved('INV1', some), moved('INV2', rest)] : [invoice],
    ...(kind === 'returned' && { returned: moved('RET', some.slice(0, 1)) }),
    ...(kind === 'disputed' && { disputed: moved('INV9', arrived) }),
  }
}

/** Net of tax, in cents. */
export function netOf(purchase: Purchase, moved: Moved): number {
  return moved.lines.reduce((sum, { line, quantity }) => sum + quantity * centsOf(purchase, moved, line), 0)
}

/** What a piece costs in a supplier's document. */
export function centsOf(purchase: Purchase, { surchargeCents = 0 }: Moved, line: string): number {
  return (orderedLines(purchase).find((one) => one.line === line)?.cents ?? 0) + surchargeCents
}
