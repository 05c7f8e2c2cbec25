import type { Ledger } from './ledger.ts'
import { openCents } from './writes/payment.ts'

/** What the books come to, in cents; stock by item, as it changed. */
export type Totals = {
  /** Posted invoices less posted credit notes less what was applied to either. */
  readonly receivableCents: number
  /** Paid in, not paid out again and not applied to an invoice. Below nothing: more was applied than there was. */
  readonly onAccountCents: number
  readonly bankCents: number
  readonly stock: Readonly<Record<string, number>>
}

/** Of everything that one customer has in the books. */
export function totalsOfCustomer(ledger: Ledger, customer: string): Totals {
  return totals(
    ledger,
    (salesOrder) => salesOrder.customer === customer,
    (payment) => payment.customer === customer,
  )
}

/** Of one sales order in all its versions, and of the payments that came for it: the books do not tell which those are. */
export function totalsOfOrder(ledger: Ledger, number: string, paymentReferences: readonly string[]): Totals {
  return totals(
    ledger,
    (salesOrder) => salesOrder.number === number,
    ({ reference }) => paymentReferences.includes(reference),
  )
}

function totals(
  ledger: Ledger,
  isOrderOf: (salesOrder: Ledger['salesOrders'][number]) => boolean,
  isPaymentOf: (payment: Ledger['accountPayments'][number]) => boolean,
): Totals {
  const salesOrders = ledger.salesOrders.filter(isOrderOf)
  const ids = new Set(salesOrders.map(({ id }) => id))
  const isOurs = ({ salesOrderId }: { readonly salesOrderId: string }) => ids.has(salesOrderId)
  const invoices = ledger.invoices.filter((one) => isOurs(one) && one.isPosted)
  const creditNotes = ledger.creditNotes.filter((one) => isOurs(one) && one.isPosted)
  const payments = ledger.accountPayments.filter((one) => isPaymentOf(one) && one.isPosted)
  const paid = sum(payments, ({ direction, cents }) => (direction === 'incoming' ? cents : -cents))
  const toInvoices = sum(invoices, ({ id }) => appliedTo(ledger.allocations, id))
  const fromCreditNotes = sum(creditNotes, ({ id }) => appliedTo(ledger.allocations, id))
  return {
    receivableCents: sum(invoices, (one) => openCents(ledger, one)) - sum(creditNotes, (one) => openCents(ledger, one)),
    onAccountCents: paid - toInvoices + fromCreditNotes,
    bankCents: paid,
    stock: stockOf(ledger, salesOrders),
  }
}

function stockOf(ledger: Ledger, salesOrders: Ledger['salesOrders']): Record<string, number> {
  const stock: Record<string, number> = {}
  const move = (documents: Ledger['deliveries'], sign: 1 | -1) => {
    for (const { salesOrderId, lines } of documents) {
      const ordered = salesOrders.find(({ id }) => id === salesOrderId)?.lines ?? []
      for (const { line, quantity } of lines) {
        const item = ordered.find((one) => one.line === line)?.item
        if (item !== undefined) stock[item] = (stock[item] ?? 0) + sign * quantity
      }
    }
  }
  move(ledger.deliveries, -1)
  move(ledger.goodsReturns, 1)
  return stock
}

function appliedTo(all: readonly { readonly invoiceId: string; readonly cents: number }[], invoiceId: string): number {
  return sum(all, (one) => (one.invoiceId === invoiceId ? one.cents : 0))
}

function sum<Each>(all: readonly Each[], centsOf: (one: Each) => number): number {
  return all.reduce((total, one) => total + centsOf(one), 0)
}
