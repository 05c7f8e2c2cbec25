import type { Ledger, Order, Quantity } from './ledger.ts'
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

/** What buying comes to with one supplier, in cents; stock by item, as it changed. */
export type PurchaseTotals = {
  /** Posted invoices less posted credit notes less what was paid of them over the bank. */
  readonly payableCents: number
  readonly bankCents: number
  readonly stock: Readonly<Record<string, number>>
}

/** Of everything that one supplier has in the books. */
export function totalsOfSupplier(ledger: Ledger, supplier: string): PurchaseTotals {
  const orders = ledger.purchaseOrders.filter((one) => one.supplier === supplier)
  const ids = new Set(orders.map(({ id }) => id))
  const bills = ledger.supplierBills.filter(({ purchaseOrderId, isPosted }) => isPosted && ids.has(purchaseOrderId))
  const overBank = ledger.supplierPayments.filter(({ over }) => over === 'bank')
  const sign = ({ kind }: Ledger['supplierBills'][number]) => (kind === 'supplier-invoice' ? 1 : -1)
  const paid = sum(bills, (bill) => sign(bill) * appliedTo(overBank, bill.id))
  return {
    payableCents: sum(bills, (bill) => sign(bill) * bill.cents) - paid,
    bankCents: -paid,
    stock: stockOf(orders, [
      ...ledger.goodsReceipts.map(({ purchaseOrderId, lines }) => ({ orderId: purchaseOrderId, lines, sign: 1 })),
      ...ledger.supplierReturns.map(({ purchaseOrderId, lines }) => ({ orderId: purchaseOrderId, lines, sign: -1 })),
    ]),
  }
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
    stock: stockOf(salesOrders, [
      ...ledger.deliveries.map(({ salesOrderId, lines }) => ({ orderId: salesOrderId, lines, sign: -1 })),
      ...ledger.goodsReturns.map(({ salesOrderId, lines }) => ({ orderId: salesOrderId, lines, sign: 1 })),
    ]),
  }
}

type Moved = { readonly orderId: string; readonly lines: readonly Quantity[]; readonly sign: number }

function stockOf(orders: readonly Order[], moved: readonly Moved[]): Record<string, number> {
  const stock: Record<string, number> = {}
  for (const { orderId, lines, sign } of moved) {
    const ordered = orders.find(({ id }) => id === orderId)?.lines ?? []
    for (const { line, quantity } of lines) {
      const item = ordered.find((one) => one.line === line)?.item
      if (item !== undefined) stock[item] = (stock[item] ?? 0) + sign * quantity
    }
  }
  return stock
}

function appliedTo(all: readonly { readonly invoiceId: string; readonly cents: number }[], invoiceId: string): number {
  return sum(all, (one) => (one.invoiceId === invoiceId ? one.cents : 0))
}

function sum<Each>(all: readonly Each[], centsOf: (one: Each) => number): number {
  return all.reduce((total, one) => total + centsOf(one), 0)
}
