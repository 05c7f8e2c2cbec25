import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { BusinessError } from '#domain/errors.ts'
import type { Fault } from '../../bin/local/erp/fault-proxy.ts'
import { atEveryOperation, killing } from './at-every-operation.ts'
import { bringToTarget } from './bring-to-target.ts'
import { newOrder } from './life.ts'
import {
  booksAfterChange,
  booksAfterReturn,
  changed,
  operationsOfChange,
  operationsOfReturn,
  returned,
  turnsOf,
} from './stories.ts'
import { startTrytonUnderTest, type TrytonUnderTest } from './tryton-under-test.ts'

let erp: TrytonUnderTest
beforeAll(async () => {
  erp = await startTrytonUnderTest()
})
afterAll(() => erp?.stop())

const stories = [
  ['an order that comes back', returned, booksAfterReturn, operationsOfReturn],
  ['an order that changes', changed, booksAfterChange, operationsOfChange],
] as const

describe.each(stories)('%s', (_name, story, books, operations) => {
  it('leaves the books as its events say', async () => {
    const { change, sent } = await story(erp)
    expect(change).toEqual(books)
    expect(sent).toEqual(operations)
  })

  it('leaves the same books when every operation is sent twice with the same stamp', async () => {
    const second = new Set<string>()
    const { change } = await story(erp, {
      after: async (operation, stamp) => {
        const { kind } = await operation.send(stamp)
        if (kind !== 'exists' && kind !== 'changed') second.add(`${operation.name}: ${kind}`)
      },
    })
    // Reserving what is reserved and planning what is planned do nothing, so there Tryton has nothing to refuse.
    const idle = ['assign-delivery: answered', 'plan-delivery: answered']
    expect([...second].filter((one) => !idle.includes(one))).toEqual([])
    expect(change).toEqual(books)
  })

  it('leaves the same books when every operation is sent by four at once', async () => {
    const { change } = await story(erp, {
      after: async (operation, stamp) => {
        await Promise.all([1, 2, 3].map(() => operation.send(stamp)))
      },
    })
    expect(change).toEqual(books)
  })

  const faults: readonly (readonly [string, Fault])[] = [
    ['its answer is lost', { kind: 'lose-answer' }],
    ['it is lost before it arrives', { kind: 'lose-request' }],
    ['Tryton has a lock that it cannot get', { kind: 'answer', status: 503, body: 'could not obtain lock on row' }],
  ]
  it.each(faults)('leaves the same books when of every operation %s', async (_fault, fault) => {
    const everywhere = atEveryOperation(erp, fault)
    const { change } = await story(erp, { before: everywhere.before })
    expect(everywhere.applied().filter((times) => times !== 1)).toEqual([])
    expect(change).toEqual(books)
  })

  it('leaves the same books when the ERP is killed while it works on each operation', async () => {
    const killed = atEveryOperation(erp, killing(erp))
    const { change } = await story(erp, { before: killed.before })
    killed.applied()
    expect(change).toEqual(books)
  })
})

describe('states in Tryton', () => {
  const State = z.object({ id: z.number(), state: z.string(), shipment_state: z.string(), invoice_state: z.string() })
  const stateOf = async (id: string) => {
    const fields = ['state', 'shipment_state', 'invoice_state']
    const [sale] = await erp.admin.search(State, 'sale.sale', [['id', '=', Number(id)]], fields)
    return [sale?.state, sale?.shipment_state, sale?.invoice_state].join(' ')
  }

  it('say that an order is paid with the money that was on account, and its credit notes too', async () => {
    const { result } = await returned(erp)
    expect(await stateOf(result.order.id)).toBe('done sent paid')
    const ids = [result.invoice, ...result.credits].map(({ id }) => Number(id))
    const Invoice = z.object({ id: z.number(), state: z.string() })
    const invoices = await erp.admin.search(Invoice, 'account.invoice', [['id', 'in', ids]], ['state'])
    expect(invoices.map(({ state }) => state)).toEqual(['paid', 'paid', 'paid'])
  })

  it('say that nothing is left of an order that was replaced or cancelled', async () => {
    const { result } = await changed(erp)
    expect(await stateOf(result.old.id)).toBe('done none none')
    expect(await stateOf(result.unwanted.id)).toBe('done none none')
    expect(await stateOf(result.now.id)).toBe('processing sent awaiting payment')
  })

  it.each([
    ['a draft', 1, 'cancelled none none'],
    ['a quotation', 2, 'cancelled none none'],
    ['an order in process', 4, 'done none none'],
  ])('say that nothing is left of %s that was cancelled', async (_what, target, expected) => {
    const turns = turnsOf(erp, newOrder())
    const plan = turns.salesOrder()
    let [found] = await plan.find()
    for (const operation of plan.operations.slice(0, target)) {
      await operation.send(found?.stamp)
      ;[found] = await plan.find()
      if ((found?.done ?? 0) >= target) break
    }
    const id = found?.document.id ?? ''
    await bringToTarget(turns.cancel(id))
    expect(await stateOf(id)).toBe(expected)
  })
})

