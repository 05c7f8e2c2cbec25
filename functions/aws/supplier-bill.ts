import type { BilledLinePosting, SupplierInvoicePosting } from '#connectors/purchasing-port.ts'
import { BusinessError } from '#domain/errors.ts'
import { partsOf } from '#domain/keys.ts'
import { SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import type { BillKind } from '#domain/purchase/books.ts'
import { creditedReturn } from '#domain/purchase/credited-return.ts'
import { PurchaseRequisition, purchaseOrderOf } from '#domain/purchase-requisition.ts'
import { parse } from '#domain/schema.ts'
import { bookedLinesOf } from '#domain/three-way-match/booked-lines.ts'
import { readBody } from './body-store.ts'
import { type CaseStory, currentOrder, documentOf, signalOf } from './case-story.ts'
import { purchaseTaxIds } from './purchase-order-ids.ts'

type Bill = Omit<SupplierInvoicePosting, 'postedOn' | 'taxIds' | 'reference'>

/**
 * A supplier's document in the terms of its purchase order, as it is booked, and the ERP's ids of its taxes.
 * @throws BusinessError NOTHING_TO_BILL when a line bills none of the order's; UNKNOWN_TAX
 */
export async function bookedBillOf(
  story: CaseStory,
  kind: BillKind,
  number: string,
): Promise<{ readonly bill: Bill; readonly taxIds: Readonly<Record<string, string>> }> {
  const { pk, version, currency } = story.case
  const { document, occurredAt } = await toldBillOf(story, kind, number)
  const order = purchaseOrderOf(await readBody(PurchaseRequisition, pk, version))
  const lines = bookedLinesOf(document, order)
  if ('unknown' in lines) {
    const message = lines.unknown.join('; ')
    throw new BusinessError({ code: 'NOTHING_TO_BILL', message, field: 'lines', owner: 'purchasing' })
  }
  return {
    bill: {
      purchaseOrderId: currentOrder(story, 'purchase-order').id,
      number: document.number,
      issuedOn: document.issuedOn ?? occurredAt.slice(0, 10),
      currency: document.currency ?? currency,
      lines,
      taxTotal: document.taxTotal,
    },
    taxIds: await purchaseTaxIds(partsOf(pk).system, lines),
  }
}

/** A supplier's document as it was told. */
export async function toldBillOf(story: CaseStory, kind: BillKind, number: string) {
  const { data, occurredAt } = await signalOf(story, kind, number)
  const schema = kind === 'supplier-invoice' ? SupplierInvoice : SupplierCreditNote
  return { document: parse(schema.loose(), data, `${kind} ${number} of ${story.case.pk}`), occurredAt }
}

/** The ERP's id of the return that a credit note credits, if it is for goods that went back. */
export function creditedReturnOf(
  story: CaseStory,
  number: string,
  lines: readonly BilledLinePosting[],
): string | undefined {
  const found = creditedReturn(story.postings, number, lines)
  return found && documentOf(story, 'supplier-return', found).id
}
