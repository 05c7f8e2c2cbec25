import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { erpGate, withErpSlot } from '#aws/erp-budget/gate.ts'
import { slotRequest } from '#aws/erp-budget/request.ts'
import type { PostingPlan } from '#connectors/port.ts'
import { createConnector } from '#connectors/registry.ts'
import { trytonCosts } from '#connectors/tryton/costs.ts'
import type { ErpCall } from '#domain/erp-limits.ts'
import { ErpBusyError } from '#domain/errors.ts'
import { createDatabase } from '../simulation/dynamodb/database.ts'
import { bringToTarget } from './bring-to-target.ts'
import { lifeOf, newOrder, orderTotal } from './life.ts'
import { billedInFull, newPurchaseOrder, purchaseLifeOf } from './purchase-life.ts'
import { startTrytonUnderTest, type TrytonUnderTest } from './tryton-under-test.ts'

vi.setConfig({ testTimeout: 600_000 })
// Read when the gate is imported, which counts what it does.
vi.hoisted(() => Object.assign(process.env, { POWERTOOLS_METRICS_DISABLED: 'true' }))

let erp: TrytonUnderTest
beforeAll(async () => {
  erp = await startTrytonUnderTest()
})
afterAll(() => erp?.stop())

/** Requests for each kind of document, the most that one took, and how long a request took. */
function counter() {
  const most: Partial<Record<ErpCall, number>> = {}
  const took = { requests: 0, ms: 0 }
  const total = () => [...erp.proxy.counts.values()].reduce((sum, count) => sum + count, 0)
  const count = async <T>(call: ErpCall, run: () => Promise<T>): Promise<T> => {
    const [before, beganAtMs] = [total(), performance.now()]
    const result = await run()
    const requests = total() - before
    took.requests += requests
    took.ms += performance.now() - beganAtMs
    most[call] = Math.max(most[call] ?? 0, requests)
    return result
  }
  const bring = async (call: ErpCall, plan: PostingPlan) =>
    (await count(call, () => bringToTarget(plan))).document.document
  return { most, took, count, bring }
}

type Counter = ReturnType<typeof counter>

/** Sold, paid, returned and refunded; changed and closed; cancelled. */
async function sell({ bring, count }: Counter): Promise<void> {
  const life = lifeOf(erp, newOrder())
  const order = await bring('sales-order', life.salesOrder())
  const delivery = await bring('goods-issue', life.goodsIssue(order.id, 'DN-1'))
  const invoice = await bring('customer-invoice', life.customerInvoice(order.id, delivery.id, 'DN-1'))
  await bring('incoming-payment', life.pay('incoming', 'PAY-1', '300'))
  await bring('payment-allocation', life.allocate(invoice.id, 'ALLOC-1', orderTotal))
  await count('find-document', () => erp.connector.findDocument('customer-invoice', invoice.id))
  const back = await bring('goods-return', life.goodsReturn(order.id, 'RET-1', [{ line: '10', quantity: '5' }]))
  const credit = { of: 'return', goodsReturnId: back.id } as const
  const ofGoods = await bring('credit-note', life.creditNote(order.id, 'CN-1', credit))
  await bring('payment-allocation', life.allocate(ofGoods.id, 'ALLOC-2', ofGoods.amount ?? ''))
  const rest = await bring('credit-note', life.creditNote(order.id, 'CN-2', { of: 'everything' }))
  await bring('payment-allocation', life.allocate(rest.id, 'ALLOC-3', rest.amount ?? ''))
  await bring('outgoing-payment', life.pay('outgoing', 'REFUND-1', '300'))
  const changing = newOrder()
  const changed = lifeOf(erp, changing)
  const old = await bring('sales-order', changed.salesOrder())
  const amended = { ...changing, lines: changing.lines.map((line) => ({ ...line, quantity: '4' })) }
  const now = await bring('sales-order-amendment', changed.amend(old.id, 2, amended))
  await bring('goods-issue', changed.goodsIssue(now.id, 'DN-2', [{ line: '10', quantity: '1' }]))
  await bring('sales-order-closing', changed.close(now.id))
  const unwanted = lifeOf(erp, newOrder())
  const third = await bring('sales-order', unwanted.salesOrder())
  await bring('sales-order-cancellation', unwanted.cancel(third.id))
}

