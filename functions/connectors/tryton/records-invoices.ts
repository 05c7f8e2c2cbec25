import Big from 'big.js'
import { invoiceFields, invoiceModel } from './invoice.ts'
import { asAmount } from './mapping.ts'
import { type Book, Day, invoiceStandings, ours, pageOf, searchPage } from './records-book.ts'
import { Invoice } from './wire.ts'

const Found = Invoice.extend({ accounting_date: Day.nullable(), invoice_date: Day.nullable() })

/** Invoices and credit notes of the hub's sales; a credit note is an invoice over less than nothing. */
export function invoicesBook(shop: () => Promise<number>): Book {
  return {
    model: invoiceModel,
    documents: ['customer-invoice', 'credit-note'],
    referenceField: 'reference',
    read: async (client, domain) => {
      const own = [['type', '=', 'out'], ['lines.origin.sale.web_shop', '=', await shop(), 'sale.line'], ...domain]
      const fields = [...invoiceFields, 'accounting_date', 'invoice_date']
      const invoices = await searchPage(client, Found, invoiceModel, own, fields)
      return pageOf(
        invoices,
        invoices.map((invoice) => {
          const isCredit = new Big(invoice.total_amount).lt(0)
          const currency = invoice['currency.'].code
          return {
            document: isCredit ? 'credit-note' : 'customer-invoice',
            id: String(invoice.id),
            number: invoice.number ?? undefined,
            reference: ours(invoice.reference),
            standing: invoiceStandings[invoice.state],
            onDay: invoice.accounting_date ?? invoice.invoice_date ?? '',
            amount: asAmount(new Big(invoice.total_amount).abs().toFixed(), currency),
            currency,
          }
        }),
      )
    },
  }
}
