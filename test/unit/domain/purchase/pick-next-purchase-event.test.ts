import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CaseFacts, NextEvent, SignalFacts } from '#domain/next-event/situation.ts'
import { pickNextPurchaseEvent } from '#domain/pick-next-purchase-event.ts'
import type { PostingFacts } from '#domain/posted-documents.ts'
import { purchaseBooksOf } from '#domain/purchase/books.ts'
import { matchBasis, purchaseSignalOf } from '#domain/purchase/situation.ts'
import { parseSettlement } from '#domain/settlement.ts'

const dueOn = '2026-11-24'
const nowMs = Date.parse(dueOn)
const facts: CaseFacts = {
  version: 1,
  lines: [{ line: '1', quantity: '10' }],
  deadlineAtMs: nowMs + 1000,
  deadlinesTold: 0,
  deadlinesMax: 8,
  deadlinesFrom: 0,
}
const signal = (kind: SignalFacts['kind'], number: string, quantity?: string): SignalFacts => ({
  kind,
  number,
  occurredAt: '2026-11-24T00:00:00Z',
  isConsumed: false,
  terms: quantity === undefined ? {} : { lines: [{ line: '1', quantity }] },
})
const posted = (kind: string, number: string, quantity?: string, amount?: string): PostingFacts => ({
  kind,
  number,
  status: 'posted',
  isDone: true,
  document: { id: number, amount, lines: quantity === undefined ? [] : [{ line: '1', quantity }] },
})
const order = posted('purchase-order', 'PO-1')
const pick = (signals: readonly SignalFacts[], postings: readonly PostingFacts[], more: Partial<CaseFacts> = {}) =>
  pickNextPurchaseEvent({ ...facts, ...more }, signals, postings, nowMs)
const matched = (one: SignalFacts, match: Partial<NonNullable<SignalFacts['match']>>, postings = [order]) => ({
  ...one,
  match: { basis: matchBasis(1, [one], postings), round: 1, outcome: 'matched' as const, dueOn, ...match },
})
const invoice = signal('supplier-invoice', 'INV-1')
const consumed = (one: SignalFacts) => ({ ...one, isConsumed: true })
const received = [order, posted('goods-receipt', 'A', '10')]
const billed = [...received, posted('supplier-invoice', 'INV-1', '10', '100')]

