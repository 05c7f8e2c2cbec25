import Big from 'big.js'
import { describe, expect, it } from 'vitest'
import { SalesOrder } from '#domain/documents.ts'
import { BusEvent, type HubEvent } from '#domain/events.ts'
import { findInvalid } from '../../../bin/commands/publish/validate-entry.ts'
import type { InvoiceBooks } from '../../../bin/local/demo/books.ts'
import { checkOrder, type Found } from '../../../bin/local/demo/check-order.ts'
import { isAbout } from '../../../bin/local/demo/dead-letters.ts'
import { kindsInWords, ordersOf, publicationsOf, runName } from '../../../bin/local/demo/demo-order.ts'
import { entriesOf } from '../../../bin/local/demo/entries.ts'
import { formatReport } from '../../../bin/local/demo/format-report.ts'
import { demos, orderToCashKinds, procureToPayKinds } from '../../../bin/local/demo/kinds.ts'
import type { OrderKind, OrderLine } from '../../../bin/local/demo/order-kind.ts'
import { progressOf } from '../../../bin/local/demo/order-progress.ts'
import { reportOf } from '../../../bin/local/demo/report.ts'
import { runOrders } from '../../../bin/local/demo/run-orders.ts'
import { actsOf, isMadeBy } from '../../../bin/local/demo/sabotage/acts.ts'
import { teller } from '../../../bin/local/demo/say.ts'
import { changeOf, expectedTotals, type Totals } from '../../../bin/local/demo/totals.ts'
import { wordsOf, wordsOfHub } from '../../../bin/local/demo/wording.ts'

const today = '2026-11-24'
const width = 120
const kinds = demos.all ?? []
const orders = ordersOf('TP0C2B', kinds)
const isPoison = (kind: OrderKind) => publicationsOf(kind).some((one) => 'isPoison' in one)
const add = (amounts: readonly (string | undefined)[]) =>
  amounts.reduce((total, amount) => total.plus(amount ?? '0'), new Big(0))

function orderNamed(name: string) {
  const order = orders.find(({ kind }) => kind.name === name)
  if (order === undefined) throw new Error(`There is no kind ${name}`)
  return order
}

/** What is found when everything of this kind is right. */
function rightly(kind: OrderKind): Found {
  const { books, code, ends } = kind
  const published = (event: string) => publicationsOf(kind).filter((one) => one.event === event)
  const invoice = (amount: string): InvoiceBooks => ({
    number: '2026-1234',
    state: books.owed ? 'posted' : 'paid',
    amount,
    open: books.owed ?? '0.00',
  })
  return {
    ended: ends,
    books: {
      orders: books.orders.map(({ gross, state }) => ({ number: '123', state, gross })),
      deliveries: [...published('GoodsIssued'), ...published('GoodsReceived')].map(() => '123'),
      returns: [...published('ReturnReceived'), ...published('GoodsReturned')].map(() => '12'),
      invoices: (books.invoices ?? []).map(invoice),
      creditNotes: (books.creditNotes ?? []).map(invoice),
      stock: books.stock ?? {},
      payments: {
        paidIn: publicationsOf(kind).flatMap((one) =>
          one.event === 'PaymentReceived' ? [{ number: one.number, amount: one.amount }] : [],
        ),
        paidOut: Object.entries(books.paidOut ?? {}).map(([number, amount]) => ({ number, amount })),
      },
    },
    deadLetters: code === undefined ? [] : [{ class: 'x', code, owner: 'x', message: 'x' }],
    lostAnswers: kind.losesCreateAnswer ? 1 : 0,
  }
}

it.each([
  [['order-to-cash'], '1 kinds of order'],
  [['procure-to-pay', 'procure-to-pay'], '2 kinds of purchase'],
])('%j are told as %s', (processes, told) => {
  const cases = processes.map((process) => orders.find(({ kind }) => demos[process]?.includes(kind)))
  expect(kindsInWords(cases.flatMap((one) => one ?? []))).toBe(told)
})

