import Big from 'big.js'
import * as z from 'zod'
import { asAmount } from './mapping.ts'
import { Purchase, purchaseFields, purchaseModel } from './purchase.ts'
import { isAddedKey } from './purchase-lines.ts'
import { hubLinesOf, purchaseLinesOf } from './purchase-numbered.ts'
import { type Book, Day, invoiceStandings, orderStanding, ours, pageOf, searchPage } from './records-book.ts'
import { Decimal, Id, Ids, InvoiceState } from './wire.ts'

const Found = Purchase.extend({
  reference: z.string().nullable(),
  comment: z.string().nullable(),
  purchase_date: Day.nullable(),
})

/** Purchases that bear the hub's reference; those that send something back are told by what they move. */
export const purchasesBook: Book = {
  model: purchaseModel,
  documents: ['purchase-order', 'purchase-order-amendment'],
  referenceField: 'reference',
  read: async (client, domain) => {
    const own = [['reference', '!=', null], ['origin', '=', null], ...domain]
    const fields = [...purchaseFields, 'reference', 'comment', 'purchase_date']
    const read = await searchPage(client, Found, purchaseModel, own, fields)
    const purchases = read.filter(({ reference }) => ours(reference) !== undefined)
    const lines = await purchaseLinesOf(
      client,
      purchases.flatMap((purchase) => purchase.lines),
    )
    const records = purchases.map((purchase) => {
      const currency = purchase['currency.'].code
      return {
        document: 'purchase-order' as const,
        id: String(purchase.id),
        number: purchase.number ?? undefined,
        reference: ours(purchase.reference),
        standing: orderStanding(purchase),
        onDay: purchase.purchase_date ?? '',
        amount: asAmount(purchase.total_amount, currency),
        currency,
        lines: lines.flatMap(({ purchase: of, note, quantity }) =>
          of !== purchase.id || note === null || quantity === null || isAddedKey(note)
            ? []
            : [{ line: note, quantity }],
        ),
      }
    })
    return pageOf(read, records)
  },
}

const Bill = z.object({
  id: Id,
  state: InvoiceState,
  number: z.string().nullable(),
  description: z.string().nullable(),
  total_amount: Decimal,
  lines: Ids,
  accounting_date: Day.nullable(),
  invoice_date: Day.nullable(),
  'currency.': z.object({ code: z.string() }),
})
const billFields = [
  ['state', 'number', 'description', 'total_amount', 'lines'],
  ['accounting_date', 'invoice_date', 'currency.code'],
].flat()
const BilledLine = z.object({ id: Id, invoice: Id, origin: z.string().nullable() })

/** Suppliers' invoices and credit notes that the hub has booked, or that bill its purchases; a credit note is below nothing. */
export const supplierInvoicesBook: Book = {
  model: 'account.invoice',
  documents: ['supplier-invoice', 'supplier-credit-note'],
  referenceField: 'description',
  read: async (client, domain) => {
    const ofPurchases = [
      ...['OR', ['description', '!=', null]],
      ...[['lines.origin.purchase', '!=', null, 'purchase.line']],
    ]
    const read = await searchPage(
      client,
      Bill,
      'account.invoice',
      [['type', '=', 'in'], ofPurchases, ...domain],
      billFields,
    )
    const others = read.filter(({ description }) => ours(description) === undefined)
    const billed = await client.records(
      BilledLine,
      'account.invoice.line',
      others.flatMap(({ lines }) => lines),
      ['invoice', 'origin'],
    )
    const ordered = new Set((await hubLinesOf(client, billed)).map(({ id }) => `purchase.line,${id}`))
    const ofHub = new Set(billed.flatMap(({ invoice, origin }) => (ordered.has(origin ?? '') ? [invoice] : [])))
    const bills = read.filter(({ id, description }) => ours(description) !== undefined || ofHub.has(id))
    const records = bills.map((bill) => {
      const currency = bill['currency.'].code
      const total = new Big(bill.total_amount)
      return {
        document: total.lt(0) ? ('supplier-credit-note' as const) : ('supplier-invoice' as const),
        id: String(bill.id),
        number: bill.number ?? undefined,
        reference: ours(bill.description),
        standing: invoiceStandings[bill.state],
        onDay: bill.accounting_date ?? bill.invoice_date ?? '',
        amount: asAmount(total.abs().toFixed(), currency),
        currency,
      }
    })
    return pageOf(read, records)
  },
}