describe('what a purchase does next', () => {
  it.each<[string, NextEvent, Partial<NextEvent>]>([
    ['orders what nobody has to agree to', pick([], []), { kind: 'purchase-order', number: '1' }],
    [
      'asks for an approval first',
      pick([], [], { needsApproval: true }),
      { kind: 'nothing-yet', asks: [{ kind: 'approval', version: '1' }] },
    ],
    [
      'orders what was approved',
      pick([consumed(signal('approval', '1'))], [], { needsApproval: true }),
      { kind: 'purchase-order' },
    ],
    [
      'tells that it was declined',
      pick([{ ...signal('approval', '1'), refusal: { code: 'DECLINED', message: 'no' } }], [], { needsApproval: true }),
      { kind: 'refusal', event: 'PurchaseRequisitionDeclined' },
    ],
    [
      'and ends',
      pick([{ ...consumed(signal('approval', '1')), refusal: { code: 'DECLINED', message: 'no' } }], [], {
        needsApproval: true,
      }),
      { kind: 'settled', as: 'cancelled' },
    ],
    [
      'goes on with an order that is in doubt',
      pick([signal('cancellation', 'PO-1')], [{ kind: 'purchase-order', number: 'PO-1', status: 'in-doubt' }]),
      { kind: 'purchase-order' },
    ],
    [
      'sets a cancellation aside that comes before the order',
      pick([signal('cancellation', 'PO-1')], []),
      { kind: 'set-aside' },
    ],
    [
      'ends what was cancelled before it',
      pick([consumed(signal('cancellation', 'PO-1'))], []),
      { kind: 'settled', as: 'cancelled' },
    ],
    [
      'takes a newer version in place of what is not ordered',
      pick([signal('change', '2')], []),
      { kind: 'replacement', number: '2' },
    ],
    [
      'tells again of an order that nobody has heard of',
      pick([signal('goods-receipt', 'A')], [{ ...order, isDone: false }]),
      { kind: 'purchase-order', number: '1' },
    ],
    [
      'lets goods wait for the order',
      pick([signal('goods-receipt', 'A')], [], { needsApproval: true }),
      { kind: 'nothing-yet' },
    ],
    ['books goods', pick([signal('goods-receipt', 'A'), signal('goods-receipt', 'B', '4')], [order]), { number: 'B' }],
    [
      'refuses a cancellation after goods',
      pick([signal('cancellation', 'PO-1')], received),
      { kind: 'refusal', event: 'PurchaseOrderCancellationRefused' },
    ],
    [
      'refuses a change after goods',
      pick([signal('change', '2')], received),
      { kind: 'refusal', code: 'GOODS_RECEIVED' },
    ],
    [
      'lets a change wait for its approval',
      pick([{ ...signal('change', '2'), needsApproval: true }], [order]),
      { kind: 'nothing-yet', asks: [{ kind: 'approval', version: '2' }] },
    ],
    [
      'lets a return wait for its receipt',
      pick([signal('supplier-return', 'R', '3')], [order]),
      { kind: 'nothing-yet' },
    ],
    ['books it then', pick([signal('supplier-return', 'R', '3')], received), { kind: 'supplier-return' }],
    ['matches an invoice', pick([invoice], received), { kind: 'match', number: 'supplier-invoice/INV-1' }],
    [
      'matches it again when goods have come',
      pick([matched(invoice, { outcome: 'missing-receipt' })], received),
      { kind: 'match' },
    ],
    [
      'waits for goods',
      pick([matched(invoice, { outcome: 'missing-receipt' })], [order]),
      { kind: 'nothing-yet', wakeAtMs: nowMs + 1000 },
    ],
    [
      'posts what matched',
      pick([matched(invoice, {}, received)], received),
      { kind: 'supplier-invoice', number: 'INV-1' },
    ],
    [
      'asks about a variance',
      pick([matched(invoice, { outcome: 'price-variance' }, received)], received),
      {
        kind: 'nothing-yet',
        asks: [{ kind: 'variance', signal: { kind: 'supplier-invoice', number: 'INV-1' }, round: 1 }],
      },
    ],
    [
      'asks no more when it is to wait',
      pick([matched(invoice, { outcome: 'price-variance', decision: 'wait' }, received)], received),
      { kind: 'nothing-yet', wakeAtMs: nowMs + 1000 },
    ],
    [
      'posts what was accepted, whatever came since',
      pick([matched(invoice, { outcome: 'price-variance', decision: 'accept' })], received),
      { kind: 'supplier-invoice' },
    ],
    [
      'tells what is disputed',
      pick([{ ...invoice, refusal: { code: 'DISPUTED', message: 'no' } }], received),
      { kind: 'refusal', event: 'SupplierInvoiceDisputed' },
    ],
    [
      'pays when it is due',
      pick([consumed(matched(invoice, {}))], billed),
      { kind: 'supplier-payment', number: 'supplier-invoice/INV-1/0+100' },
    ],
    [
      'sleeps until then',
      pick([consumed(matched(invoice, { dueOn: '2026-11-25' }))], billed, { deadlineAtMs: nowMs + 9e9 }),
      { kind: 'nothing-yet', wakeAtMs: nowMs + 86_400_000 },
    ],
    [
      'lets a credit note take its part first',
      pick([consumed(matched(invoice, {}))], [...billed, posted('supplier-credit-note', 'C', undefined, '7')]),
      { kind: 'supplier-payment-allocation', number: 'supplier-credit-note/C/0+7' },
    ],
    ['tells a deadline', pick([], [order], { deadlineAtMs: nowMs }), { kind: 'deadline', number: '1' }],
    [
      'is settled when all is paid',
      pick([consumed(matched(invoice, {}))], [...billed, posted('supplier-payment', 'supplier-invoice/INV-1/0+100')]),
      { kind: 'settled', as: 'completed' },
    ],
    [
      'repeats a payment that was cut short',
      pick(
        [consumed(matched(invoice, {}))],
        [...billed, { ...posted('supplier-payment', 'supplier-invoice/INV-1/0+100'), isDone: false }],
      ),
      { kind: 'supplier-payment' },
    ],
  ])('%s', (_what, next, expected) => {
    expect(next).toMatchObject(expected)
  })

  it('pays nothing while another invoice is in variance', () => {
    const first = consumed(matched(invoice, {}))
    const second = signal('supplier-invoice', 'INV-2')
    const basis = matchBasis(1, [first, second], billed)
    const held = { ...second, match: { basis, round: 1, outcome: 'over-invoiced' as const } }
    expect(pick([first, held], billed)).toMatchObject({ kind: 'nothing-yet', wakeAtMs: nowMs + 1000 })
  })
})