describe('the kinds of order', () => {
  const rates: Readonly<Record<string, string>> = { standard: '0.20', reduced: '0.05' }

  /** Tax by rate over the whole document, rounded half to even as Tryton does. */
  function grossOf(lines: readonly OrderLine[], { freight, freightTaxCode = '' }: OrderKind): string {
    const nets = lines.map(({ quantity, unitPrice, discount = '0', taxCode = '', taxRate }) => ({
      taxCode: taxRate === '20' ? 'standard' : taxCode,
      net: new Big(quantity).times(unitPrice).times(new Big(1).minus(discount)),
    }))
    const all = [...nets, { taxCode: freightTaxCode, net: new Big(freight ?? '0') }]
    const taxes = Object.entries(rates).map(([code, rate]) =>
      all
        .reduce((total, { taxCode, net }) => (taxCode === code ? total.plus(net) : total), new Big(0))
        .times(rate)
        .round(2, Big.roundHalfEven),
    )
    return [...all.map(({ net }) => net), ...taxes].reduce((a, b) => a.plus(b)).toFixed(2)
  }

  it('are at least a dozen, each with a name of its own and a sentence that fits a line', () => {
    expect(new Set(kinds.map(({ name }) => name)).size).toBe(orderToCashKinds.length + procureToPayKinds.length)
    expect(orderToCashKinds.length).toBeGreaterThanOrEqual(12)
    expect(procureToPayKinds.length).toBeGreaterThanOrEqual(12)
    const lines: string[] = []
    const tell = teller(
      () => 123.4,
      (line) => lines.push(line),
    )
    for (const order of orders) {
      tell(order, 'title', order.kind.about)
      for (const { publish } of order.kind.steps) tell(order, 'world', publish.map(wordsOf).join(', '))
    }
    expect(lines.filter((line) => line.endsWith('…') || [...line].length > width)).toEqual([])
  })

  it.each(kinds)('$name: each version of the order is over what its lines come to', (kind) => {
    const versions = publicationsOf(kind).flatMap((one) =>
      (one.event === 'SalesOrderSubmitted' || one.event === 'PurchaseRequisitionSubmitted') && !('isPoison' in one)
        ? [one.lines ?? kind.lines]
        : [],
    )
    const taken = versions.slice(0, kind.books.orders.length)
    expect(taken.map((lines) => grossOf(lines, kind))).toEqual(kind.books.orders.map(({ gross }) => gross))
  })

  it.each(orderToCashKinds)('$name: its books balance, and nothing leaves that is not invoiced', (kind) => {
    const { invoices = [], creditNotes = [], paidOut = {}, bank, owed, onAccount } = kind.books
    const paidIn = publicationsOf(kind).map((one) => (one.event === 'PaymentReceived' ? one.amount : undefined))
    const receivable = add([owed]).minus(onAccount ?? '0')
    expect(
      add(paidIn)
        .minus(add(Object.values(paidOut)))
        .toFixed(2),
    ).toBe(new Big(bank).toFixed(2))
    expect(add(invoices).minus(add(creditNotes)).minus(bank).toFixed(2)).toBe(receivable.toFixed(2))
    expect(publicationsOf(kind).filter(({ event }) => event === 'GoodsIssued')).toHaveLength(invoices.length)
  })

  it.each(procureToPayKinds)('$name: what is owed and paid is what was billed, and what is here what came', (kind) => {
    const { invoices = [], creditNotes = [], paidOut = {}, bank, owed, stock = {} } = kind.books
    const paid = add(Object.values(paidOut))
    expect(paid.times(-1).toFixed(2)).toBe(new Big(bank).toFixed(2))
    expect(add(invoices).minus(add(creditNotes)).minus(paid).toFixed(2)).toBe(add([owed]).toFixed(2))
    const publications = publicationsOf(kind)
    const billedBy = (event: string) =>
      publications.flatMap((one) =>
        one.event === event && 'lines' in one && Array.isArray(one.lines)
          ? [one.lines.reduce((net, line) => net.plus(new Big(line.quantity).times(line.unitPrice)), new Big(0))]
          : [],
      )
    const grosses = billedBy('SupplierInvoiceReceived').map((net) => net.times('1.20').toFixed(2))
    expect(grosses).toEqual(expect.arrayContaining([...invoices]))
    expect(billedBy('SupplierCreditNoteReceived').map((net) => net.times('1.20').toFixed(2))).toEqual(creditNotes)
    const lines = publications.findLast((one) => one.event === 'PurchaseRequisitionSubmitted')
    const last = (lines !== undefined && 'lines' in lines ? lines.lines : undefined) ?? kind.lines
    const moved = last.flatMap(({ item, quantity }, index) => {
      const by = (event: 'GoodsReceived' | 'GoodsReturned') =>
        add(publications.flatMap((one) => (one.event === event ? [one.lines?.[index + 1] ?? quantity] : [])))
      const here = by('GoodsReceived').minus(by('GoodsReturned'))
      return here.eq(0) ? [] : [[item, here.toFixed()]]
    })
    expect(Object.fromEntries(moved)).toEqual(stock)
  })

  it.each(orders.filter(({ kind }) => !isPoison(kind)))('$kind.name: publishes what the hub understands', (order) => {
    const events = publicationsOf(order.kind).filter((one) => one.event !== 'DecisionMade')
    const entries = events.flatMap((one) => entriesOf(order, one, today))
    expect(findInvalid(entries)).toEqual([])
    expect(new Set(entries.map(({ detail }) => JSON.stringify(detail.metadata))).size).toBe(events.length)
  })

  it('publishes a poison order that nobody understands, and others with numbers of the run alone', () => {
    const poison = orders.filter(({ kind }) => isPoison(kind))
    const entries = poison.flatMap((order) =>
      publicationsOf(order.kind).flatMap((one) => (one.event === 'DecisionMade' ? [] : entriesOf(order, one, today))),
    )
    expect(findInvalid(entries)).toHaveLength(1)
    expect(SalesOrder.safeParse(entries[0]?.detail.data).success).toBe(false)
    expect(BusEvent.shape.source.safeParse(entries[0]?.source).success).toBe(true)
    expect(runName(1_000_000_000_000)).not.toBe(runName(1_000_000_001_000))
  })
})

