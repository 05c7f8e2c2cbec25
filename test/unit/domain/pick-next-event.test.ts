import { describe, expect, it } from 'vitest'
import type { SignalKind, SignalTerms } from '#domain/events.ts'
import { openPoints } from '#domain/next-event/open-points.ts'
import type { CaseFacts, NextEvent, SignalFacts } from '#domain/next-event/situation.ts'
import { pickNextEvent } from '#domain/pick-next-event.ts'
import type { LineQuantity, PostingFacts } from '#domain/posted-documents.ts'

const facts: CaseFacts = {
  lines: [{ line: '1', quantity: '2' }],
  deadlineAtMs: 1_000,
  deadlinesTold: 0,
  deadlinesMax: 2,
  version: 1,
  deadlinesFrom: 0,
}
const two: readonly LineQuantity[] = [{ line: '1', quantity: '2' }]

function signal(
  kind: SignalKind,
  number: string,
  terms: SignalTerms = {},
  rest: Partial<SignalFacts> = {},
): SignalFacts {
  return { kind, number, occurredAt: '2026-01-01', isConsumed: false, terms, ...rest }
}

function posted(kind: string, number: string, amount?: string, lines?: readonly LineQuantity[]): PostingFacts {
  return { kind, number, status: 'posted', document: { id: number, amount, lines } }
}

/** … and the machine has come back from its branch. */
const settled = (kind: string, number: string, amount: string): PostingFacts => ({
  ...posted(kind, number, amount),
  isDone: true,
})

const claimed = (kind: string, number: string): PostingFacts => ({ kind, number, status: 'claimed' })
const halfRefused = (kind: string, number: string): PostingFacts => ({
  ...claimed(kind, number),
  status: 'refused',
  standing: { operations: ['create'] },
})
const done = { isConsumed: true }
const late = { code: 'GOODS_GONE', message: 'late' }

const issued = signal('goods-issue', 'DN-1', { lines: [...two] }, done)
const delivered = [posted('goods-issue', 'DN-1', undefined, two), posted('customer-invoice', 'DN-1', '30.00')]
const paid = [
  ...delivered,
  posted('incoming-payment', 'P-1', '30.00'),
  settled('payment-allocation', 'customer-invoice/DN-1/0+30', '30.00'),
]
const credited = (number: string) => [
  ...paid,
  posted('credit-note', number, '10.00'),
  settled('payment-allocation', `credit-note/${number}/0+10`, '10.00'),
]

type Rows = readonly (readonly [
  title: string,
  signals: readonly SignalFacts[],
  postings: readonly PostingFacts[],
  next: Partial<NextEvent>,
])[]