/** Bought, received over and in parts, sent back, credited and paid; changed and closed; cancelled. */
async function buy({ bring }: Counter): Promise<void> {
  const life = purchaseLifeOf(erp, newPurchaseOrder())
  const order = await bring('purchase-order', life.purchaseOrder())
  await bring('goods-receipt', life.receive(order.id, 'DN-1', [{ line: '10', quantity: '5' }]))
  await bring('goods-receipt', life.receive(order.id, 'DN-2'))
  const invoice = await bring('supplier-invoice', life.invoice(order.id, 'INV-1', billedInFull, '25.07'))
  const back = await bring('supplier-return', life.sendBack(order.id, 'RET-1', [{ line: '10', quantity: '3' }]))
  const lines = [{ line: '10', quantity: '3', amount: '19.00', taxRate: '20' }]
  const note = await bring('supplier-credit-note', life.creditNote(back.id, order.id, 'CN-1', lines))
  await bring('supplier-payment-allocation', life.pay(note.id, 'ALLOC-1', note.amount ?? '', 'account'))
  await bring('supplier-payment', life.pay(invoice.id, 'PAY-1', '100.00'))
  const changing = newPurchaseOrder({ supplier: { id: 'S002' } })
  const changed = purchaseLifeOf(erp, changing)
  const old = await bring('purchase-order', changed.purchaseOrder())
  const amended = { ...changing, lines: changing.lines.map((line) => ({ ...line, quantity: '4' })) }
  const now = await bring('purchase-order-amendment', changed.amend(old.id, 2, amended))
  await bring('goods-receipt', changed.receive(now.id, 'DN-3', [{ line: '10', quantity: '3' }]))
  await bring('purchase-order-closing', changed.close(now.id))
  const unwanted = purchaseLifeOf(erp, newPurchaseOrder({ supplier: { id: 'S002' } }))
  const third = await bring('purchase-order', unwanted.purchaseOrder())
  await bring('purchase-order-cancellation', unwanted.cancel(third.id))
}

describe('the calls that a document costs in Tryton', () => {
  it('are as many as the limits are reckoned with', async () => {
    // Whatever a connector reads once for all documents, it has read by then: nobody counts the login for each document.
    await counter().bring('incoming-payment', lifeOf(erp, newOrder()).pay('incoming', 'PAY', '10'))
    const counted = counter()
    await sell(counted)
    await buy(counted)
    const secondsPerCall = counted.took.ms / 1000 / counted.took.requests
    console.log(`${counted.took.requests} requests, ${secondsPerCall.toFixed(3)} s each`)
    expect(counted.most).toEqual(trytonCosts.calls)
  })
})

describe('eight clients that post at once', () => {
  const table = 'hub'

  /** As a step would that finds the account in use: waits in its Lambda, then until the time that it is told. */
  async function withSlot<T>(work: () => Promise<T>): Promise<T> {
    const posting = { document: 'incoming-payment', number: 'PAY' } as const
    for (;;) {
      try {
        const holder = randomUUID()
        return await withErpSlot(slotRequest({ holder, endsAtMs: Date.now() + 120_000, posting }), work)
      } catch (error) {
        if (!(error instanceof ErpBusyError)) throw error
        await sleep(Math.max(0, error.untilMs - Date.now()))
      }
    }
  }

  it('meet no lock of the ERP, and post each document once, within the limits that are declared', async () => {
    const limits = process.env.POSTONCE_ERP_DATABASE_URL === undefined ? 'tryton-sqlite' : 'tryton-postgresql'
    Object.assign(process.env, { AWS_REGION: 'us-east-1', HUB_TABLE: table, BUS_NAME: 'bus' })
    Object.assign(process.env, { ERP_ACCOUNT: 'tryton', ERP_LIMITS: limits })
    const keys = { partition: 'pk', sort: 'sk' }
    const database = createDatabase({ tables: [{ name: table, keys }], nowMs: Date.now, removeUndefinedValues: true })
    vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(async (command: object) =>
      database.execute(command),
    )
    const [statuses, said] = [new Set<number>(), new Set<string>()]
    const send = globalThis.fetch
    vi.stubGlobal('fetch', async (...request: Parameters<typeof fetch>) => {
      const response = await send(...request)
      statuses.add(response.status)
      return response
    })
    onTestFinished(() => {
      vi.unstubAllGlobals()
      vi.restoreAllMocks()
    })
    const { database: name, login, password } = erp.erp
    const post = async () => {
      // Each has a session of its own, as each function has.
      const credentials = { database: name, login, password }
      const connection = { url: erp.proxy.url, credentials, clientTimeoutMs: 30_000, settleMs: 60_000, gate: erpGate }
      const life = lifeOf({ ...erp, connector: createConnector('tryton', connection) }, newOrder())
      const { sent } = await withSlot(() => bringToTarget(life.pay('incoming', 'PAY', '10')))
      for (const one of sent) said.add(one.said)
      return life.reference
    }
    const references = await Promise.all(Array.from({ length: 8 }, post))
    // Tryton's word for a lock that it does not get is 503.
    expect([...statuses]).toEqual([200])
    expect([...said]).toEqual(['answered'])
    for (const reference of references) expect((await erp.documents(reference)).entries).toEqual(['PAY'])
  })
})
