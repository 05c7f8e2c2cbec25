import { rmSync } from 'node:fs'
import * as z from 'zod'
import { createConnector } from '#connectors/registry.ts'
import { TrytonClient } from '#connectors/tryton/client.ts'
import { Decimal, Id } from '#connectors/tryton/wire.ts'
import { readErpBooks } from '../../bin/local/erp/books.ts'
import { startFaultProxy } from '../../bin/local/erp/fault-proxy.ts'
import { startLocalErp } from '../../bin/local/erp/local-erp.ts'
import { seedErp } from '../../bin/local/erp/seed.ts'
import { temporaryFolder } from '../../lib/temporary-folder.ts'
import type { ErpUnderTest } from './life.ts'
import type { PurchasingUnderTest } from './purchase-life.ts'
import type { Books } from './tell.ts'

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
  'open-purchase-order': 'model.purchase.purchase.create',
  'fill-purchase-order': 'model.purchase.purchase.write',
  'quote-purchase-order': 'model.purchase.purchase.quote',
  'confirm-purchase-order': 'model.purchase.purchase.confirm',
  'process-purchase-order': 'model.purchase.purchase.process',
  'open-goods-receipt': 'model.stock.shipment.in.create',
  'fill-goods-receipt': 'model.stock.shipment.in.write',
  'receive-goods-receipt': 'model.stock.shipment.in.receive',
  'finish-goods-receipt': 'model.stock.shipment.in.do',
  'open-supplier-return': 'model.purchase.purchase.create',
  'fill-supplier-return': 'model.purchase.purchase.write',
  'quote-supplier-return': 'model.purchase.purchase.quote',
  'confirm-supplier-return': 'model.purchase.purchase.confirm',
  'process-supplier-return': 'model.purchase.purchase.process',
  'claim-supplier-return': 'model.stock.shipment.in.return.write',
  'assign-supplier-return': 'model.stock.shipment.in.return.assign_try',
  'finish-supplier-return': 'model.stock.shipment.in.return.do',
  'open-supplier-invoice': 'model.account.invoice.create',
  'fill-supplier-invoice': 'model.account.invoice.write',
  'correct-tax': 'model.account.invoice.write',
  'post-supplier-invoice': 'model.account.invoice.post',
  'open-supplier-credit-note': 'model.account.invoice.create',
  'fill-supplier-credit-note': 'model.account.invoice.write',
  'post-supplier-credit-note': 'model.account.invoice.post',
  'pay-supplier': 'wizard.account.invoice.pay.execute',
  'claim-purchase-amendment': 'model.purchase.purchase.write',
  'claim-purchase-cancellation': 'model.purchase.purchase.write',
  'claim-purchase-closing': 'model.purchase.purchase.write',
  'cancel-planned-receipt': 'model.stock.move.cancel',
  'ignore-cancelled-receipt': 'wizard.purchase.handle.shipment.exception.execute',
  'draft-void-invoice': 'model.purchase.purchase.manual_invoice',
  'cancel-void-invoice': 'model.account.invoice.cancel',
  'ignore-void-invoice': 'wizard.purchase.handle.invoice.exception.execute',
  'reset-purchase-order': 'model.purchase.purchase.draft',
  'cancel-purchase-order': 'model.purchase.purchase.cancel',
}