describe('the next event', () => {
  it.each<Rows[number]>([
    ['nothing has come', [], [], { kind: 'nothing-yet' }],
    [
      'goods come before money',
      [signal('incoming-payment', 'P-1', { amount: '1' }), signal('goods-issue', 'DN-1')],
      [],
      { kind: 'goods-issue', number: 'DN-1' },
    ],
    [
      'a delivery that says what left comes before one that takes the rest',
      [signal('goods-issue', 'DN-1'), signal('goods-issue', 'DN-2', { lines: [...two] })],
      [],
      { kind: 'goods-issue', number: 'DN-2' },
    ],
    [
      'what is under way comes first',
      [signal('goods-issue', 'DN-1'), signal('cancellation', 'T1')],
      [claimed('sales-order-cancellation', 'T1')],
      { kind: 'cancellation', number: 'T1' },
    ],
    [
      'what was refused halfway stands in the ERP and comes before the goods that would make it impossible',
      [signal('goods-issue', 'DN-1'), signal('change', '2')],
      [halfRefused('sales-order-amendment', '2')],
      { kind: 'change', number: '2' },
    ],
    [
      'what was refused halfway and is given up by a person holds up nothing',
      [signal('goods-issue', 'DN-1'), signal('change', '2', {}, done)],
      [halfRefused('sales-order-amendment', '2')],
      { kind: 'goods-issue', number: 'DN-1' },
    ],
    [
      'what was refused halfway and for good holds up nothing',
      [signal('goods-issue', 'DN-1'), signal('change', '2')],
      [{ ...halfRefused('sales-order-amendment', '2'), isFinal: true }],
      { kind: 'goods-issue', number: 'DN-1' },
    ],
    [
      'a delivery that is not invoiced is under way',
      [signal('goods-issue', 'DN-0'), signal('goods-issue', 'DN-1')],
      delivered.slice(0, 1),
      { kind: 'goods-issue', number: 'DN-1' },
    ],
    [
      'a payment in doubt comes before the refund of another',
      [signal('refund', 'RF-1', { of: 'balance' })],
      [claimed('outgoing-payment', 'RF-0/0+5')],
      { kind: 'outgoing-payment', number: 'RF-0/0+5' },
    ],
    [
      'an outgoing payment that is posted and perhaps not published is repeated',
      [issued, signal('refund', 'RF-1', { of: 'balance' }, done)],
      [...paid, posted('incoming-payment', 'P-2', '5'), posted('outgoing-payment', 'RF-1/0+5', '5.00')],
      { kind: 'outgoing-payment', number: 'RF-1/0+5' },
    ],
    [
      'an allocation is under way until the machine has come back from it',
      [issued],
      [
        ...delivered,
        posted('incoming-payment', 'P-1', '30'),
        posted('payment-allocation', 'customer-invoice/DN-1/0+30', '30'),
      ],
      { kind: 'payment-allocation', number: 'customer-invoice/DN-1/0+30' },
    ],
    [
      'what was refused is picked again only when it is its turn',
      [signal('goods-issue', 'DN-1')],
      [{ kind: 'goods-issue', number: 'DN-9', status: 'refused' }],
      { kind: 'goods-issue', number: 'DN-1' },
    ],
    ['a cancellation before goods issue', [signal('cancellation', 'T1')], [], { kind: 'cancellation', number: 'T1' }],
    [
      'a cancellation after goods issue is refused',
      [issued, signal('cancellation', 'T1')],
      delivered,
      { kind: 'refusal', number: 'cancellation/T1', event: 'SalesOrderCancellationRefused', code: 'GOODS_GONE' },
    ],
    [
      'a cancellation that the ERP refused is told',
      [signal('cancellation', 'T1', {}, { refusal: late })],
      [{ kind: 'sales-order-cancellation', number: 'T1', status: 'refused' }],
      { kind: 'refusal', number: 'cancellation/T1', message: 'late' },
    ],
    [
      'a cancellation that came too late ends what has not left',
      [signal('goods-issue', 'DN-1', {}, done), signal('cancellation', 'T1', {}, { ...done, refusal: late })],
      [posted('goods-issue', 'DN-1', undefined, [{ line: '1', quantity: '1' }])],
      { kind: 'closing', number: 'T1' },
    ],
    [
      'a second cancellation is set aside',
      [signal('cancellation', 'T2')],
      [posted('sales-order-cancellation', 'T1')],
      { kind: 'set-aside' },
    ],
    ['a newer version before goods issue', [signal('change', '2')], [], { kind: 'change', number: '2' }],
    [
      'the older of two versions is set aside',
      [signal('change', '2'), signal('change', '10')],
      [],
      { kind: 'set-aside', signal: { kind: 'change', number: '2' } },
    ],
    [
      'a version older than the one that is posted is set aside',
      [signal('change', '2')],
      [posted('sales-order-amendment', '3')],
      { kind: 'set-aside', signal: { kind: 'change', number: '2' } },
    ],
    [
      'a newer version after goods issue is refused',
      [issued, signal('change', '2')],
      delivered,
      { kind: 'refusal', event: 'SalesOrderChangeRefused', code: 'GOODS_GONE' },
    ],
    [
      'a newer version after a cancellation is refused',
      [signal('change', '2')],
      [posted('sales-order-cancellation', 'T1')],
      { kind: 'refusal', code: 'SALES_ORDER_ENDED' },
    ],
    [
      'a return waits for the delivery that it takes back',
      [signal('goods-return', 'R-1', { lines: [...two] })],
      [],
      { kind: 'nothing-yet' },
    ],
    [
      'a return of what left',
      [issued, signal('goods-return', 'R-1', { lines: [...two] })],
      delivered,
      { kind: 'goods-return', number: 'R-1' },
    ],
    [
      'a return of more than left, when nothing more will, is for the ERP to refuse',
      [issued, signal('goods-return', 'R-1', { lines: [{ line: '1', quantity: '3' }] })],
      delivered,
      { kind: 'goods-return', number: 'R-1' },
    ],
    ['a short close', [signal('closing', 'T1')], [], { kind: 'closing', number: 'T1' }],
    [
      'a short close of what left whole is set aside',
      [issued, signal('closing', 'T1')],
      delivered,
      { kind: 'set-aside' },
    ],
    [
      'a prepayment is booked at once',
      [signal('incoming-payment', 'P-1', { amount: '30' })],
      [],
      { kind: 'incoming-payment', number: 'P-1' },
    ],
    [
      'what is on account goes to the open invoice, and no more than it takes',
      [issued],
      [...delivered, posted('incoming-payment', 'P-1', '50.00')],
      { kind: 'payment-allocation', number: 'customer-invoice/DN-1/0+30' },
    ],
    [
      'a second payment takes what the first has left open',
      [issued],
      [
        ...delivered,
        posted('incoming-payment', 'P-1', '10.00'),
        settled('payment-allocation', 'customer-invoice/DN-1/0+10', '10.00'),
        posted('incoming-payment', 'P-2', '50.00'),
      ],
      { kind: 'payment-allocation', number: 'customer-invoice/DN-1/10+20' },
    ],
    [
      'a credit note goes to the account, before anything is paid out',
      [issued, signal('refund', 'RF-1', { of: 'amount', amount: '10' }, done)],
      [...paid, posted('credit-note', 'refund/RF-1', '10.00')],
      { kind: 'payment-allocation', number: 'credit-note/refund/RF-1/0+10' },
    ],
    [
      'what a refund was credited with is paid out',
      [issued, signal('refund', 'RF-1', { of: 'amount', amount: '10' }, done)],
      credited('refund/RF-1'),
      { kind: 'outgoing-payment', number: 'RF-1/0+10' },
    ],
    [
      'a refund of a return waits for its credit note',
      [issued, signal('refund', 'RF-1', { of: 'return', return: 'R-1' })],
      paid,
      { kind: 'nothing-yet' },
    ],
    [
      'two refunds of one return pay it out once',
      [
        issued,
        signal('refund', 'RF-1', { of: 'return', return: 'R-1' }, done),
        signal('refund', 'RF-2', { of: 'return', return: 'R-1' }, done),
      ],
      [
        ...credited('goods-return/R-1'),
        settled('outgoing-payment', 'RF-1/0+10', '10.00'),
        posted('incoming-payment', 'P-2', '10'),
      ],
      { kind: 'nothing-yet' },
    ],
    [
      'the older of two refunds of one return, told later, pays nothing out again',
      [
        issued,
        signal('refund', 'RF-1', { of: 'return', return: 'R-1' }, { ...done, occurredAt: '2026-01-02' }),
        signal('refund', 'RF-0', { of: 'return', return: 'R-1' }, done),
      ],
      [
        ...credited('goods-return/R-1'),
        settled('outgoing-payment', 'RF-1/0+10', '10.00'),
        posted('incoming-payment', 'P-2', '10'),
      ],
      { kind: 'nothing-yet' },
    ],
    [
      'a second refund of a return pays it out when the first was set aside',
      [
        issued,
        signal('refund', 'RF-1', { of: 'return', return: 'R-1' }, { ...done, refusal: late }),
        signal('refund', 'RF-2', { of: 'return', return: 'R-1' }, done),
      ],
      credited('goods-return/R-1'),
      { kind: 'outgoing-payment', number: 'RF-2/0+10' },
    ],
    [
      'what is left of a cancelled order stays open when a person refused to close it',
      [
        signal('goods-issue', 'DN-1', {}, done),
        signal('cancellation', 'T1', {}, { ...done, refusal: late }),
        signal('closing', 'T1', {}, { ...done, refusal: { code: 'IGNORED', message: 'it comes next week' } }),
      ],
      [posted('goods-issue', 'DN-1', undefined, [{ line: '1', quantity: '1' }])],
      { kind: 'nothing-yet' },
    ],
    [
      'a return without a refund pays nothing out',
      [issued, signal('goods-return', 'R-1', {}, done)],
      credited('goods-return/R-1'),
      { kind: 'nothing-yet' },
    ],
    [
      'an overpayment is paid out when somebody asks for it',
      [issued, signal('refund', 'RF-1', { of: 'balance' }, done)],
      [...paid, posted('incoming-payment', 'P-2', '5.50')],
      { kind: 'outgoing-payment', number: 'RF-1/0+5.5' },
    ],
    [
      'what was paid in advance stays until nothing more will be delivered',
      [signal('refund', 'RF-1', { of: 'balance' }, done)],
      [posted('incoming-payment', 'P-1', '30.00')],
      { kind: 'nothing-yet' },
    ],
    [
      'the money of a cancelled order goes back when somebody asks for it',
      [signal('refund', 'RF-1', { of: 'everything' }, done)],
      [posted('sales-order-cancellation', 'T1'), posted('incoming-payment', 'P-1', '30.00')],
      { kind: 'outgoing-payment', number: 'RF-1/0+30' },
    ],
    [
      'a refund that a person has refused pays nothing out',
      [issued, signal('refund', 'RF-1', { of: 'balance' }, { ...done, refusal: late })],
      [...paid, posted('incoming-payment', 'P-2', '5.50')],
      { kind: 'nothing-yet' },
    ],
    ['all is even', [issued], paid, { kind: 'settled', as: 'completed' }],
    ['cancelled and even', [], [posted('sales-order-cancellation', 'T1')], { kind: 'settled', as: 'cancelled' }],
    [
      'closed and even',
      [signal('closing', 'T1', {}, done)],
      [posted('sales-order-closing', 'T1')],
      { kind: 'settled', as: 'closed' },
    ],
    ['not even: an invoice is open', [issued], delivered, { kind: 'nothing-yet' }],
    ['not even: money is left', [issued], [...paid, posted('incoming-payment', 'P-2', '1')], { kind: 'nothing-yet' }],
    [
      'not settled while something waits',
      [issued, signal('goods-return', 'R-1')],
      paid,
      { kind: 'goods-return', number: 'R-1' },
    ],
  ])('%s', (_title, signals, postings, next) => {
    expect(pickNextEvent(facts, signals, postings, 0)).toMatchObject(next)
  })

  it('sets a version aside that is older than the one which was accepted', () => {
    const next = pickNextEvent({ ...facts, version: 3 }, [signal('change', '2')], [], 0)
    expect(next).toMatchObject({ kind: 'set-aside', signal: { kind: 'change', number: '2' } })
  })

  it('stops at an invoice that was posted without its amount', () => {
    expect(() => pickNextEvent(facts, [issued], [posted('customer-invoice', 'DN-1')], 0)).toThrow('without its amount')
  })

  it('counts the deadlines of a new life from where the old one stopped', () => {
    expect(pickNextEvent({ ...facts, deadlinesTold: 2, deadlinesFrom: 2 }, [], [], 5_000)).toEqual({
      kind: 'deadline',
      number: '3',
    })
  })

  it('says in words what keeps a case from its end, and who can do most about it', () => {
    const one = posted('goods-issue', 'DN-1', undefined, [{ line: '1', quantity: '1' }])
    const refund = signal('refund', 'RF-1', { of: 'return', return: 'R-1' })
    expect(openPoints(facts, [refund], [one])).toEqual({
      text: 'line 1: 1 of 2 not delivered; refund RF-1 waits',
      owner: 'warehouse',
    })
    expect(openPoints(facts, [], delivered)).toEqual({ text: '30 invoiced and not paid', owner: 'finance' })
    expect(openPoints(facts, [], [...paid, posted('incoming-payment', 'P-2', '5')])).toEqual({
      text: '5 on account that nobody asks for',
      owner: 'finance',
    })
  })

  it('tells a missed deadline as often as it may', () => {
    expect(pickNextEvent(facts, [], [], 1_000)).toEqual({ kind: 'deadline', number: '1' })
    expect(pickNextEvent({ ...facts, deadlinesTold: 2 }, [], [], 5_000)).toEqual({ kind: 'nothing-yet' })
  })
})
