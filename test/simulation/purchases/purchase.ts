import { names } from '../hub/settings.ts'
import type { Random } from '../random.ts'

export type Line = { readonly line: string; readonly item: string; readonly quantity: number; readonly cents: number }
type Moved = {
  readonly number: string
  readonly lines: readonly { readonly line: string; readonly quantity: number }[]
}

/** One purchase of a supplier of its own, and what happens to it, in acts that each wait for the one before. */
export type Purchase = {
  readonly number: string
  readonly caseKey: string
  readonly supplier: string
  readonly lines: readonly Line[]
  /** A newer version, before anything has arrived. */
  readonly changedTo?: readonly Line[]
  /** What a person says, where it costs more than nobody is asked for. */
  readonly approval?: 'approve' | 'reject'
  readonly isCancelled: boolean
  /** Short, after what has arrived. */
  readonly isClosed: boolean
  readonly receipts: readonly Moved[]
  readonly invoices: readonly Moved[]
  readonly returned?: Moved
}

export type PurchaseKind = (typeof kinds)[number]
export const kinds = ['plain', 'in parts', 'approved', 'declined', 'changed', 'cancelled', 'short', 'returned'] as const

/** The version that is ordered in the end. */
export function orderedLines({ lines, changedTo }: Purchase): readonly Line[] {
  return changedTo ?? lines
}

export function isOrdered({ approval }: Purchase): boolean {
  return approval !== 'reject'
}

export function drawPurchase(random: Random, number: string, kind: PurchaseKind = random.pick(kinds)): Purchase {
  const isLarge = kind === 'approved' || kind === 'declined'
  const line = (index: number): Line => ({
    line: String(index),
    item: `item-${index}`,
    quantity: random.integer(2, 9),
    // 20 % of it are whole cents.
    cents: 5 * random.integer(isLarge ? 10_000 : 1, isLarge ? 12_000 : 400),
  })
  const lines = random.chance(0.5) ? [line(1)] : [line(1), line(2)]
  const changedTo = kind === 'changed' ? lines.map((one) => ({ ...one, quantity: one.quantity + 1 })) : undefined
  const isNothing = kind === 'declined' || kind === 'cancelled'
  const wanted = isNothing ? [] : (changedTo ?? lines)
  const moved = (name: string, of: readonly Line[]): Moved => ({
    number: `${name}-${number}`,
    lines: of.map(({ line: key, quantity }) => ({ line: key, quantity })),
  })
  const some = (of: readonly Line[]) => of.map((one) => ({ ...one, quantity: 1 }))
  const rest = wanted.map((one) => ({ ...one, quantity: one.quantity - 1 }))
  const isInParts = kind === 'in parts'
  const arrived = kind === 'short' ? some(wanted) : wanted
  const parts = isInParts ? [moved('DN1', some(wanted)), moved('DN2', rest)] : [moved('DN1', arrived)]
  const bills = isInParts && random.chance(0.5) ? [moved('INV1', some(wanted)), moved('INV2', rest)] : undefined
  const [first] = wanted
  return {
    number,
    caseKey: `${names.system}/purchase-requisition/${number}`,
    supplier: `supplier-${number}`,
    lines,
    ...(changedTo && { changedTo }),
    ...(isLarge && { approval: kind === 'approved' ? 'approve' : 'reject' }),
    isCancelled: kind === 'cancelled',
    isClosed: kind === 'short',
    receipts: isNothing ? [] : parts,
    invoices: isNothing ? [] : (bills ?? [moved('INV1', arrived)]),
    ...(kind === 'returned' &&
      first && { returned: { number: `RET-${number}`, lines: [{ line: first.line, quantity: 1 }] } }),
  }
}

/** Net of tax, in cents. */
export function netOf(purchase: Purchase, { lines }: Moved): number {
  const ordered = orderedLines(purchase)
  return lines.reduce(
    (sum, { line, quantity }) => sum + quantity * (ordered.find((one) => one.line === line)?.cents ?? 0),
    0,
  )
}
