import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AnyRecord } from '#connectors/tryton/wire.ts'
import { BusinessError, PoisonMessageError } from '#domain/errors.ts'
import type { Fault } from '../../bin/local/erp/fault-proxy.ts'
import { atEveryOperation, killing } from './at-every-operation.ts'
import { bringToTarget } from './bring-to-target.ts'
import { booksAfterLife, lifeOf, live, newOrder } from './life.ts'
import { startTrytonUnderTest, type TrytonUnderTest } from './tryton-under-test.ts'

let erp: TrytonUnderTest
beforeAll(async () => {
  erp = await startTrytonUnderTest()
})
afterAll(() => erp?.stop())

const everyOperation = [
  ...['create-sales-order', 'quote-sales-order', 'confirm-sales-order'],
  ...['claim-delivery', 'assign-delivery', 'pick-delivery', 'pack-delivery', 'finish-delivery'],
  ...['claim-customer-invoice', 'delete-emptied-invoice', 'post-customer-invoice', 'pay-invoice'],
]

describe('a life from order to payment', () => {
  it('takes each operation once, and each document is there once, to the cent', async () => {
    const { life, sent } = await live(erp)
    expect(sent).toEqual(everyOperation.map((operation) => ({ operation, said: 'answered' })))
    expect(await erp.books(life.reference)).toEqual(booksAfterLife)
  })

  it('sends nothing again once a document is at its target', async () => {
    const { life, salesOrder, delivery, invoice, payment } = await live(erp)
    const shares = [{ invoiceId: invoice.id, amount: invoice.amount ?? '' }]
    const again = [
      await bringToTarget(life.salesOrder()),
      await bringToTarget(life.goodsIssue(salesOrder.id, 'DN-1')),
      await bringToTarget(life.customerInvoice(salesOrder.id, delivery.id, 'DN-1')),
      await bringToTarget(life.incomingPayment(shares, 'PAY-1', invoice.amount ?? '')),
    ]
    expect(again.flatMap(({ sent }) => sent)).toEqual([])
    expect(again.map(({ document }) => document.document)).toEqual([salesOrder, delivery, invoice, payment])
    expect(await erp.books(life.reference)).toEqual(booksAfterLife)
  })

  it('leaves one of each when every operation is sent twice with the same stamp', async () => {
    const second: string[] = []
    const { life } = await live(erp, {
      after: async (operation, stamp) => {
        second.push((await operation.send(stamp)).kind)
      },
    })
    // Reserving stock that is reserved already does nothing, so there Tryton has nothing to refuse.
    const expected = everyOperation.slice(1).map((name) => (name === 'assign-delivery' ? 'answered' : 'changed'))
    expect(second).toEqual(['exists', ...expected])
    expect(await erp.books(life.reference)).toEqual(booksAfterLife)
  })

  it('leaves one of each when every operation is sent by four at once', async () => {
    const { life } = await live(erp, {
      after: async (operation, stamp) => {
        await Promise.all([1, 2, 3, 4].map(() => operation.send(stamp)))
      },
    })
    expect(await erp.books(life.reference)).toEqual(booksAfterLife)
  })
})

describe('a life in which every operation meets a fault', () => {
  const html = '<html><body>Bad gateway</body></html>'
  const faults: readonly (readonly [string, Fault, string])[] = [
    ['its answer is lost', { kind: 'lose-answer' }, 'no-answer'],
    ['it is lost before it arrives', { kind: 'lose-request' }, 'no-answer'],
    ['a gateway answers 503', { kind: 'answer', status: 503, body: html }, 'no-answer'],
    [
      'Tryton has a lock that it cannot get',
      { kind: 'answer', status: 503, body: 'could not obtain lock on row' },
      'not-applied',
    ],
  ]
  it.each(faults)('leaves one of each when %s', async (_name, fault, said) => {
    const everywhere = atEveryOperation(erp, fault)
    const { life, sent } = await live(erp, { before: everywhere.before })
    expect(everywhere.applied()).toEqual(everyOperation.map(() => 1))
    expect(sent.filter((one) => one.said === said).map(({ operation }) => operation)).toEqual(everyOperation)
    expect(await erp.books(life.reference)).toEqual(booksAfterLife)
  })

  it('logs in again, once, when the session has ended', async () => {
    const everywhere = atEveryOperation(erp, { kind: 'answer', status: 401, body: '' })
    const { life, sent } = await live(erp, { before: everywhere.before })
    expect(sent).toEqual(everyOperation.map((operation) => ({ operation, said: 'answered' })))
    expect(everywhere.applied()).toEqual(everyOperation.map(() => 1))
    expect(await erp.books(life.reference)).toEqual(booksAfterLife)
  })

  it('leaves one of each when the ERP is killed while it works on each', async () => {
    const killed = atEveryOperation(erp, killing(erp))
    const { life } = await live(erp, { before: killed.before })
    // More than those where a kill has lost a task.
    expect(killed.applied().length).toBeGreaterThanOrEqual(everyOperation.length)
    expect(await erp.books(life.reference)).toEqual(booksAfterLife)
  })
})

