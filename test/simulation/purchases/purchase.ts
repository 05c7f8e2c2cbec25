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

/** One purchase, and what happens to it, in acts that each wait for the one before. */
export type Purchase = {
  readonly number: string
  readonly caseKey: string
  readonly supplier: string
  readonly lines: readonly Line[]
  /** The newest version; `before` it another one came. */
  readonly change?: { readonly lines: readonly Line[]; readonly at: Moment; readonly before?: readonly Line[] }
  /** What a person says, where it costs more than nobody is asked for. */
  readonly approval?: 'approve' | 'reject'
  readonly cancelled?: Moment
  /** The ERP leaves out its last line without a word; a person adds it when the hub has seen that. */
  readonly isShortened: boolean
  /** Short, after what has arrived. */
  readonly isClosed: boolean
  readonly receipts: readonly Moved[]
  readonly invoices: readonly Moved[]
  readonly returned?: Moved
  /** What comes when all is paid in the place of what went back, and is billed. */
  readonly exchanged?: Moved
  /** An invoice over what is billed already. */
  readonly disputed?: Moved
  /** What the supplier bills at first: a person disputes it, and then `invoices` come. */
  readonly misbilled?: Moved
  /** What is billed at first is right but for its number, which another purchase's invoice bears: one of the two keeps it. */
  readonly isRival: boolean
  /** The person takes longer over what is disputed than until the others are due. */
  readonly isAnsweredLate: boolean
  /** When its invoices are issued. */
  readonly billedMs: number
}

export const kinds = [
  'plain',
  'in parts',
  'shortened',
  'approved',
  'declined',
  'short',
  'returned',
  'exchanged',
  'disputed',
  'overcharged',
  'billed in full',
  'one number twice',
  'replaced',
  'changed',
  'changed twice',
  'changed and approved',
  'changed too late',
  'changed while goods arrive',
  'withdrawn',
  'cancelled',
  'cancelled too late',
  'cancelled while goods arrive',
  'accepted',
] as const
export type PurchaseKind = (typeof kinds)[number]

/** Due so many days after the history begins, which is after the last act before the payment, and after a first deadline. */
const dueDays = 10
const dayMs = 86_400_000

/** The beginning of the day on which it is due. */
export function dueMsOf({ billedMs }: Purchase): number {
  return (Math.floor(billedMs / dayMs) + dueDays) * dayMs
}

/** The version that is ordered in the end. */
export function orderedLines({ lines, change }: Purchase): readonly Line[] {
  return change && isInTime(change) ? change.lines : lines
}

/** … and its number. */
export function orderedVersion({ change }: Purchase): number {
  return change && isInTime(change) ? newestVersion(change) : 1
}

export function newestVersion({ before }: NonNullable<Purchase['change']>): number {
  return before ? 3 : 2
}

function isInTime({ at }: NonNullable<Purchase['change']>): boolean {
  return at === 'at once' || at === 'ordered'
}

const changes: Readonly<Partial<Record<PurchaseKind, Moment>>> = {
  replaced: 'at once',
  changed: 'ordered',
  'changed twice': 'ordered',
  'changed and approved': 'ordered',
  'changed too late': 'received',
  'changed while goods arrive': 'arriving',
}
const cancellations: Readonly<Partial<Record<PurchaseKind, Moment>>> = {
  withdrawn: 'at once',
  cancelled: 'ordered',
  'cancelled too late': 'received',
  'cancelled while goods arrive': 'arriving',
}
/** What is replaced waits for an approval, so that it is not ordered before. */
const large: readonly PurchaseKind[] = ['approved', 'declined', 'replaced', 'changed and approved']

/** Spellings of one number that meet by its parts, and as a whole. */
const spellings = [
  ['2026-001', '2026-1'],
  ['2026-001', '2026001'],
] as const

