import type { Owner } from '#domain/errors.ts'
import { SimulationError } from '../simulation-error.ts'
import { documentsOf } from './look-up.ts'
import type { Profile } from './profiles.ts'
import type { Reply } from './wire.ts'

/** What every document bears. `visibleFromMs`: a look-up by reference sees it from then on, a read by id at once. */
export type Entry = { readonly id: string; readonly reference: string; stamp: number; readonly visibleFromMs: number }
export type Quantity = { readonly line: string; readonly quantity: number }

/** What was agreed to be sold or bought. */
export type Order = Entry & {
  readonly number: string
  lines: readonly {
    readonly line: string
    readonly item: string
    readonly quantity: number
    readonly cents: number
  }[]
  isConfirmed: boolean
  /** Confirmations that came from the hub; a clerk's are not counted. */
  confirmedByHub: number
  status: 'open' | 'replaced' | 'cancelled' | 'closed'
  /** Which versions were to replace it, each with its reference, in the order in which they said so. */
  readonly claims: { readonly version: number; readonly reference: string }[]
  /** References of what took it back, cancelled it or closed it, as often as they did. */
  readonly endings: string[]
}
export type SalesOrder = Order & { readonly customer: string }
export type PurchaseOrder = Omit<Order, 'lines'> & {
  readonly supplier: string
  readonly currency: string
  lines: readonly (Order['lines'][number] & { readonly taxRate: number })[]
}
export type Delivery = Entry & { readonly salesOrderId: string; readonly lines: readonly Quantity[] }
export type GoodsReturn = Entry & { readonly salesOrderId: string; readonly lines: readonly Quantity[] }
type Bill = Entry & { readonly salesOrderId: string; readonly cents: number; isPosted: boolean; postedByHub: number }
export type Invoice = Bill & { readonly deliveryId: string }
/** Over what goods that came back had cost, over quantities that stay with the customer, or over an amount alone. */
export type CreditNote = Bill & { readonly goodsReturnId?: string; readonly lines: readonly Quantity[] }
/** Money between the bank and a customer's account; books nothing until it is posted. */
export type AccountPayment = Entry & {
  readonly direction: 'incoming' | 'outgoing'
  readonly customer: string
  readonly cents: number
  isPosted: boolean
  postedByHub: number
}
/** Between a customer's account and an invoice or a credit note. */
export type Allocation = Entry & { readonly invoiceId: string; readonly cents: number }

export type GoodsReceipt = Entry & { readonly purchaseOrderId: string; readonly lines: readonly Quantity[] }
export type SupplierReturn = Entry & { readonly purchaseOrderId: string; readonly lines: readonly Quantity[] }
/** A supplier's invoice or credit note, each over more than nothing, with tax. */
export type SupplierBill = Entry & {
  readonly kind: 'supplier-invoice' | 'supplier-credit-note'
  readonly purchaseOrderId: string
  /** The supplier's own. */
  readonly number: string
  readonly cents: number
  readonly lines: readonly Quantity[]
  isPosted: boolean
  postedByHub: number
}
/** Of a bill: over the bank, or between it and what the supplier has on account. */
export type SupplierPayment = Allocation & { readonly over: 'bank' | 'account' }

export type Ledger = {
  readonly salesOrders: SalesOrder[]
  readonly deliveries: Delivery[]
  readonly goodsReturns: GoodsReturn[]
  readonly invoices: Invoice[]
  readonly creditNotes: CreditNote[]
  readonly accountPayments: AccountPayment[]
  readonly allocations: Allocation[]
  readonly purchaseOrders: PurchaseOrder[]
  readonly goodsReceipts: GoodsReceipt[]
  readonly supplierReturns: SupplierReturn[]
  readonly supplierBills: SupplierBill[]
  readonly supplierPayments: SupplierPayment[]
  /** Sales orders by number that are over their customer's limit until somebody raises it. */
  readonly overLimit: Set<string>
  /** Orders by number of which a warehouse has begun to pick or to receive something. */
  readonly underWay: Set<string>
  /** Orders by number whose last line it leaves out without a word, once; what was sent, for whoever mends it. */
  readonly dropsLine: Set<string>
  readonly sentLines: Map<string, SalesOrder['lines']>
  readonly sentPurchaseLines: Map<string, PurchaseOrder['lines']>
}

export function emptyLedger(): Ledger {
  return {
    salesOrders: [],
    deliveries: [],
    goodsReturns: [],
    invoices: [],
    creditNotes: [],
    accountPayments: [],
    allocations: [],
    purchaseOrders: [],
    goodsReceipts: [],
    supplierReturns: [],
    supplierBills: [],
    supplierPayments: [],
    overLimit: new Set(),
    underWay: new Set(),
    dropsLine: new Set(),
    sentLines: new Map(),
    sentPurchaseLines: new Map(),
  }
}

/** The ledger with what the profile checks and what every write needs. */
export type Desk = {
  readonly ledger: Ledger
  readonly profile: Profile
  newEntry(reference: string): Entry
  /** Whoever read the document before has an old stamp now. */
  touch(document: Entry): void
}

type Sent = { readonly reference: string; readonly stamp?: string | undefined }

/** What the ERP says to a new document that follows another, before any rule of the business. */
export function guardFollowing({ profile }: Desk, sent: Sent, siblings: readonly Entry[], parent: Entry) {
  if (profile.follow === 'natural-key' && isThere(siblings, sent)) return exists
  return profile.follow === 'if-unchanged' ? guardStamp(sent, parent) : undefined
}

/** … to a new document that stands by itself. */
export function guardCreation({ profile }: Desk, sent: Sent, siblings: readonly Entry[]): Reply | undefined {
  return profile.create === 'natural-key' && isThere(siblings, sent) ? exists : undefined
}

/** … to a change of a document. */
export function guardTransition({ profile }: Desk, sent: Sent, document: Entry): Reply | undefined {
  return profile.transition === 'if-unchanged' ? guardStamp(sent, document) : undefined
}

function isThere(siblings: readonly Entry[], { reference }: Sent): boolean {
  return documentsOf(siblings, 'reference', reference).length > 0
}

const exists: Reply = { said: 'exists' }

// `fresh` is what the mutant sends that reads the stamp anew instead of sending the one it had sent.
function guardStamp({ stamp }: Sent, document: Entry): Reply | undefined {
  return stamp !== 'fresh' && String(document.stamp) !== stamp ? { said: 'changed' } : undefined
}

export function applied({ id }: Entry): Reply {
  return { said: 'applied', id }
}

export function refused(code: string, owner: Owner = 'sales'): Reply {
  return { said: 'refused', code, owner }
}

/** None or one, for whoever looks for it by its number. */
export function named<Document extends Entry>(documents: readonly Document[], id: string): readonly Document[] {
  return documentsOf(documents, 'id', id)
}

export function byId<Document extends Entry>(documents: readonly Document[], id: string): Document {
  const [document] = named(documents, id)
  if (document === undefined) throw new SimulationError(`The simulated ERP has no document ${id}`)
  return document
}