/** Carries a purchase on until nothing happens; the match accepts what is kept and not billed, at 10.00 a piece. */
function carryOn(state: { signals: SignalFacts[]; postings: PostingFacts[] }): NextEvent {
  for (let turn = 0; turn < 200; turn++) {
    const next = pick(state.signals, state.postings)
    if (next.kind === 'nothing-yet' || next.kind === 'settled' || next.kind === 'deadline') return next
    const name =
      next.kind === 'match'
        ? next.number
        : next.kind === 'set-aside'
          ? `${next.signal.kind}/${next.signal.number}`
          : `${next.kind}/${next.number}`
    const at = state.signals.findIndex((one) => `${one.kind}/${one.number}` === name)
    const found = state.signals[at]
    if (next.kind === 'match' && found !== undefined) {
      const books = purchaseBooksOf(facts.lines, state.postings)
      const [quantity, bound] = [
        Number(found.terms.lines?.[0]?.quantity),
        found.kind === 'supplier-invoice'
          ? Number(books.kept('1')) - Number(books.billed('1'))
          : Number(books.billed('1')),
      ]
      const outcome = quantity <= bound ? ('matched' as const) : ('missing-receipt' as const)
      state.signals[at] = {
        ...found,
        match: { basis: matchBasis(1, state.signals, state.postings), round: 1, outcome, dueOn },
      }
      continue
    }
    if (found !== undefined) state.signals[at] = { ...found, isConsumed: true }
    if (next.kind === 'set-aside' || next.kind === 'refusal') continue
    const quantity = found?.terms.lines?.[0]?.quantity
    state.postings.push(posted(next.kind, next.number, quantity, quantity && String(Number(quantity) * 10)))
  }
  throw new Error('It never comes to rest')
}

describe('whatever the order of arrival', () => {
  const stories = [
    [
      'in parts and over, billed twice',
      [
        signal('goods-receipt', 'A', '4'),
        signal('goods-receipt', 'B', '7'),
        signal('supplier-invoice', 'I-1', '4'),
        signal('supplier-invoice', 'I-2', '7'),
      ],
      [11, 110],
    ],
    [
      'with a return that is never billed',
      [signal('goods-receipt', 'A', '10'), signal('supplier-return', 'R', '3'), signal('supplier-invoice', 'I-1', '7')],
      [7, 70],
    ],
  ] as const
  it.each(stories)(
    '%s: the same stands in the books, also when everything comes twice',
    (_what, events, [kept, paid]) => {
      fc.assert(
        fc.property(fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length }), (arrivals) => {
          const state: Parameters<typeof carryOn>[0] = { signals: [], postings: [] }
          let end: NextEvent = { kind: 'nothing-yet' }
          for (const arrival of arrivals) {
            const isKnown = state.signals.some(({ kind, number }) => kind === arrival.kind && number === arrival.number)
            if (!isKnown) state.signals.push(arrival)
            end = carryOn(state)
          }
          expect(end).toEqual({ kind: 'settled', as: 'completed' })
          const payments = state.postings.filter(({ kind }) => kind === 'supplier-payment')
          const sum = payments.reduce((total, { number }) => total + Number(parseSettlement(number).amount), 0)
          expect([Number(purchaseBooksOf(facts.lines, state.postings).kept('1')), sum]).toEqual([kept, paid])
          expect(new Set(state.postings.map(({ kind, number }) => `${kind}/${number}`)).size).toBe(
            state.postings.length,
          )
        }),
      )
    },
  )

  it.each([
    ['goods-receipt', 'goods-receipt'],
    ['supplier-invoice', 'supplier-invoice'],
    ['purchase-order-amendment', 'change'],
    ['supplier-payment', undefined],
  ])('a %s belongs to a %s', (kind, of) => {
    expect(purchaseSignalOf(kind, '1')?.kind).toBe(of)
  })
})
