import { afterEach, describe, expect, it, vi } from 'vitest'
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

describe('an item that no cross-reference leads to', () => {
  it.each([
    ['bought', 'purchasing', () => purchaseOrderIds('shop', bought)],
    ['sold', 'sales', () => salesOrderIds('shop', sold)],
  ])('is a matter of those by whom it is %s: %s', async (_how, owner, ids) => {
    for (const [name, value] of [
      ['HUB_TABLE', 'hub'],
      ['BUS_NAME', 'postonce'],
      ['ERP_ACCOUNT', 'tryton'],
    ] as const)
      vi.stubEnv(name, value)
    vi.spyOn(dynamo, 'send').mockImplementation(async () => ({}))
    await expect(ids()).rejects.toMatchObject({ code: 'UNKNOWN_ITEM', owner, field: 'lines[0].item.id' })
  })
})
