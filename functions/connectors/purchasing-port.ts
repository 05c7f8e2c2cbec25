import type { PurchaseOrder } from '#domain/procurement-documents.ts'
import type { PostingPlan } from './port.ts'

/** Ids in the ERP of what a purchase order names, from the cross-reference. */
export interface PurchaseOrderIds {
  readonly supplierId: string
  /** By the buyer's own item id. */
  readonly itemIds: Readonly<Record<string, string>>
  /** By percentage: `20`. */
  readonly taxIds: Readonly<Record<string, string>>
}

/** A purchase order, its ids in the ERP, and the reference under which the ERP will know it. */
export interface PurchaseOrderPosting {
  readonly purchaseOrder: PurchaseOrder
  readonly ids: PurchaseOrderIds
  readonly reference: string
  /** The source system, for people who look at the order in the ERP. */
  readonly system: string
}

/** A newer version of a purchase order of which nothing has arrived yet; it becomes a purchase order of its own. */
export interface PurchaseOrderAmendmentPosting extends PurchaseOrderPosting {
  /** The ERP's own id of the purchase order as it stands. */
  readonly purchaseOrderId: string
  readonly version: number
}

/** The end of a purchase order, before all of it has arrived or any of it. */
export interface PurchaseOrderEndPosting {
  readonly purchaseOrderId: string
  readonly reference: string
}

/** A quantity of an order line, in the order line's unit. */
export interface LineQuantity {
  readonly line: string
  readonly quantity: string
}

/** Goods that arrived for a purchase order, as many as were counted: more or less than ordered. */
export interface GoodsReceiptPosting {
  readonly purchaseOrderId: string
  readonly receivedOn: string
  /** Absent: everything that is still open. */
  readonly lines?: readonly LineQuantity[] | undefined
  readonly reference: string
}

/** Goods that went back to the supplier, under the number of the return. */
export interface SupplierReturnPosting {
  readonly purchaseOrderId: string
  readonly returnNumber: string
  readonly returnedOn: string
  /** Absent: everything that arrived and is still here. */
  readonly lines?: readonly LineQuantity[] | undefined
  readonly reference: string
}

/** A line of a supplier's invoice or credit note as it is booked. */
export interface BilledLinePosting {
  /** The order line that it bills; none: what is not ordered by lines, such as freight. */
  readonly line?: string | undefined
  readonly text?: string | undefined
  /** In the order line's unit; none: an amount alone, which leaves the invoiced quantity as it is. */
  readonly quantity?: string | undefined
  /** Net of tax, rounded; the sign is the document's own, so a credit note's is positive. */
  readonly amount: string
  /** Percent; none: the order line's taxes, or no tax where it bills no order line. */
  readonly taxRate?: string | undefined
}

/** A supplier's invoice or credit note as it was accepted: its own prices, quantities and tax. */
export interface SupplierInvoicePosting {
  readonly purchaseOrderId: string
  /** The supplier's own number, of which the ERP takes one. */
  readonly number: string
  /** The supplier's own date, from which its terms count, and the day to which it is posted. */
  readonly issuedOn: string
  readonly postedOn: string
  readonly currency: string
  readonly lines: readonly BilledLinePosting[]
  /** As the document states it, to be booked to the cent; none: as the ERP computes it. */
  readonly taxTotal?: string | undefined
  /** The ERP's own ids of taxes, by percentage. */
  readonly taxIds: Readonly<Record<string, string>>
  readonly reference: string
}

/** What a supplier gives back, for goods that went back or without any. */
export interface SupplierCreditNotePosting extends SupplierInvoicePosting {
  /** The ERP's own id of the supplier return that it credits. */
  readonly supplierReturnId?: string | undefined
}

/**
 * Settles an invoice or a credit note of a supplier by an amount: over the bank, out for an invoice and in for a credit
 * note; or over the supplier's account, where a credit note leaves what an invoice then takes.
 */
export interface SupplierPaymentPosting {
  readonly over: 'bank' | 'account'
  /** The ERP's own id of the supplier invoice or credit note. */
  readonly invoiceId: string
  /** Always positive; never more than is still open. */
  readonly amount: string
  readonly currency: string
  readonly paidOn: string
  readonly reference: string
}

/** What a step may ask of an ERP about buying. */
export interface PurchasingConnector {
  purchaseOrder(posting: PurchaseOrderPosting): PostingPlan
  /** Its document is the new purchase order, which the documents that follow refer to. */
  purchaseOrderAmendment(posting: PurchaseOrderAmendmentPosting): PostingPlan
  /** Refuses with `GOODS_RECEIVED` when something has arrived. */
  purchaseOrderCancellation(posting: PurchaseOrderEndPosting): PostingPlan
  /** What has not arrived is not waited for any more. */
  purchaseOrderClosing(posting: PurchaseOrderEndPosting): PostingPlan
  goodsReceipt(posting: GoodsReceiptPosting): PostingPlan
  supplierReturn(posting: SupplierReturnPosting): PostingPlan
  /** Refuses with `DUPLICATE_SUPPLIER_INVOICE` when the ERP has the supplier's number already. */
  supplierInvoice(posting: SupplierInvoicePosting): PostingPlan
  supplierCreditNote(posting: SupplierCreditNotePosting): PostingPlan
  supplierPayment(posting: SupplierPaymentPosting): PostingPlan
  /** The ERP's id of the supplier with this code in the ERP, or undefined. */
  findSupplier(code: string): Promise<string | undefined>
}
