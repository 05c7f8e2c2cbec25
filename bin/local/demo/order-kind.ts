import type { HubEvent } from '#domain/events.ts'
import type { Choice } from '#domain/inbox.ts'

/**
 * How one order of the demo lives, to a customer or to a supplier, as data: what is published when the hub has said what,
 * and what must stand in the ERP's books at the end. Amounts were worked out by hand.
 */
export type OrderKind = OrderLife &
  (
    | { readonly customer: string; readonly supplier?: undefined }
    | { readonly supplier: string; readonly customer?: undefined }
  )

interface OrderLife {
  readonly name: string
  /** What it is about, in a sentence. */
  readonly about: string
  readonly lines: readonly OrderLine[]
  readonly freight?: string
  readonly freightTaxCode?: string
  readonly steps: readonly Step[]
  /** How often each of its events is published, at once; absent: once. */
  readonly copies?: number
  /** The ERP's answer to the create is lost on its way back. */
  readonly losesCreateAnswer?: true
  readonly ends: Outcome
  /** For an order that is still open when the demo ends: the last that the hub says of it. */
  readonly until?: Cue
  /** Code of its dead letter; absent: there is none. */
  readonly code?: string
  readonly books: ExpectedBooks
}

export interface OrderLine {
  readonly item: string
  readonly quantity: string
  readonly unitPrice: string
  readonly discount?: string
  readonly taxCode?: string
  /** Percent, where it is bought. */
  readonly taxRate?: string
}

/** Each step is done once, when its cue comes. */
export interface Step {
  readonly when: Cue
  readonly publish: readonly Publication[]
}

/**
 * `start`: the order's turn has come. `parked`: the hub keeps what came before its order. `asked`: its inbox asks about
 * the order. Otherwise what the hub says, and of which document where that matters: `CustomerInvoiceCreated DN1`.
 */
export type Cue = 'start' | 'parked' | 'asked' | HubEvent | `${HubEvent} ${string}`

/** What the world around the hub publishes. Numbers are the order's own: `DN1` becomes `TP0C2B-7-DN1`. */
export type Publication = SalePublication | PurchasePublication | Answer

/** What shop, warehouse and bank publish. */
type SalePublication =
  | { readonly event: 'SalesOrderSubmitted'; readonly version?: number; readonly lines?: readonly OrderLine[] }
  /** An order that nobody can understand. */
  | { readonly event: 'SalesOrderSubmitted'; readonly isPoison: true }
  /** Quantities by order line; absent: everything. */
  | { readonly event: 'GoodsIssued' | 'ReturnReceived'; readonly number: string; readonly lines?: LineQuantities }
  | { readonly event: 'PaymentReceived'; readonly number: string; readonly amount: string }
  | { readonly event: 'SalesOrderCancelled' | 'SalesOrderClosed'; readonly reason: string }
  | { readonly event: 'RefundRequested'; readonly number: string; readonly of: RefundOf }

/** What purchasing, warehouse and supplier publish. */
type PurchasePublication =
  | { readonly event: 'PurchaseRequisitionSubmitted'; readonly version?: number; readonly lines?: readonly OrderLine[] }
  /** Quantities by order line; absent: everything. */
  | { readonly event: 'GoodsReceived' | 'GoodsReturned'; readonly number: string; readonly lines?: LineQuantities }
  | {
      readonly event: 'SupplierInvoiceReceived' | 'SupplierCreditNoteReceived'
      readonly number: string
      readonly lines: readonly BilledLine[]
      /** Days from today until it is to be paid; absent: today. */
      readonly dueInDays?: number
      /** It writes the number in its own way, which is an event of its own. */
      readonly isSpelledOtherwise?: true
    }
  | { readonly event: 'PurchaseOrderCancelled' | 'PurchaseOrderClosed'; readonly reason: string }

/** What a person decides about the question that the order has in the inbox. */
export interface Answer {
  readonly event: 'DecisionMade'
  readonly choice: Choice
  readonly reason: string
}

export interface BilledLine {
  readonly line: string
  readonly quantity: string
  readonly unitPrice: string
}

export type LineQuantities = Readonly<Record<string, string>>

export type RefundOf =
  | 'balance'
  | { readonly return: string }
  | { readonly lines: LineQuantities }
  | { readonly amount: string; readonly taxCode: string; readonly reason: string }

/** How an order ends, as the hub says it. */
export type Outcome = 'completed' | 'cancelled' | 'closed' | 'rejected' | 'failed' | 'dead-letter' | 'open'

export interface ExpectedBooks {
  /** Each version of the order is an order of its own in the ERP. */
  readonly orders: readonly { readonly gross: string; readonly state: 'done' | 'processing' | 'quotation' }[]
  readonly invoices?: readonly string[]
  readonly creditNotes?: readonly string[]
  /** What goes back to the customer, by refund; what goes to the supplier, by invoice. */
  readonly paidOut?: Readonly<Record<string, string>>
  /** What the order changes: stock by item, the bank, what is owed on its invoices, and what the customer has on account. */
  readonly stock?: Readonly<Record<string, string>>
  readonly bank: string
  readonly owed?: string
  readonly onAccount?: string
}