describe('what is refused', () => {
  const codeOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (!(error instanceof BusinessError)) throw new Error('It was not refused', { cause: error })
    return error.code
  }

  it('after goods have left: a cancellation and a change', async () => {
    const order = newOrder()
    const turns = turnsOf(erp, order)
    const { document } = await bringToTarget(turns.salesOrder())
    await bringToTarget(turns.goodsIssue(document.document.id, 'DN-1', [{ line: '10', quantity: '1' }]))
    expect(await codeOf(bringToTarget(turns.cancel(document.document.id)))).toBe('GOODS_GONE')
    expect(await codeOf(bringToTarget(turns.amend(document.document.id, 2, order)))).toBe('GOODS_GONE')
  })

  it('an older version after a newer one, and its write that lands late', async () => {
    const order = newOrder()
    const turns = turnsOf(erp, order)
    const old = (await bringToTarget(turns.salesOrder())).document.document
    const late = turns.amend(old.id, 2, order)
    const [seen] = await late.find()
    await bringToTarget(turns.amend(old.id, 3, order))
    expect(await late.operations[0]?.send(seen?.stamp)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'NEWER_VERSION_POSTED' },
    })
    expect(await codeOf(bringToTarget(late))).toBe('NEWER_VERSION_POSTED')
  })

  it('more back than was delivered, and more credit than was invoiced', async () => {
    const { result } = await returned(erp)
    const { turns, order } = result
    const lines = [{ line: '10', quantity: '8' }]
    expect(await codeOf(bringToTarget(turns.goodsReturn(order.id, 'RET-9', lines)))).toBe('RETURN_EXCEEDS_DELIVERY')
    const amounts = [{ gross: '162.12', text: 'Too much' }]
    expect(await codeOf(bringToTarget(turns.creditNote(order.id, 'CN-9', { of: 'amounts', amounts })))).toBe(
      'CREDIT_EXCEEDS_INVOICED',
    )
    const credit = turns.creditNote(order.id, 'CN-8', { of: 'lines', lines })
    expect(await codeOf(bringToTarget(credit))).toBe('CREDIT_EXCEEDS_INVOICED')
  })

  it('an allocation of more than an invoice asks for, and money in a year without books', async () => {
    const { result } = await returned(erp)
    expect(await codeOf(bringToTarget(result.turns.allocate(result.invoice.id, 'ALLOC-9', '0.01')))).toBe('OVERPAYMENT')
    const plan = erp.connector.paymentOnAccount({
      direction: 'incoming',
      customerId: erp.idsFor('C001').customerId,
      amount: '1',
      currency: 'EUR',
      paidOn: '1901-01-01',
      reference: `${result.turns.reference}/PAY-9`,
    })
    expect(await codeOf(bringToTarget(plan))).toBe('NO_OPEN_PERIOD')
  })
})

it('gives all of it back: returns in parts never add up to more than the invoice', async () => {
  const turns = turnsOf(erp, newOrder({ freight: '0' }))
  const order = (await bringToTarget(turns.salesOrder())).document.document
  const delivery = (await bringToTarget(turns.goodsIssue(order.id, 'DN-1'))).document.document
  const invoice = (await bringToTarget(turns.customerInvoice(order.id, delivery.id, 'DN-1'))).document.document
  let credited = 0
  for (const [index, line] of ['10', '10', '20', '20'].entries()) {
    const quantity = { '10': ['5', '7'], '20': ['1', '2'] }[line]?.[index % 2] ?? ''
    const back = await bringToTarget(turns.goodsReturn(order.id, `RET-${index}`, [{ line, quantity }]))
    const goodsReturnId = back.document.document.id
    const note = await bringToTarget(turns.creditNote(order.id, `CN-${index}`, { of: 'return', goodsReturnId }))
    credited += Number(note.document.document.amount)
  }
  expect(credited).toBeLessThanOrEqual(Number(invoice.amount))
  expect(credited).toBeGreaterThan(Number(invoice.amount) - 0.05)
})

describe('a Tryton that loses every task after its transaction', () => {
  let forgetful: TrytonUnderTest
  beforeAll(async () => {
    forgetful = await startTrytonUnderTest({ loseTasks: true })
  })
  afterAll(() => forgetful?.stop())

  it.each(stories)('is made to finish %s', async (_name, story, books) => {
    const { change } = await story(forgetful)
    expect(change).toEqual(books)
  })

  it('lets go of an order that it confirmed and did not process', async () => {
    const turns = turnsOf(forgetful, newOrder())
    const plan = turns.salesOrder()
    let [found] = await plan.find()
    for (const operation of plan.operations.slice(0, 3)) {
      await operation.send(found?.stamp)
      ;[found] = await plan.find()
    }
    const { sent } = await bringToTarget(turns.cancel(found?.document.id ?? ''))
    expect(sent.map(({ operation }) => operation)).toEqual([
      'claim-cancellation',
      'reset-sales-order',
      'cancel-sales-order',
    ])
  })
})

it('settles an order in a currency that is not the company’s', async () => {
  const turns = turnsOf(erp, newOrder({ currency: 'USD' }))
  await bringToTarget(turns.pay('incoming', 'PAY-1', '258.09'))
  const order = (await bringToTarget(turns.salesOrder())).document.document
  const delivery = (await bringToTarget(turns.goodsIssue(order.id, 'DN-1'))).document.document
  const invoice = (await bringToTarget(turns.customerInvoice(order.id, delivery.id, 'DN-1'))).document.document
  const first = await bringToTarget(turns.allocate(invoice.id, 'ALLOC-1', '100'))
  expect(first.document.document).toMatchObject({ amount: '100.00', currency: 'USD' })
  await bringToTarget(turns.allocate(invoice.id, 'ALLOC-2', '158.09'))
  const State = z.object({ id: z.number(), state: z.string() })
  const [sale] = await erp.admin.search(State, 'sale.sale', [['id', '=', Number(order.id)]], ['state'])
  expect(sale?.state).toBe('done')
})
