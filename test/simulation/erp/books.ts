import { SimulationError } from '../simulation-error.ts'
import type { Profile } from './profiles.ts'
import type { Reply, WriteRequest } from './wire.ts'

/** What every document bears. `visibleFromMs`: a look-up by reference sees it from then on, a read by id at once. */
type Entry = { readonly id: string; readonly reference: string; stamp: number; readonly visibleFromMs: number }

export type SalesOrder = Entry & {
  readonly number: string
  readonly customer: string
  readonly lines: readonly {
    readonly line: string
    readonly item: string
    readonly quantity: number
    readonly cents: number
  }[]
  isConfirmed: boolean
  /** Confirmations that came from the hub; a clerk's are not counted. */
  confirmedByHub: number
}
export type Delivery = Entry & {
  readonly salesOrderId: string
  readonly lines: readonly { readonly line: string; readonly quantity: number }[]
}
export type Invoice = Entry & {
  readonly salesOrderId: string
  readonly deliveryId: string
  readonly cents: number
  isPosted: boolean
  postedByHub: number
}
export type Payment = Entry & { readonly invoiceId: string; readonly cents: number }

export type Books = {
  readonly salesOrders: SalesOrder[]
  readonly deliveries: Delivery[]
  readonly invoices: Invoice[]
  readonly payments: Payment[]
  /** Sales orders by number that are over their customer's limit until somebody raises it. */
  readonly overLimit: Set<string>
  /** Applies a request at the moment of its arrival, all of it or nothing. */
  apply(request: WriteRequest): Reply
}

/** The books of one ERP; the profile decides what it checks. */
export function createBooks(profile: Profile, nowMs: () => number, unseenMs: () => number): Books {
  const books = { salesOrders: [], deliveries: [], invoices: [], payments: [], overLimit: new Set<string>() }
  const ledger: Omit<Books, 'apply'> = books
  let entries = 0
  let stamps = 0

  const nextStamp = () => {
    stamps += 1
    return stamps
  }
  const newEntry = (reference: string): Entry => {
    entries += 1
    return { id: String(1000 + entries), reference, stamp: nextStamp(), visibleFromMs: nowMs() + unseenMs() }
  }
  const exists = (documents: readonly Entry[], reference: string) =>
    documents.some((document) => document.reference === reference)
  // `fresh` is what the mutant sends that reads the stamp anew instead of sending the one it had sent.
  const isStale = (doubt: string, document: Entry, stamp: string | undefined) =>
    doubt === 'if-unchanged' && stamp !== 'fresh' && String(document.stamp) !== stamp

  const apply: Books['apply'] = (request) => {
    const { reference, stamp } = request
    switch (request.operation) {
      case 'create-sales-order': {
        if (profile.create === 'natural-key' && exists(ledger.salesOrders, reference)) return { said: 'exists' }
        const { number, customer, lines } = request
        const salesOrder = { ...newEntry(reference), number, customer, lines, isConfirmed: false, confirmedByHub: 0 }
        ledger.salesOrders.push(salesOrder)
        return { said: 'applied', id: salesOrder.id }
      }
      case 'confirm-sales-order': {
        const salesOrder = byId(ledger.salesOrders, request.salesOrderId)
        if (isStale(profile.transition, salesOrder, stamp)) return { said: 'changed' }
        if (ledger.overLimit.has(salesOrder.number)) return { said: 'refused', code: 'CREDIT_LIMIT' }
        salesOrder.isConfirmed = true
        salesOrder.confirmedByHub += 1
        salesOrder.stamp = nextStamp()
        return { said: 'applied', id: salesOrder.id }
      }
      case 'post-goods-issue': {
        const salesOrder = byId(ledger.salesOrders, request.salesOrderId)
        if (profile.follow === 'natural-key' && exists(ledger.deliveries, reference)) return { said: 'exists' }
        if (isStale(profile.follow, salesOrder, stamp)) return { said: 'changed' }
        if (!salesOrder.isConfirmed) return { said: 'refused', code: 'NOT_CONFIRMED' }
        const lines = request.lines ?? openLines(ledger, salesOrder)
        const delivery = { ...newEntry(reference), salesOrderId: salesOrder.id, lines }
        ledger.deliveries.push(delivery)
        salesOrder.stamp = nextStamp()
        return { said: 'applied', id: delivery.id }
      }
      case 'create-customer-invoice': {
        const delivery = byId(ledger.deliveries, request.deliveryId)
        if (profile.follow === 'natural-key' && exists(ledger.invoices, reference)) return { said: 'exists' }
        if (isStale(profile.follow, delivery, stamp)) return { said: 'changed' }
        const cents = invoiced(byId(ledger.salesOrders, delivery.salesOrderId), delivery)
        const { salesOrderId, id: deliveryId } = delivery
        const invoice = { ...newEntry(reference), salesOrderId, deliveryId, cents, isPosted: false, postedByHub: 0 }
        ledger.invoices.push(invoice)
        delivery.stamp = nextStamp()
        return { said: 'applied', id: invoice.id }
      }
      case 'post-customer-invoice': {
        const invoice = byId(ledger.invoices, request.invoiceId)
        if (isStale(profile.transition, invoice, stamp)) return { said: 'changed' }
        invoice.isPosted = true
        invoice.postedByHub += 1
        invoice.stamp = nextStamp()
        return { said: 'applied', id: invoice.id }
      }
      case 'pay-invoice': {
        const { invoiceId, cents } = request
        const invoice = byId(ledger.invoices, invoiceId)
        const isPaid = ledger.payments.some((one) => one.reference === reference && one.invoiceId === invoiceId)
        if (profile.follow === 'natural-key' && isPaid) return { said: 'exists' }
        if (isStale(profile.follow, invoice, stamp)) return { said: 'changed' }
        const payment = { ...newEntry(reference), invoiceId, cents }
        ledger.payments.push(payment)
        invoice.stamp = nextStamp()
        return { said: 'applied', id: payment.id }
      }
    }
  }
  return { ...ledger, apply }
}

export function byId<Document extends Entry>(documents: readonly Document[], id: string): Document {
  const document = documents.find((one) => one.id === id)
  if (document === undefined) throw new SimulationError(`The simulated ERP has no document ${id}`)
  return document
}

/** Everything that was ordered and has not been delivered; all of it again when nothing is open, so that it shows. */
function openLines({ deliveries }: Omit<Books, 'apply'>, { id, lines }: SalesOrder): Delivery['lines'] {
  const issued = deliveries.filter(({ salesOrderId }) => salesOrderId === id).flatMap((delivery) => delivery.lines)
  const open = lines.flatMap(({ line, quantity }) => {
    const left = issued.filter((one) => one.line === line).reduce((sum, one) => sum - one.quantity, quantity)
    return left > 0 ? [{ line, quantity: left }] : []
  })
  return open.length > 0 ? open : lines.map(({ line, quantity }) => ({ line, quantity }))
}

function invoiced({ lines }: SalesOrder, delivery: Delivery): number {
  return delivery.lines.reduce((sum, { line, quantity }) => {
    const ordered = lines.find((one) => one.line === line)
    return sum + quantity * (ordered?.cents ?? 0)
  }, 0)
}
