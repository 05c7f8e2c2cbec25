import type { DocumentKind } from '#domain/documents.ts'
import { referenceOf } from '#domain/fingerprint.ts'
import type { DifferenceClass } from '#domain/reconciliation/difference.ts'
import type { BookRecord, Side } from '#domain/reconciliation/record.ts'

/** The same document on all sides, unless a side is changed. */
export type Document = { readonly [side in Side]: readonly BookRecord[] }

/** A generator of numbers from 0 to 1, the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const kinds = ['sales-order', 'goods-issue', 'customer-invoice', 'incoming-payment'] as const
export const nowMs = Date.UTC(2026, 10, 25)
export const dueBeforeMs = nowMs - 3_600_000

/** A document that all sides agree on, of one of four kinds, thirty days and three currencies. */
export function agreeing(index: number, next: () => number): Document {
  const order = Math.floor(index / kinds.length)
  const document: DocumentKind = kinds[index % kinds.length] ?? 'sales-order'
  const posting = `shop/sales-order/T${order}/${document}/N${order}`
  const cents = 100 + Math.floor(next() * 1_000_000)
  const isOverMoney = document !== 'goods-issue'
  const isOverGoods = document === 'sales-order' || document === 'goods-issue'
  const common = {
    key: referenceOf(posting, 16),
    document,
    onDay: new Date(nowMs - 86_400_000 * (1 + (order % 30))).toISOString().slice(0, 10),
    company: 'Postonce',
    standing: 'in-effect',
    ...(isOverMoney && { amount: (cents / 100).toFixed(2), currency: ['EUR', 'USD', 'SEK'][order % 3] ?? 'EUR' }),
    ...(isOverGoods && { lines: [{ line: '1', quantity: String(1 + (cents % 9)) }] }),
    sinceMs: nowMs - 86_400_000 * (1 + (order % 30)),
  } as const
  return {
    source: [{ ...common, posting }],
    hub: [{ ...common, posting, id: `P${index}` }],
    erp: [{ ...common, id: `E${index}`, number: `${document}-${index}` }],
  }
}

/** Makes one document differ in the way of one class. */
export function spoil(document: Document, how: DifferenceClass, next: () => number): Document {
  const { source, hub, erp } = document
  switch (how) {
    case 'missing-in-erp':
      return { source, hub: next() < 0.5 ? hub : [], erp: [] }
    case 'missing-in-source':
      return { source: [], hub, erp }
    case 'extra':
      return { source: next() < 0.5 ? source : [], hub: [], erp }
    case 'duplicate':
      return { source, hub, erp: [...erp, ...erp.map((one) => ({ ...one, id: `${one.id}-again` }))] }
    case 'amount':
      return { source, hub, erp: erp.map((one) => ({ ...one, amount: shifted(one.amount, next) })) }
    case 'quantity':
      return { source, hub, erp: erp.map((one) => ({ ...one, lines: moreOf(one.lines) })) }
    case 'status':
      return { source, hub, erp: erp.map((one) => ({ ...one, standing: next() < 0.5 ? 'ended' : 'under-way' })) }
    case 'late':
      return { source, hub: hub.map((one) => ({ ...one, standing: 'under-way' })), erp: [] }
  }
}

const shifted = (amount: string | undefined, next: () => number) =>
  ((Math.round(Number(amount) * 100) + (next() < 0.5 ? -1 : 1)) / 100).toFixed(2)

const moreOf = (lines: BookRecord['lines']) => [
  ...(lines ?? []).slice(1),
  { line: '1', quantity: String(Number(lines?.[0]?.quantity ?? '0') + 1) },
]
