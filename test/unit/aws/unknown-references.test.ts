import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { dynamo } from '#aws/clients/dynamo.ts'
import { purchaseOrderIds } from '#aws/purchase-order-ids.ts'
import { salesOrderIds } from '#aws/sales-order-ids.ts'
import { SalesOrder } from '#domain/documents.ts'
import { PurchaseOrder } from '#domain/procurement-documents.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

const line = { number: '10', item: { id: 'P01' }, quantity: '1', unitPrice: '1.00' }
const bought = PurchaseOrder.parse({ number: 'P1', supplier: 'S1', currency: 'EUR', lines: [line] })
const sold = SalesOrder.parse({
  number: 'T1',
  orderedOn: '2026-11-30',
  currency: 'EUR',
  customer: { id: 'C1' },
  lines: [line],
})

/** Knows these keys alone; says how many are asked for at once at most. */
function tableWith(known: readonly string[]) {
  const asked = { keys: 0, atOnce: 0 }
  let now = 0
  vi.spyOn(dynamo, 'send').mockImplementation(async (command: object) => {
    asked.keys += 1
    now += 1
    asked.atOnce = Math.max(asked.atOnce, now)
    await null
    now -= 1
    const { Key } = z.object({ Key: z.object({ pk: z.string() }) }).parse(Reflect.get(command, 'input'))
    return known.includes(Key.pk) ? { Item: { targetId: '7' } } : {}
  })
  return asked
}

beforeEach(() => {
  vi.stubEnv('HUB_TABLE', 'hub')
  vi.stubEnv('BUS_NAME', 'postonce')
  vi.stubEnv('ERP_ACCOUNT', 'tryton')
})

describe('an item that no cross-reference leads to', () => {
  it.each([
    ['bought', 'purchasing', () => purchaseOrderIds('shop', bought)],
    ['sold', 'sales', () => salesOrderIds('shop', sold)],
  ])('is a matter of those by whom it is %s: %s', async (_how, owner, ids) => {
    tableWith(['XREF#shop#customer#C1', 'XREF#shop#supplier#S1'])
    await expect(ids()).rejects.toMatchObject({
      code: 'UNKNOWN_ITEM',
      owner,
      field: 'lines[0].item.id',
      message: 'lines[0].item.id "P01": not known in tryton by this id of shop. Add the cross-reference, then redrive.',
    })
  })
})

describe('an order that names much that is unknown', () => {
  const numbers = Array.from({ length: 120 }, (_, index) => String(index + 1))
  const order = {
    ...sold,
    lines: numbers.map((number) => ({ ...line, number, item: { id: `P${number}` } })),
  }
  const items = numbers.map((number) => `XREF#shop#item#P${number}`)

  it('says everything at once, so that it is mended at once', async () => {
    tableWith(items.slice(2))
    await expect(salesOrderIds('shop', order)).rejects.toMatchObject({
      code: 'UNKNOWN_CUSTOMER',
      owner: 'sales',
      field: 'customer.id',
      message:
        'customer.id "C1", lines[0].item.id "P1", lines[1].item.id "P2": not known in tryton by this id of shop. Add the cross-reference, then redrive.',
    })
  })

  it('says how many more there are than a person wants to read', async () => {
    tableWith(['XREF#shop#customer#C1'])
    await expect(salesOrderIds('shop', order)).rejects.toMatchObject({
      message: expect.stringMatching(/lines\[19\]\.item\.id "P20" and 100 more: /),
    })
  })

  it('is looked up many at a time, each once', async () => {
    const asked = tableWith(['XREF#shop#customer#C1', ...items])
    const { itemIds } = await salesOrderIds('shop', { ...order, lines: [...order.lines, ...order.lines] })
    expect(Object.keys(itemIds)).toHaveLength(120)
    expect(asked).toEqual({ keys: 121, atOnce: 50 })
  })
})

describe('the taxes that a purchase order names by their percentage', () => {
  const orderOf = (rates: readonly string[]) => ({
    ...bought,
    lines: bought.lines.flatMap((one) => rates.map((taxRate, index) => ({ ...one, number: String(index), taxRate }))),
  })

  it('are told with whatever else is unknown', async () => {
    tableWith(['XREF#shop#supplier#S1'])
    await expect(purchaseOrderIds('shop', orderOf(['0', '19.0', '19', '7']))).rejects.toMatchObject({
      message: expect.stringMatching(
        /^lines\[0\]\.item\.id "P01", lines\[1\]\.taxRate "19", lines\[3\]\.taxRate "7": /,
      ),
    })
  })

  it.each([
    ['need none of the ERP for no tax', [], {}],
    ['take that of the ERP for no tax where there is one', ['XREF#shop#purchase-tax#0'], { 0: '7' }],
  ])('%s, and ask for it once', async (_case, known, taxIds) => {
    const asked = tableWith(['XREF#shop#supplier#S1', 'XREF#shop#item#P01', ...known])
    expect((await purchaseOrderIds('shop', orderOf(['0', '0.00', '0']))).taxIds).toEqual(taxIds)
    expect(asked.keys).toBe(3)
  })
})