describe('what Tryton answers', () => {
  const rewriteReads = (rewrite: (text: string) => string) => {
    const matches = ({ method }: { method: string }) => /\.(read|search_read)$/.test(method)
    return erp.proxy.inject({ matches, fault: { kind: 'rewrite', rewrite } })
  }

  it('may hold fields that the connector does not know', async () => {
    const end = rewriteReads((text) => text.replaceAll('"id":', '"surprise":{"new":true},"id":'))
    const { life } = await live(erp)
    expect(end()).toBeGreaterThan(20)
    expect(await erp.books(life.reference)).toEqual(booksAfterLife)
  })

  it('is poison when a field is missing that the connector needs', async () => {
    const { life, salesOrder, delivery, invoice } = await live(erp)
    const amount = invoice.amount ?? ''
    const plans = [
      life.salesOrder(),
      life.goodsIssue(salesOrder.id, 'DN-1'),
      life.customerInvoice(salesOrder.id, delivery.id, 'DN-1'),
      life.incomingPayment([{ invoiceId: invoice.id, amount }], 'PAY-1', amount),
    ]
    const end = rewriteReads((text) => text.replaceAll('"state":', '"estate":').replaceAll('"lines":', '"limes":'))
    for (const plan of plans) await expect(plan.find()).rejects.toThrow(PoisonMessageError)
    end()
  })
})

describe('what Tryton refuses', () => {
  const refusalOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (!(error instanceof BusinessError)) throw new Error('It was not refused', { cause: error })
    return { code: error.code, owner: error.owner }
  }

  it.each([
    ['a credit limit that is exceeded', { customer: { id: 'C008' } }, 'CREDIT_LIMIT_EXCEEDED', 'finance'],
    ['a currency it does not have', { currency: 'CHF' }, 'UNKNOWN_CURRENCY', 'finance'],
    ['a customer that is gone', { customer: { id: 'nobody' } }, 'UNKNOWN_CUSTOMER', 'sales'],
    [
      'half a piece',
      { lines: [{ number: '1', item: { id: 'P01' }, quantity: '0.5', unitPrice: '1' }] },
      'NUMBER_NOT_ALLOWED',
      'sales',
    ],
  ])('a sales order with %s', async (_name, change, code, owner) => {
    const order = newOrder(change)
    const ids = { ...erp.idsFor(order.customer.id), ...(order.customer.id === 'nobody' && { customerId: '999999' }) }
    const life = lifeOf({ ...erp, idsFor: () => ids }, order)
    expect(await refusalOf(bringToTarget(life.salesOrder()))).toEqual({ code, owner })
  })

  it('a delivery of more than there is, and says of which item', async () => {
    const line = { number: '1', item: { id: 'P10' }, quantity: '6', unitPrice: '1' }
    const life = lifeOf(erp, newOrder({ lines: [line] }))
    const { document } = await bringToTarget(life.salesOrder())
    const plan = life.goodsIssue(document.document.id, 'DN-1')
    await expect(bringToTarget(plan)).rejects.toThrow(/Copper kettle/)
    expect(await refusalOf(bringToTarget(plan))).toEqual({ code: 'OUT_OF_STOCK', owner: 'warehouse' })
  })

  it.each([
    ['a line that was not ordered', [{ line: '30', quantity: '1' }], '2026-01-12', 'NOTHING_TO_DELIVER'],
    ['goods that leave in the future', undefined, '2099-01-01', 'DATE_IN_FUTURE'],
  ])('a delivery of %s', async (_name, lines, issuedOn, code) => {
    const life = lifeOf(erp, newOrder())
    const { document } = await bringToTarget(life.salesOrder())
    const plan = life.goodsIssue(document.document.id, 'DN-1', lines, issuedOn)
    expect(await refusalOf(bringToTarget(plan))).toEqual({ code, owner: 'warehouse' })
  })

  it('an invoice in a year without books', async () => {
    const life = lifeOf(erp, newOrder())
    const { document } = await bringToTarget(life.salesOrder())
    const delivery = await bringToTarget(life.goodsIssue(document.document.id, 'DN-1'))
    const plan = life.customerInvoice(document.document.id, delivery.document.document.id, 'DN-1', '1901-01-01')
    expect(await refusalOf(bringToTarget(plan))).toEqual({ code: 'NO_OPEN_PERIOD', owner: 'finance' })
  })

  it('a payment of more than the invoice asks for', async () => {
    const { life, invoice } = await live(erp)
    const plan = life.incomingPayment([{ invoiceId: invoice.id, amount: '0.01' }], 'PAY-2', '0.01')
    expect(await refusalOf(bringToTarget(plan))).toEqual({ code: 'OVERPAYMENT', owner: 'finance' })
    expect(await erp.books(life.reference)).toEqual(booksAfterLife)
  })
})

