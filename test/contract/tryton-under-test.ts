import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { createConnector } from '#connectors/registry.ts'
import { TrytonClient } from '#connectors/tryton/client.ts'
import { Decimal, Id } from '#connectors/tryton/wire.ts'
import { sum } from '#domain/money.ts'
import { startFaultProxy } from '../../bin/local/erp/fault-proxy.ts'
import { startLocalErp } from '../../bin/local/erp/local-erp.ts'
import { seedErp } from '../../bin/local/erp/seed.ts'
import type { Books, ErpUnderTest } from './life.ts'

const shopSeed = new URL('../../bin/local/seed/shop', import.meta.url).pathname

/** The request that carries the write of each operation. */
export const writeOf: Readonly<Record<string, string>> = {
  'create-sales-order': 'model.sale.sale.create',
  'quote-sales-order': 'model.sale.sale.quote',
  'confirm-sales-order': 'model.sale.sale.confirm',
  'process-sales-order': 'model.sale.sale.process',
  'claim-delivery': 'model.stock.shipment.out.write',
  'assign-delivery': 'model.stock.shipment.out.assign_try',
  'pick-delivery': 'model.stock.shipment.out.pick',
  'pack-delivery': 'model.stock.shipment.out.pack',
  'finish-delivery': 'model.stock.shipment.out.do',
  'claim-customer-invoice': 'model.account.invoice.write',
  'delete-emptied-invoice': 'model.account.invoice.delete',
  'post-customer-invoice': 'model.account.invoice.post',
  'pay-invoice': 'wizard.account.invoice.pay.execute',
  'process-invoices': 'model.account.invoice.process',
  'open-payment': 'model.account.move.create',
  'fill-payment': 'model.account.move.write',
  'post-payment': 'model.account.move.post',
  'allocate-payment': 'wizard.account.invoice.pay.execute',
  'create-goods-return': 'model.sale.sale.create',
  'claim-goods-return': 'model.stock.shipment.out.return.write',
  'receive-goods-return': 'model.stock.shipment.out.return.receive',
  'finish-goods-return': 'model.stock.shipment.out.return.do',
  'process-goods-return': 'model.sale.sale.process',
  'create-credit': 'model.sale.sale.create',
  'claim-credit-note': 'model.account.invoice.write',
  'post-credit-note': 'model.account.invoice.post',
  'open-delivery': 'model.stock.shipment.out.create',
  'reset-delivery': 'model.stock.shipment.out.draft',
  'plan-delivery': 'model.stock.shipment.out.wait',
  'claim-amendment': 'model.sale.sale.write',
  'claim-cancellation': 'model.sale.sale.write',
  'claim-closing': 'model.sale.sale.write',
  'cancel-delivery': 'model.stock.shipment.out.cancel',
  'ignore-cancelled-delivery': 'wizard.sale.handle.shipment.exception.execute',
  'cancel-draft-invoice': 'model.account.invoice.cancel',
  'ignore-cancelled-invoice': 'wizard.sale.handle.invoice.exception.execute',
  'reset-sales-order': 'model.sale.sale.draft',
  'cancel-sales-order': 'model.sale.sale.cancel',
}

/** A Tryton of its own behind a fault proxy, seeded with the shop's customers and items. */
export async function startTrytonUnderTest(options: { readonly loseTasks?: boolean } = {}) {
  const stateDir = mkdtempSync(join(tmpdir(), 'postonce-erp-'))
  const erp = await startLocalErp({ stateDir, fresh: true, ...options })
  const proxy = await startFaultProxy(erp.url)
  const seed = await seedErp({ erp, directory: shopSeed, system: 'shop' })
  const { database, login, password } = erp
  const connect = (url: string) =>
    createConnector('tryton', {
      url,
      credentials: { database, login, password },
      clientTimeoutMs: 30_000,
      settleMs: 60_000,
    })
  const idsOf = (records: readonly { id: string; erpId: string }[]) =>
    Object.fromEntries(records.map(({ id, erpId }) => [id, erpId]))
  const customers = idsOf(seed.customers)
  const admin = new TrytonClient({
    url: erp.url,
    credentials: { database, ...erp.admin },
    clientTimeoutMs: 30_000,
    settleMs: 0,
  })
  const underTest: ErpUnderTest = {
    connector: connect(proxy.url),
    idsFor: (customer) => ({
      customerId: customers[customer] ?? '',
      itemIds: idsOf(seed.items),
      taxIds: idsOf(seed.taxes),
    }),
    books: (reference) => readBooks(admin, reference),
  }
  return {
    ...underTest,
    erp,
    proxy,
    seed,
    admin,
    connect,
    stop: async () => {
      await proxy.stop()
      await erp.stop()
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}

export type TrytonUnderTest = Awaited<ReturnType<typeof startTrytonUnderTest>>

async function readBooks(admin: TrytonClient, reference: string): Promise<Books> {
  const State = z.object({ id: Id, state: z.string() })
  const sales = await admin.search(State, 'sale.sale', [['web_id', '=', reference]], ['state'])
  const ofSales = (path: string) => [[path, 'in', sales.map(({ id }) => id), 'sale.line']]
  const shipments = await admin.search(State, 'stock.shipment.out', ofSales('moves.origin.sale'), ['state'])
  const Invoice = State.extend({ total_amount: Decimal })
  const invoices = await admin.search(Invoice, 'account.invoice', ofSales('lines.origin.sale'), [
    'state',
    'total_amount',
  ])
  const origins = invoices.map(({ id }) => `account.invoice,${id}`)
  const Line = z.object({ id: Id, debit: Decimal })
  const bank = [
    ['move.origin', 'in', origins],
    ['move.journal.type', '=', 'cash'],
    ['debit', '>', 0],
  ]
  const received = origins.length === 0 ? [] : await admin.search(Line, 'account.move.line', bank, ['debit'])
  const done = shipments.filter(({ state }) => state === 'done').length
  return {
    salesOrders: sales.length,
    salesOrderState: sales[0]?.state,
    deliveries: done,
    openDeliveries: shipments.length - done,
    invoices: Object.fromEntries(
      Object.entries(Object.groupBy(invoices, ({ state }) => state)).map(([state, of]) => [state, of?.length ?? 0]),
    ),
    invoiced: sum(invoices.map(({ total_amount }) => total_amount)).toFixed(2),
    payments: received.length,
    received: sum(received.map(({ debit }) => debit)).toFixed(2),
  }
}
