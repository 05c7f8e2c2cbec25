import * as z from 'zod'
import { partsOf } from '#domain/keys.ts'
import { SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import type { BillKind } from '#domain/purchase/books.ts'
import type { CaseBill } from '#domain/purchase/match-in-case.ts'
import type { PurchaseRequisition } from '#domain/purchase-requisition.ts'
import { parse } from '#domain/schema.ts'
import { type CaseStory, signalOf } from './case-story.ts'
import { findReference, translate } from './cross-reference-store.ts'
import { required } from './environment.ts'
import type { SignalItem } from './signal-store.ts'

/** A supplier's document of a case, under the number that its signal has. */
export type StoredBill = CaseBill & {
  readonly signal: string
  /** The day on which it was told, for a document that bears none. */
  readonly toldOn: string
}

const isBill = (kind: string): kind is BillKind => kind === 'supplier-invoice' || kind === 'supplier-credit-note'

/** Every supplier's document of a case that is not disputed, in the terms of its order. */
export async function billsOf(story: CaseStory, requisition: PurchaseRequisition): Promise<readonly StoredBill[]> {
  const bills: StoredBill[] = []
  for (const signal of story.signals) {
    if (!isBill(signal.kind) || signal.refusal !== undefined) continue
    bills.push(await billOf(story, requisition, signal, signal.kind))
  }
  return bills
}

async function billOf(
  story: CaseStory,
  requisition: PurchaseRequisition,
  { number, match, occurredAt }: SignalItem,
  kind: BillKind,
): Promise<StoredBill> {
  const { data } = await signalOf(story, kind, number)
  const what = `${kind} ${number} of ${story.case.pk}`
  const isPosted = story.postings.some((one) => one.kind === kind && one.number === number && one.status === 'posted')
  const isAccepted = match?.outcome === 'matched' || match?.decision === 'accept'
  const isDuplicate = match?.outcome === 'duplicate-number' && match.decision !== 'accept'
  const stored = { signal: number, toldOn: occurredAt.slice(0, 10), isPosted, isDuplicate }
  if (kind === 'supplier-invoice') {
    const { purchaseOrder: _toldUnder, ...document } = parse(SupplierInvoice.extend(named), data, what)
    return { ...stored, kind, document: await inOrdersTerms(story, requisition, document) }
  }
  const { purchaseOrder: _toldUnder, ...document } = parse(SupplierCreditNote.extend(named), data, what)
  return { ...stored, kind, isAccepted, document: await inOrdersTerms(story, requisition, document) }
}

/** Under which number of ours it was told; the document's own fields are the supplier's. */
const named = { purchaseOrder: z.string().optional() }

/**
 * The supplier calls itself and our order by other numbers than the requisition does: by its tax number, which is a
 * cross-reference to the same supplier of the ERP, and by the number that the ERP has printed on the order.
 */
async function inOrdersTerms<T extends SupplierInvoice | SupplierCreditNote>(
  story: CaseStory,
  requisition: PurchaseRequisition,
  told: T,
): Promise<T> {
  const order = orderNumbers(story, requisition).includes(told.order ?? '') ? undefined : told.order
  const isOwn = told.supplier !== undefined && (await isSupplierOf(story, requisition, told.supplier.id))
  return { ...told, order, supplier: isOwn ? undefined : told.supplier }
}

/** The requisition's own number, and those under which the ERP knows the order in each version. */
export function orderNumbers({ postings }: CaseStory, { number }: Pick<PurchaseRequisition, 'number'>): string[] {
  const inErp = postings.filter(({ kind }) => kind === 'purchase-order' || kind === 'purchase-order-amendment')
  return [number, ...inErp.flatMap(({ document }) => document?.number ?? [])]
}

async function isSupplierOf(story: CaseStory, { supplier }: PurchaseRequisition, id: string): Promise<boolean> {
  if (id === supplier.id) return true
  const { system } = partsOf(story.case.pk)
  const account = required('ERP_ACCOUNT')
  const known = await findReference(system, 'supplier', id, account)
  return known !== undefined && known === (await translate(system, 'supplier', supplier.id, account, 'supplier.id'))
}
