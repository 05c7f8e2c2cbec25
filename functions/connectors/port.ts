import type { DocumentKind, GoodsIssue, PricedSalesOrder } from '#domain/documents.ts'
import type { Refusal } from '#domain/errors.ts'
import type { Doubt, PostedDocument } from '#domain/posting.ts'
import type { PurchasingConnector } from './purchasing-port.ts'
import type { ErpRecords } from './records-port.ts'

/**
 * What became of one request to the ERP. A connector never throws for these: the posting table decides what follows.
 *  - `answered`: applied; the document can be read.
 *  - `exists`: the ERP refused a second one under the same natural key.
 *  - `changed`: the document no longer bears the stamp that was sent; nothing was applied.
 *  - `refused`: a rule of the ERP says no; nothing was applied. `undone`: what earlier operations of the same posting had
 *    applied has been taken back as well, so that nothing of it stands.
 *  - `not-applied`: for sure, and for a passing cause: never connected, 429, the ERP's own words for a rolled-back transaction.
 *  - `no-answer`: everything else. Perhaps applied.
 */
export type SendOutcome =
  | { readonly kind: 'answered' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'changed' }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly undone?: true }
  | { readonly kind: 'not-applied'; readonly cause: unknown }
  | { readonly kind: 'no-answer'; readonly cause: unknown }

/** A document as it stands in the ERP now, found by our reference. */
export interface FoundDocument {
  readonly document: PostedDocument
  /** How many operations of the plan are done already: the next one is `operations[done]`; all done: at the target. */
  readonly done: number
  /** The stamp of the document as read, to be sent with the next `if-unchanged` operation. */
  readonly stamp?: string
  /** What differs from what should stand there, in words for a person; empty when the content matches. */
  readonly differences: readonly string[]
}

/** One write to the ERP: one request, one transaction there. */
export interface Operation {
  /** A verb and the document: `create-sales-order`, `confirm-sales-order`. */
  readonly name: string
  /** How doubt about this operation ends. */
  readonly doubt: Doubt
  /** Sends once, never repeats by itself, and never takes longer than the connector's client timeout. */
  send(stamp: string | undefined): Promise<SendOutcome>
}

/** How one document is brought to its target state. */
export interface PostingPlan {
  readonly operations: readonly Operation[]
  /**
   * Looks the document up by our reference and tells how far it is: none, one, or (a conflict) several.
   * @throws RetryableError when the ERP could not be asked, PoisonMessageError when its answer is not understood.
   */
  find(): Promise<readonly FoundDocument[]>
}

/** Ids in the ERP of what a sales order names, from the cross-reference. */
export interface SalesOrderIds {
  readonly customerId: string
  /** By the source's item id. */
  readonly itemIds: Readonly<Record<string, string>>
  /** By the source's tax code. */
  readonly taxIds: Readonly<Record<string, string>>
}

/** A sales order, its ids in the ERP, and the reference under which the ERP will know it. */
export interface SalesOrderPosting {
  readonly salesOrder: PricedSalesOrder
  readonly ids: SalesOrderIds
  readonly reference: string
  /** The source system, for the ERP's shop or channel field. */
  readonly system: string
}

/** A newer version of a sales order of which nothing has left yet; it becomes a sales order of its own in the ERP. */
export interface SalesOrderAmendmentPosting extends SalesOrderPosting {
  /** The ERP's own id of the sales order as it stands: the first version's, or that of the amendment before. */
  readonly salesOrderId: string
  readonly version: number
}

/** The end of a sales order, before all of it has left or any of it. */
export interface SalesOrderEndPosting {
  /** The ERP's own id of the sales order. */
  readonly salesOrderId: string
  readonly reference: string
}

/** A goods issue for a sales order that stands in the ERP already. */
export interface GoodsIssuePosting {
  readonly goodsIssue: GoodsIssue
  /** The ERP's own id of the sales order. */
  readonly salesOrderId: string
  readonly reference: string
}

/** The invoice for one delivery. */
export interface CustomerInvoicePosting {
  /** The ERP's own ids of the sales order and the delivery. */
  readonly salesOrderId: string
  readonly deliveryId: string
  readonly invoicedOn: string
  readonly reference: string
}

/**
 * Money between the customer and the bank, booked at once and whatever is invoiced by then: what no invoice takes is on
 * the customer's account until a payment allocation applies it. A refund is the same the other way.
 */
export interface PaymentOnAccountPosting {
  readonly direction: 'incoming' | 'outgoing'
  /** The ERP's own id of the customer. */
  readonly customerId: string
  readonly amount: string
  readonly currency: string
  readonly paidOn: string
  readonly reference: string
}

/** Applies an amount on the customer's account to an invoice, or a credit note to the account. */
export interface PaymentAllocationPosting {
  /** The ERP's own id of the customer invoice or credit note. */
  readonly invoiceId: string
  /** Always positive; never more than the invoice still asks for. */
  readonly amount: string
  readonly currency: string
  readonly allocatedOn: string
  readonly reference: string
}

/** Goods that a customer sent back, under the number of the return. */
export interface GoodsReturnPosting {
  /** The ERP's own id of the sales order. */
  readonly salesOrderId: string
  readonly returnNumber: string
  readonly returnedOn: string
  /** What came back, by order line; absent: everything that was delivered and is not back yet. */
  readonly lines?: readonly { readonly line: string; readonly quantity: string }[] | undefined
  readonly reference: string
}

