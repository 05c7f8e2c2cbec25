import Big from 'big.js'
import { describe, expect, it } from 'vitest'
import { SalesOrder } from '#domain/documents.ts'
import { BusEvent } from '#domain/events.ts'
import { findInvalid } from '../../../bin/commands/publish/validate-entry.ts'
import { checkOrder, emptyBooks, type Found } from '../../../bin/local/demo/check-order.ts'
import { isAbout } from '../../../bin/local/demo/dead-letters.ts'
import { goodsIssued, openingEvents, ordersOf, paymentReceived, runName } from '../../../bin/local/demo/demo-order.ts'
import { type OrderKind, orderToCashKinds } from '../../../bin/local/demo/kinds.ts'
import { formatReport, reportOf } from '../../../bin/local/demo/report.ts'
import { answersTo } from '../../../bin/local/demo/run-orders.ts'

const today = '2026-11-24'
const orders = ordersOf('RUN', orderToCashKinds)
const kindNamed = (name: string): OrderKind => {
  const kind = orderToCashKinds.find((one) => one.name === name)
  if (kind === undefined) throw new Error(`There is no kind ${name}`)
  return kind
}

/** What is found when everything of this kind is right. */
function rightly(kind: OrderKind): Found {
  return {
    ended: kind.outcome,
    books: kind.isPoison
      ? emptyBooks
      : {
          salesOrders: [{ number: '1', state: kind.outcome === 'completed' ? 'done' : 'quotation', gross: kind.gross }],
          deliveries: kind.deliveries.map((_, index) => ({ number: String(index), state: 'done' })),
          invoices: kind.deliveries.map(({ invoice }) => ({
            number: '1',
            state: 'paid',
            amount: invoice,
            paid: invoice,
            payments: 1,
          })),
        },
    deadLetters: kind.code === undefined ? [] : [{ class: 'x', code: kind.code, owner: 'x', message: 'x' }],
    lostAnswers: kind.losesCreateAnswer ? 1 : 0,
  }
}

describe('the kinds of order', () => {
  const rates: Readonly<Record<string, string>> = { standard: '1.20', reduced: '1.05' }
  const gross = (net: Big, taxCode: string | undefined) => net.times(rates[taxCode ?? ''] ?? '1')

  it.each(orderToCashKinds)('$name: total and invoices are what its lines come to', (kind) => {
    const lines = kind.lines.map(({ quantity, unitPrice, discount = '0', taxCode }) =>
      gross(new Big(quantity).times(unitPrice).times(new Big(1).minus(discount)), taxCode),
    )
    const total = [...lines, gross(new Big(kind.freight ?? 0), kind.freightTaxCode)].reduce(
      (a, b) => a.plus(b),
      new Big(0),
    )
    expect(total.toFixed()).toBe(new Big(kind.gross).toFixed())
    const invoiced = kind.deliveries.reduce((sum, { invoice }) => sum.plus(invoice), new Big(0))
    expect(invoiced.toFixed()).toBe(kind.outcome === 'completed' ? total.toFixed() : '0')
  })

  it.each(orders.filter(({ kind }) => !kind.isPoison))('$kind.name: publishes what the hub understands', (order) => {
    const deliveries = order.kind.deliveries.flatMap((_, index) => [
      ...goodsIssued(order, index, today),
      ...paymentReceived(order, index, today),
    ])
    expect(findInvalid([...openingEvents(order, today), ...deliveries])).toEqual([])
  })

  it('publishes a poison order that nobody understands, and others with numbers of the run alone', () => {
    const poison = orders.filter(({ kind }) => kind.isPoison).flatMap((order) => openingEvents(order, today))
    expect(findInvalid(poison)).toHaveLength(1)
    expect(SalesOrder.safeParse(poison[0]?.detail.data).success).toBe(false)
    expect(BusEvent.shape.source.safeParse(poison[0]?.source).success).toBe(true)
    expect(runName(1_000_000_000_000)).not.toBe(runName(1_000_000_001_000))
  })
})