const hubSays = (name: HubEvent, salesOrder: string, data: { deliveryNote?: string; payment?: string } = {}) => ({
  'detail-type': name,
  detail: {
    metadata: { id: `${salesOrder}/${name}`, correlationId: `shop/sales-order/${salesOrder}` },
    data: { salesOrder, ...data },
  },
})

describe('the run', () => {
  it('does each step once, when its cue comes, and of the document that the cue names', () => {
    const order = orderNamed('in two parts')
    const progress = progressOf(order)
    const hear = (name: HubEvent, own?: string) =>
      progress
        .hear(hubSays(name, order.number, own ? { deliveryNote: `${order.number}-${own}` } : {}))
        .map((one) => ('number' in one ? one.number : one.event))
    expect(progress.begin('start')).toEqual([{ event: 'SalesOrderSubmitted' }])
    expect(hear('SalesOrderCreated')).toEqual(['DN1'])
    expect(hear('CustomerInvoiceCreated', 'DN1')).toEqual(['PAY1', 'DN2'])
    expect(hear('CustomerInvoiceCreated', 'DN1')).toEqual([])
    hear('OrderToCashCompleted')
    expect(progress.ended()).toBeUndefined()
    expect(hear('CustomerInvoiceCreated', 'DN2')).toEqual(['PAY2'])
    expect(progress.ended()).toBe('completed')
  })

  it('waits for a second end where something comes after the first', () => {
    const order = orderNamed('goodwill')
    const progress = progressOf(order)
    progress.begin('start')
    for (const name of ['SalesOrderCreated', 'CustomerInvoiceCreated', 'OrderToCashCompleted'] as const) {
      progress.hear(hubSays(name, order.number))
    }
    expect(progress.ended()).toBeUndefined()
    progress.hear(hubSays('OrderToCashCompleted', order.number))
    expect(progress.ended()).toBe('completed')
  })

  it('has an order that nobody pays end as open, unless the hub says that it is completed', () => {
    const order = orderNamed('not paid yet')
    const progress = progressOf(order)
    progress.begin('start')
    progress.hear(hubSays('SalesOrderCreated', order.number))
    progress.hear(hubSays('CustomerInvoiceCreated', order.number))
    expect(progress.ended()).toBe('open')
    progress.hear(hubSays('OrderToCashCompleted', order.number))
    expect(progress.ended()).toBe('completed')
  })

  it('has no more orders under way than it was told, and gives up on those of which nothing is heard', async () => {
    const plain = orderNamed('plain')
    const three = ordersOf('RUN', [plain.kind, plain.kind, plain.kind])
    const begun: string[] = []
    let rounds = 0
    const { ended } = await runOrders(three, {
      today,
      atOnce: 2,
      publish: async (entries) => {
        begun.push(...entries.map(({ where }) => where))
      },
      receive: async () => {
        rounds += 1
        const number = 'RUN-1'
        if (rounds > 1) return []
        expect(begun).toHaveLength(2)
        return (['SalesOrderCreated', 'CustomerInvoiceCreated', 'OrderToCashCompleted'] as const).map((name) =>
          hubSays(name, number),
        )
      },
      peekDeadLetters: async () => [],
      questions: async () => [],
      decide: async () => {},
      pause: async () => {},
      untilAnswerLost: async () => {},
      untilParked: async () => {},
      tell: () => {},
      isTimeOver: () => rounds > 2,
    })
    expect(begun.filter((where) => where.startsWith('SalesOrderSubmitted'))).toHaveLength(3)
    expect([...ended.values()]).toEqual(['completed', 'did not end', 'did not end'])
  })

  it('says in words what the hub said and of what', () => {
    const order = orderNamed('part returned')
    const message = hubSays('OutgoingPaymentPosted', order.number, { payment: `${order.number}-RF1/0+35.76` })
    const document = { id: '80', number: '2026-80', amount: '35.76' }
    const { detail } = message
    expect(wordsOfHub(order, { ...message, detail: { ...detail, data: { ...detail.data, document } } })).toBe(
      'OutgoingPaymentPosted RF1: 2026-80 over 35.76',
    )
    expect(wordsOfHub(order, hubSays('SalesOrderCreated', order.number))).toBe('SalesOrderCreated')
  })

  it('tells whose dead letter one is, by its case or by what it says', () => {
    const [first, , , , , , seventh] = ordersOf('RUN', orderToCashKinds)
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

describe('the check of one order', () => {
  it.each(kinds)('finds nothing when $name is right', (kind) => {
    expect(checkOrder(kind, rightly(kind))).toEqual([])
  })

  const { kind } = orderNamed('part returned')
  const right = rightly(kind)
  const [invoice] = right.books.invoices
  const [credit] = right.books.creditNotes
  const [salesOrder] = right.books.orders
  if (!invoice || !credit || !salesOrder) throw new Error('A return has an order, an invoice and a credit note')
  const inBooks = (books: Partial<Found['books']>): Found => ({ ...right, books: { ...right.books, ...books } })
  const { payments } = right.books

  it.each<[string, Found, string]>([
    ['a second sales order', inBooks({ orders: [salesOrder, salesOrder] }), 'orders in the ERP: 2'],
    ['no sales order', inBooks({ orders: [] }), 'orders in the ERP: 0, should be 1'],
    ['a total that is off', inBooks({ orders: [{ ...salesOrder, gross: '156.01' }] }), '156.01, should be 156'],
    ['a second delivery', inBooks({ deliveries: ['1', '2'] }), 'deliveries: 2, should be 1'],
    ['goods that did not come back', inBooks({ returns: [] }), 'returns: 0, should be 1'],
    ['a second invoice', inBooks({ invoices: [invoice, invoice] }), 'over 156.00, which none should be'],
    ['a cent too little', inBooks({ invoices: [{ ...invoice, amount: '155.99' }] }), 'invoice over 156.00 is missing'],
    [
      'an unpaid invoice',
      inBooks({ invoices: [{ ...invoice, state: 'posted', open: '156.00' }] }),
      '156.00, should be 0',
    ],
    ['a draft', inBooks({ invoices: [{ ...invoice, state: 'draft' }] }), 'draft, should be paid'],
    ['no credit note', inBooks({ creditNotes: [] }), 'credit note over 35.76 is missing'],
    ['two credit notes', inBooks({ creditNotes: [credit, credit] }), 'over 35.76, which none should be'],
    ['stock that is off', inBooks({ stock: { P01: '-5', P02: '-5' } }), 'stock of P01: -5, should be -3'],
    ['an item that nobody ordered', inBooks({ stock: { ...right.books.stock, P03: '-1' } }), 'stock of P03: -1'],
    ['a payment that is missing', inBooks({ payments: { ...payments, paidIn: [] } }), 'bookings of payment PAY1: 0'],
    [
      'a payment that is booked twice',
      inBooks({ payments: { ...payments, paidIn: [...payments.paidIn, ...payments.paidIn] } }),
      'bookings of payment PAY1: 2, should be 1',
    ],
    [
      'a refund of another amount',
      inBooks({ payments: { ...payments, paidOut: [{ number: 'RF1', amount: '35.75' }] } }),
      'refund RF1: 35.75, should be 35.76',
    ],
    ['a case that did not end', { ...right, ended: 'did not end' }, 'outcome: did not end, should be completed'],
    ['another end', { ...right, ended: 'cancelled' }, 'outcome: cancelled, should be completed'],
  ])('finds %s', (_what, found, difference) => {
    expect(checkOrder(kind, found).join('\n')).toContain(difference)
  })

  it('finds an answer that was not lost, and a dead letter that is missing', () => {
    const lost = orderNamed('lost answer').kind
    expect(checkOrder(lost, { ...rightly(lost), lostAnswers: 0 })).toEqual([
      'lost answers to the create: 0, should be 1',
    ])
    const refused = orderNamed('credit limit').kind
    expect(checkOrder(refused, { ...rightly(refused), deadLetters: [] })).toEqual([
      'dead letters: none, should be CREDIT_LIMIT_EXCEEDED',
    ])
  })
})

describe('the sabotage', () => {
  const done = actsOf('all').map((act, i) => {
    const posting = `demo/case/${i}/${act.document}/${i}`
    const isOwn = act.makes === 'extra'
    const difference = {
      class: act.makes,
      key: isOwn ? `erp:${act.document}:${i}` : `REFERENCE${i}`,
      document: act.document,
      ...(!isOwn && { posting }),
      onDay: today,
      company: 'Postonce',
      facets: [],
      erpIds: [String(i)],
      repairs: [act.repair],
    }
    return { act, posting, difference }
  })

  it('has at least eight ways for each process, and for both together those of both', () => {
    const [selling, buying] = [actsOf('order-to-cash'), actsOf('procure-to-pay')]
    expect([selling.length, buying.length, done.length]).toEqual([8, 8, 16])
  })

  it.each(done)('knows what it has made from what others have: $act.about', ({ act, posting }) => {
    const own = done.filter(({ difference }) => isMadeBy(act, { posting }, difference))
    expect(own.map(({ act: { about } }) => about)).toEqual([act.about])
  })
})

describe('the check of the accounts', () => {
  const found = orders.map((order) => ({ order, found: rightly(order.kind) }))
  const right: Totals = { ...expectedTotals(kinds), ledger: { debit: '12345.67', credit: '12345.67' } }
  const report = (change: Totals) => reportOf('all', 'TP0C2B', 12.3, found, change)

  it('adds up what all kinds change, by item and by customer', () => {
    expect(right.stock.P04).toBe('-2')
    expect(right.receivable).toMatchObject({ C001: '0.00', C006: '30.00', C007: '-119.88' })
    expect(right.onAccount.C007).toBe('119.88')
    expect(right.bank).toBe('-114.58')
    expect(report(right).differences).toEqual([])
  })

  it.each<[string, Totals]>([
    ['stock of P10 in all: -2, should be 0', { ...right, stock: { ...right.stock, P10: '-2' } }],
    [
      'receivable of C006 in all: 30.01, should be 30',
      { ...right, receivable: { ...right.receivable, C006: '30.01' } },
    ],
    ['on account of C001 in all: 4.01, should be 0', { ...right, onAccount: { ...right.onAccount, C001: '4.01' } }],
    ['bank in all: -114.59, should be -114.58', { ...right, bank: '-114.59' }],
    ['payable to S002 in all: 47.99, should be 48.00', { ...right, payable: { ...right.payable, S002: '47.99' } }],
    ['debit and credit of the ledger: 1, should be 2', { ...right, ledger: { debit: '1', credit: '2' } }],
  ])('finds %s', (difference, change) => {
    expect(report(change).differences.join('\n')).toContain(difference)
    expect(formatReport(report(change))).toContain(difference)
  })

  it('counts only what the run has changed', () => {
    const before: Totals = {
      stock: { P01: '50' },
      receivable: { C001: '7.00' },
      onAccount: { C001: '1.00' },
      payable: { S001: '3.00' },
      bank: '10.00',
      ledger: { debit: '1', credit: '1' },
    }
    const after = {
      ...before,
      stock: { P01: '48' },
      receivable: { C001: '5.00' },
      payable: { S001: '2.50' },
      bank: '10.01',
    }
    expect(changeOf(before, after)).toMatchObject({
      stock: { P01: '-2' },
      receivable: { C001: '-2.00' },
      onAccount: { C001: '0.00' },
      payable: { S001: '-0.50' },
      bank: '0.01',
    })
  })

  it('shows all orders and accounts in a terminal of 120 columns, and says which order differs', () => {
    const text = formatReport(report(right))
    expect(text.split('\n').filter((line) => [...line].length > width)).toEqual([])
    expect(text).toContain(
      `${orderToCashKinds.length} kinds of order and ${procureToPayKinds.length} of purchase in 12 s`,
    )
    expect(text).toContain('to the cent')
    // No supplier pays anything in, so that there is no column for it.
    expect(text).toMatch(/ REFUNDED .* STOCK[\s\S]* BILLED +CREDITED +PAID +STOCK/)
    const [first, ...others] = found
    if (first === undefined) throw new Error('There is an order')
    const wrong = { ...first, found: { ...first.found, books: { ...first.found.books, invoices: [] } } }
    const differing = reportOf('order-to-cash', 'TP0C2B', 1, [wrong, ...others], right)
    expect(differing.differences).toEqual([`TP0C2B-1 (${first.order.kind.name}): invoice over 179.82 is missing`])
    expect(formatReport(differing)).toContain('DIFFERS')
  })
})