/** What a credit note is for: goods that came back, quantities that stay with the customer, or amounts. */
export type Credit =
  /** `goodsReturnId` is the ERP's own id of the goods return, which is at its target. */
  | { readonly of: 'return'; readonly goodsReturnId: string }
  /** At the order's prices. */
  | { readonly of: 'lines'; readonly lines: readonly { readonly line: string; readonly quantity: string }[] }
  | { readonly of: 'amounts'; readonly amounts: readonly CreditAmount[] }
  /** What is invoiced and not credited yet, freight included. */
  | { readonly of: 'everything' }

export interface CreditAmount {
  /** Tax included. */
  readonly gross: string
  /** The ERP's own id of the tax that it includes; none: no tax. */
  readonly taxId?: string | undefined
  readonly text: string
}

/** A credit note for a sales order, never over more than its invoices. */
export interface CreditNotePosting {
  /** The ERP's own id of the sales order. */
  readonly salesOrderId: string
  readonly credit: Credit
  readonly creditedOn: string
  readonly reference: string
}

/** What an ERP is, as far as the hub must know. Times are checked at synth: client timeout < Lambda timeout < lease. */
export interface ErpFacts {
  readonly clientTimeoutMs: number
  /** The longest time from leaving the Lambda until a look-up can see the effect. */
  readonly settleMs: number
  /** Longest reference that each document can carry. */
  readonly referenceLength: Readonly<Record<DocumentKind, number>>
  /** What this ERP's supported API cannot write. */
  readonly unsupported: readonly DocumentKind[]
}

/** A document that somebody names by its number, and whose it is. */
export interface NumberedDocument {
  readonly document: PostedDocument
  /** Whether it has the effect that a posting of its kind has at its target: confirmed, done, posted; not a draft. */
  readonly isInEffect: boolean
  /** Which way it moves money: from or to the customer, or between the account and an invoice; none where it does not. */
  readonly direction?: 'incoming' | 'outgoing' | 'allocation' | undefined
  /** The reference under which the hub wrote it, if the hub did. */
  readonly reference?: string | undefined
  /** The ERP's own ids of whose it is, as far as it says: customers, or suppliers of what is bought. */
  readonly customerIds: readonly string[]
  readonly salesOrderIds: readonly string[]
  /** Of documents of buying alone. */
  readonly purchaseOrderIds?: readonly string[] | undefined
}

/** One ERP behind the hub: everything a step may ask of it, in business words. */
export interface ErpConnector extends PurchasingConnector, ErpRecords {
  readonly name: string
  readonly facts: ErpFacts
  salesOrder(posting: SalesOrderPosting): PostingPlan
  /** Its document is the new sales order, which the documents that follow refer to. */
  salesOrderAmendment(posting: SalesOrderAmendmentPosting): PostingPlan
  /** Refuses with `GOODS_GONE` when something has left. */
  salesOrderCancellation(posting: SalesOrderEndPosting): PostingPlan
  /** What has not left will not. */
  salesOrderClosing(posting: SalesOrderEndPosting): PostingPlan
  goodsIssue(posting: GoodsIssuePosting): PostingPlan
  customerInvoice(posting: CustomerInvoicePosting): PostingPlan
  goodsReturn(posting: GoodsReturnPosting): PostingPlan
  creditNote(posting: CreditNotePosting): PostingPlan
  paymentOnAccount(posting: PaymentOnAccountPosting): PostingPlan
  paymentAllocation(posting: PaymentAllocationPosting): PostingPlan
  /** The documents of this kind that bear this number, or else the one with this id; for a person who says which it is. */
  findDocument(kind: DocumentKind, number: string): Promise<readonly NumberedDocument[]>
  /** The ERP's id of the customer or item with this code in the ERP, or undefined. */
  findCustomer(code: string): Promise<string | undefined>
  findItem(code: string): Promise<string | undefined>
  /** Quantity on hand of an item, as a decimal. */
  stockOnHand(itemId: string): Promise<string>
}

/** What a request showed of the ERP itself, whatever it said. */
export type CallOutcome =
  | { readonly kind: 'up' }
  /** It wants fewer calls (429, or 503 with Retry-After); with its Retry-After, in seconds or as a date. */
  | { readonly kind: 'throttled'; readonly retryAfter?: string | null }
  /** Never connected, or 503: nothing of it is at work. */
  | { readonly kind: 'down' }
  /** None in time, 502, 504: the ERP may still be at work on it. */
  | { readonly kind: 'no-answer' }
  /** Its time was over before its turn came. */
  | { readonly kind: 'not-sent' }

/** Every request of a connector passes here: the limits of the ERP account are kept by waiting. */
export interface ErpGate {
  /**
   * Waits until the account allows one more call, just before it is sent. Of several at once each waits for the one
   * before: a slot is for one call.
   * @throws ErpBusyError when that is too far off; nothing was sent
   */
  beforeCall(): Promise<void>
  /** Tells what the call showed; of each that was allowed. */
  after(outcome: CallOutcome): Promise<void>
}

/** How a connector reaches its ERP; the credentials come from the secret, the rest from configuration. */
export interface ErpConnection {
  readonly url: string
  readonly credentials: Readonly<Record<string, string>>
  readonly clientTimeoutMs: number
  readonly settleMs: number
  /** Absent: whoever calls has the ERP to himself, such as who fills it. */
  readonly gate?: ErpGate
}