describe('parts', () => {
  it('are delivered, invoiced and paid one by one, with the freight on the first invoice', async () => {
    const life = lifeOf(erp, newOrder())
    const salesOrder = (await bringToTarget(life.salesOrder())).document.document
    const first = (await bringToTarget(life.goodsIssue(salesOrder.id, 'DN-1', [{ line: '10', quantity: '5' }])))
      .document.document
    expect(first.lines).toEqual([{ line: '10', quantity: '5' }])
    const invoice = (await bringToTarget(life.customerInvoice(salesOrder.id, first.id, 'DN-1'))).document.document
    // 5 × 12.665 = 63.32 (63.325, half to even) and freight 32.38, with 20 %.
    expect(invoice.amount).toBe('114.84')
    await bringToTarget(life.incomingPayment([{ invoiceId: invoice.id, amount: '30' }], 'PAY-1', '30'))
    const rest = (await bringToTarget(life.goodsIssue(salesOrder.id, 'DN-2'))).document.document
    const second = (await bringToTarget(life.customerInvoice(salesOrder.id, rest.id, 'DN-2'))).document.document
    const shares = [
      { invoiceId: invoice.id, amount: '84.84' },
      { invoiceId: second.id, amount: second.amount ?? '' },
    ]
    const paid = (await bringToTarget(life.incomingPayment(shares, 'PAY-2', '228.09'))).document.document
    expect(paid).toMatchObject({ amount: '228.09', currency: 'EUR' })
    expect(await erp.books(life.reference)).toEqual({
      ...booksAfterLife,
      deliveries: 2,
      invoices: { paid: 2 },
      payments: 3,
    })
  })
})

describe('differences', () => {
  it('are told in words when someone has changed the sales order', async () => {
    const life = lifeOf(erp, newOrder())
    const plan = life.salesOrder()
    await plan.operations[0]?.send(undefined)
    const [found] = await plan.find()
    const id = Number(found?.document.id)
    const [line] = await erp.admin.search(AnyRecord, 'sale.line', [['sale', '=', id]], [])
    await erp.admin.write('model.sale.line.write', [[line?.id], { quantity: 11 }], { signal: erp.admin.deadline() })
    expect((await plan.find())[0]?.differences).toEqual([
      'line 10: quantity is 11, should be 12',
      'line 10: amount is 139.32, should be 151.98',
      'net total is 206.80, should be 219.46',
    ])
  })
})

describe('master data', () => {
  it('is found by its code in Tryton', async () => {
    expect(await erp.connector.findCustomer('shop-C001')).toBe(erp.idsFor('C001').customerId)
    expect(await erp.connector.findItem('shop-P01')).toBe(erp.idsFor('C001').itemIds.P01)
    expect(await erp.connector.findItem('nothing')).toBeUndefined()
  })

  it('tells the stock on hand', async () => {
    expect(await erp.connector.stockOnHand(erp.idsFor('C001').itemIds.P10 ?? '')).toBe('5')
  })
})

describe('a Tryton that loses every task after its transaction', () => {
  let forgetful: TrytonUnderTest
  beforeAll(async () => {
    forgetful = await startTrytonUnderTest({ loseTasks: true })
  })
  afterAll(() => forgetful?.stop())

  it('is made to finish what the tasks would have done', async () => {
    const { life, sent } = await live(forgetful)
    expect(sent.map(({ operation }) => operation)).toEqual([
      ...everyOperation.slice(0, 3),
      'process-sales-order',
      ...everyOperation.slice(3, 8),
      'process-sales-order',
      ...everyOperation.slice(8),
      'process-invoices',
      'process-sales-order',
    ])
    expect(await forgetful.books(life.reference)).toEqual(booksAfterLife)
  })
})

it('is answered again within seconds after the server was killed', async () => {
  const before = erp.erp.serverPid()
  await erp.erp.restart()
  expect(erp.erp.serverPid()).not.toBe(before)
  expect(await erp.connector.findCustomer('shop-C001')).toBeDefined()
})