/** A Tryton of its own behind a fault proxy, seeded with the shop's customers and items. */
export async function startTrytonUnderTest(options: { readonly suffix?: string } = {}) {
  const stateDir = temporaryFolder('erp')
  const erp = await startLocalErp({ stateDir, fresh: true, ...options })
  const proxy = await startFaultProxy(erp.url)
  const seed = await seedErp({ erp, directory: shopSeed, system: 'shop' })
  const { database, login, password } = erp
  const idsOf = (records: readonly { id: string; erpId: string }[]) =>
    Object.fromEntries(records.map(({ id, erpId }) => [id, erpId]))
  const customers = idsOf(seed.customers)
  const admin = new TrytonClient({
    url: erp.url,
    credentials: { database, ...erp.admin },
    clientTimeoutMs: 30_000,
    settleMs: 0,
  })
  const books = readErpBooks(erp)
  /** Of the items of `newOrder` and `newPurchaseOrder`. */
  const booksWith = async (amounts: Books['amounts']): Promise<Books> => {
    const items = idsOf(seed.items)
    const { debit, credit } = await books.ledger()
    const stock = [await books.stockOnHand(items.P01 ?? ''), await books.stockOnHand(items.P05 ?? '')]
    return { amounts, stock, balances: debit === credit }
  }
  const underTest: ErpUnderTest & PurchasingUnderTest = {
    connector: createConnector('tryton', {
      url: proxy.url,
      credentials: { database, login, password },
      clientTimeoutMs: 30_000,
      settleMs: 60_000,
    }),
    idsFor: (customer) => ({
      customerId: customers[customer] ?? '',
      itemIds: idsOf(seed.items),
      taxIds: idsOf(seed.taxes),
    }),
    buyingIdsFor: (supplier) => ({
      supplierId: idsOf(seed.suppliers)[supplier] ?? '',
      itemIds: idsOf(seed.items),
      taxIds: idsOf(seed.purchaseTaxes),
    }),
    buyingBooksOf: async (supplier) => {
      const { supplierId } = underTest.buyingIdsFor(supplier)
      return booksWith({ payable: await books.payable(supplierId), bank: await books.bank() })
    },
  }
  return {
    ...underTest,
    erp,
    proxy,
    seed,
    admin,
    booksOf: async (customer: string) => {
      const { customerId } = underTest.idsFor(customer)
      const receivable = await books.receivable(customerId)
      return booksWith({ receivable, onAccount: await books.onAccount(customerId), bank: await books.bank() })
    },
    documents: (reference: string) => readDocuments(admin, reference),
    purchasing: (reference: string) => readPurchasing(admin, reference),
    stop: async () => {
      await proxy.stop()
      await erp.stop()
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}

export type TrytonUnderTest = Awaited<ReturnType<typeof startTrytonUnderTest>>

function statesOf(records: readonly { readonly state: string }[]) {
  return Object.fromEntries(
    Object.entries(Object.groupBy(records, ({ state }) => state)).map(([state, of]) => [state, of?.length ?? 0]),
  )
}

/** The documents of an order, by their states, read past the connector. */
async function readDocuments(admin: TrytonClient, reference: string) {
  const State = z.object({ id: Id, state: z.string() })
  const sales = await admin.search(State, 'sale.sale', [['web_id', 'like', `${reference}%`]], ['state'])
  const ofSales = (path: string) => [[path, 'in', sales.map(({ id }) => id), 'sale.line']]
  const Invoice = State.extend({ total_amount: Decimal })
  const fields = ['state', 'total_amount']
  const invoices = await admin.search(Invoice, 'account.invoice', ofSales('lines.origin.sale'), fields)
  const isCredit = ({ total_amount }: { readonly total_amount: string }) => total_amount.startsWith('-')
  const Entry = State.extend({ description: z.string() })
  const entries = await admin.search(
    Entry,
    'account.move',
    [
      ['description', 'like', `${reference}/%`],
      ['state', '=', 'posted'],
    ],
    ['state', 'description'],
  )
  return {
    salesOrders: sales.length,
    deliveries: statesOf(await admin.search(State, 'stock.shipment.out', ofSales('moves.origin.sale'), ['state'])),
    invoices: statesOf(invoices.filter((invoice) => !isCredit(invoice))),
    creditNotes: statesOf(invoices.filter(isCredit)),
    entries: entries.map(({ description }) => description.replace(`${reference}/`, '')).sort(),
  }
}

/** The documents of a purchase order, by their states, read past the connector; those that were opened and never filled, too. */
async function readPurchasing(admin: TrytonClient, reference: string) {
  const State = z.object({ id: Id, state: z.string() })
  const Opened = State.extend({ lines: z.array(Id).optional(), moves: z.array(Id).optional() })
  const count = async (model: string, lines: 'lines' | 'moves', domain: readonly unknown[]) => {
    const found = await admin.search(Opened, model, domain, ['state', lines])
    const isEmpty = (one: (typeof found)[number]) => one.state === 'draft' && one[lines]?.length === 0
    return statesOf(found.map((one) => (isEmpty(one) ? { state: 'empty' } : one)))
  }
  const ours = ['reference', 'like', `${reference}%`]
  const ofPurchases = [['lines.origin.purchase.reference', 'like', `${reference}%`, 'purchase.line']]
  const byDescription = [['description', 'like', `${reference}/%`]]
  const Entry = State.extend({ description: z.string() })
  const posted = [...byDescription, ['state', '=', 'posted']]
  const entries = await admin.search(Entry, 'account.move', posted, ['state', 'description'])
  return {
    purchaseOrders: await count('purchase.purchase', 'lines', [ours]),
    // Empty ones that lost answers left are cancelled; a receipt that is not to be would be missing here.
    receipts: await count('stock.shipment.in', 'moves', [ours, ['state', '!=', 'cancelled']]),
    returns: await count('stock.shipment.in.return', 'moves', [ours]),
    invoices: await count('account.invoice', 'lines', ['OR', ofPurchases, byDescription]),
    entries: entries.map(({ description }) => description.replace(`${reference}/`, '')).sort(),
  }
}