describe('the run', () => {
  const two = orders.find(({ kind }) => kind.name === 'two-deliveries')
  const hubSays = (name: 'SalesOrderCreated' | 'CustomerInvoiceCreated', deliveryNote?: string) => ({
    'detail-type': name,
    detail: { metadata: { id: 'x', correlationId: 'x' }, data: { salesOrder: 'x', deliveryNote } },
  })

  it('answers each invoice with its payment and the next delivery', () => {
    if (two === undefined) throw new Error('There is no order in two deliveries')
    const said = (message: ReturnType<typeof hubSays>) => answersTo(two, message, today).map(({ where }) => where)
    expect(said(hubSays('SalesOrderCreated'))).toEqual([`GoodsIssued DN-${two.number}-1`])
    expect(said(hubSays('CustomerInvoiceCreated', `DN-${two.number}-1`))).toEqual([
      `PaymentReceived PAY-${two.number}-1`,
      `GoodsIssued DN-${two.number}-2`,
    ])
    expect(said(hubSays('CustomerInvoiceCreated', `DN-${two.number}-2`))).toEqual([
      `PaymentReceived PAY-${two.number}-2`,
    ])
  })

  it('tells whose dead letter one is, by its case or by what it says', () => {
    const [first, , , , , , seventh] = orders
    if (first === undefined || seventh === undefined) throw new Error('There are seven orders')
    const letter = { class: 'poison', code: 'x', owner: 'x' }
    expect(isAbout({ ...letter, message: 'The event shop/SalesOrderSubmitted/RUN-1 is not valid' }, first)).toBe(true)
    expect(isAbout({ ...letter, message: 'The event shop/SalesOrderSubmitted/RUN-12 is not valid' }, first)).toBe(false)
    expect(isAbout({ ...letter, caseKey: 'shop/sales-order/RUN-7/goods-issue/DN', message: 'RUN-1' }, seventh)).toBe(
      true,
    )
    expect(isAbout({ ...letter, caseKey: 'shop/sales-order/RUN-7', message: 'RUN-1' }, first)).toBe(false)
  })
})

describe('the check against the books', () => {
  it.each(orderToCashKinds)('finds nothing when $name is right', (kind) => {
    expect(checkOrder(kind, rightly(kind))).toEqual([])
  })

  const plain = kindNamed('plain')
  const right = rightly(plain)
  const [salesOrder = { number: '', state: '', gross: '' }] = right.books.salesOrders
  const [invoice = { number: '', state: '', amount: '', paid: '', payments: 0 }] = right.books.invoices
  const inBooks = (books: Partial<Found['books']>) => ({ ...right, books: { ...right.books, ...books } })

  it.each([
    [
      'a second sales order',
      inBooks({ salesOrders: [salesOrder, salesOrder] }),
      'sales orders in the ERP: 2, should be 1',
    ],
    ['none', inBooks({ salesOrders: [] }), 'sales orders in the ERP: 0, should be 1'],
    [
      'a second delivery',
      inBooks({ deliveries: [...right.books.deliveries, { number: '9', state: 'done' }] }),
      'deliveries: 2',
    ],
    ['a second invoice', inBooks({ invoices: [invoice, invoice] }), 'over 71.04, which none should be'],
    ['a cent too little', inBooks({ invoices: [{ ...invoice, amount: '71.03' }] }), 'an invoice over 71.04 is missing'],
    [
      'a payment that is missing',
      inBooks({ invoices: [{ ...invoice, state: 'posted', paid: '0.00' }] }),
      'paid of invoice 1: 0.00',
    ],
    [
      'a payment booked twice',
      inBooks({ invoices: [{ ...invoice, payments: 2 }] }),
      'payments of invoice 1: 2, should be 1',
    ],
    [
      'a case that did not end',
      { ...right, ended: 'did not end' as const },
      'outcome: did not end, should be completed',
    ],
  ])('finds %s', (_what, found, difference) => {
    expect(checkOrder(plain, found).join('\n')).toContain(difference)
  })

  it('finds an answer that was not lost, and a dead letter that is missing', () => {
    const lost = kindNamed('lost-answer')
    expect(checkOrder(lost, { ...rightly(lost), lostAnswers: 0 })).toEqual([
      'lost answers to the create: 0, should be 1',
    ])
    const refused = kindNamed('credit-limit')
    expect(checkOrder(refused, { ...rightly(refused), deadLetters: [] })).toEqual([
      'dead letters: none, should be CREDIT_LIMIT_EXCEEDED',
    ])
  })

  it('adds up all orders and says which differ', () => {
    const found = orders.map((order) => ({ order, found: rightly(order.kind) }))
    const report = reportOf('order-to-cash', 'RUN', 12.3, found)
    expect(report.totals).toEqual({ salesOrders: 6, deliveries: 6, invoiced: '792.81', paid: '792.81' })
    expect(formatReport(report)).toContain('Everything there once, to the cent.')
    const short = found.map((one) => (one.order.kind === plain ? { ...one, found: inBooks({ invoices: [] }) } : one))
    expect(reportOf('order-to-cash', 'RUN', 1, short).differences).toEqual([
      'RUN-1 (plain): an invoice over 71.04 is missing',
      'invoiced in all: 721.77, should be 792.81',
      'paid in all: 721.77, should be 792.81',
    ])
  })
})