/** @param kinds drawn where nothing is said */
export function drawPurchases(random: Random, kindsOf: readonly PurchaseKind[], billedMs: number): readonly Purchase[] {
  const purchases: Purchase[] = []
  for (const [index, kind] of kindsOf.entries()) {
    const own = random.fork(`purchase ${index}`)
    const draw = () => drawPurchase(own, `P${purchases.length + 1}`, kind, billedMs)
    const first = draw()
    purchases.push(first)
    if (kind !== 'one number twice') continue
    const second = draw()
    const spelling = own.pick(spellings)
    purchases[purchases.length - 1] = rival(first, first.supplier, spelling[0])
    purchases.push(rival(second, first.supplier, spelling[1]))
  }
  return purchases
}

function rival(purchase: Purchase, supplier: string, number: string): Purchase {
  const [invoice] = purchase.invoices
  return { ...purchase, supplier, ...(invoice && { misbilled: { ...invoice, number } }), isRival: true }
}

function drawPurchase(random: Random, number: string, kind: PurchaseKind, billedMs: number): Purchase {
  const isLarge = large.includes(kind)
  const lines = drawLines(random, isLarge, kind === 'shortened' || random.chance(0.5))
  const at = changes[kind]
  const cancelled = cancellations[kind]
  const more = (pieces: number) => lines.map((one) => ({ ...one, quantity: one.quantity + pieces }))
  const change = at && { lines: more(1), at, ...(kind === 'changed twice' && { before: more(2) }) }
  const base: Purchase = {
    ...{ number, caseKey: `${names.system}/purchase-requisition/${number}`, supplier: `supplier-${number}`, lines },
    ...(change && { change }),
    ...(cancelled && { cancelled }),
    ...(isLarge && { approval: kind === 'declined' ? 'reject' : 'approve' }),
    isClosed: kind === 'short' || kind === 'billed in full',
    isShortened: kind === 'shortened',
    ...{ receipts: [], invoices: [], isRival: false, isAnsweredLate: false, billedMs },
  }
  const isNothing = kind === 'declined' || cancelled === 'at once' || cancelled === 'ordered'
  return isNothing ? base : { ...base, ...goodsOf(base, kind, random) }
}

function drawLines(random: Random, isLarge: boolean, hasTwo: boolean): readonly Line[] {
  const line = (index: number): Line => ({
    line: String(index),
    item: `item-${index}`,
    quantity: random.integer(2, 9),
    // 20 % of it are whole cents.
    cents: 5 * random.integer(isLarge ? 10_000 : 1, isLarge ? 12_000 : 400),
  })
  return hasTwo ? [line(1), line(2)] : [line(1)]
}

/** What arrives and is billed. */
function goodsOf(purchase: Purchase, kind: PurchaseKind, random: Random): Partial<Purchase> {
  const isBilledInParts = random.chance(0.5)
  const wanted = orderedLines(purchase)
  const moved = (name: string, of: readonly Line[]): Moved => ({
    number: `${name}-${purchase.number}`,
    lines: of.map(({ line, quantity }) => ({ line, quantity })),
  })
  const some = wanted.map((one) => ({ ...one, quantity: 1 }))
  const rest = wanted.map((one) => ({ ...one, quantity: one.quantity - 1 }))
  const isShort = purchase.isClosed || kind === 'cancelled too late'
  const arrived = isShort ? some : wanted
  const isInParts = kind === 'in parts'
  const invoice = { ...moved('INV1', arrived), ...(kind === 'accepted' && { surchargeCents: 10 }) }
  return {
    receipts: isInParts ? [moved('DN1', some), moved('DN2', rest)] : [moved('DN1', arrived)],
    invoices: isInParts && isBilledInParts ? [moved('INV1', some), moved('INV2', rest)] : [invoice],
    ...((kind === 'returned' || kind === 'exchanged') && { returned: moved('RET', some.slice(0, 1)) }),
    ...(kind === 'exchanged' && { exchanged: moved('EX', some.slice(0, 1)) }),
    ...(kind === 'disputed' && { disputed: moved('INV9', arrived), isAnsweredLate: random.chance(0.5) }),
    ...(kind === 'overcharged' && { misbilled: { ...moved('INV9', arrived), surchargeCents: 10 } }),
    ...(kind === 'billed in full' && { misbilled: moved('INV9', wanted) }),
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
