import * as z from 'zod'
import type { ErpConnector, NumberedDocument } from '#connectors/port.ts'
import { isReference } from '#domain/fingerprint.ts'
import type { PostingName } from '#domain/keys.ts'
import { sameDecimal } from '#domain/money.ts'
import type { PostedDocument } from '#domain/posting.ts'
import { parse } from '#domain/schema.ts'
import { parseSettlement, supplierPaymentDirection } from '#domain/settlement.ts'
import { bookedTotalOf } from '#domain/three-way-match/document-amounts.ts'
import { type CaseStory, signalOf } from './case-story.ts'
import { customerIdOf } from './customer-of-case.ts'
import { required } from './environment.ts'
import { toldBillOf } from './supplier-bill.ts'
import { supplierIdOf } from './supplier-of-case.ts'
import type { Part } from './table.ts'

export type Adoption = { readonly document: PostedDocument } | { readonly code: string; readonly message: string }

const salesOrders: readonly string[] = ['sales-order', 'sales-order-amendment']
const purchaseOrders: readonly string[] = ['purchase-order', 'purchase-order-amendment']
const orders = [...salesOrders, ...purchaseOrders]
const purchaseEnds: readonly string[] = ['purchase-order-cancellation', 'purchase-order-closing']
/** The end of an order is the order itself, under the order's own reference. */
const ends = ['sales-order-cancellation', 'sales-order-closing', ...purchaseEnds]
const supplierBills: readonly string[] = ['supplier-invoice', 'supplier-credit-note']
const supplierMoney: readonly string[] = ['supplier-payment', 'supplier-payment-allocation']
/** What is known by its purchase order and supplier, not by its sales order and customer. */
const bought = [
  ...[...purchaseOrders, ...purchaseEnds, 'goods-receipt', 'supplier-return'],
  ...[...supplierBills, ...supplierMoney],
]
const directions: Readonly<Record<string, NumberedDocument['direction']>> = {
  'incoming-payment': 'incoming',
  'outgoing-payment': 'outgoing',
  'payment-allocation': 'allocation',
  'supplier-payment-allocation': 'allocation',
}
const money = [...Object.keys(directions), 'supplier-payment']
/** Kinds that an ERP keeps in one row of ids; an id says which document it is within its row only. */
const rows: readonly (readonly string[])[] = [
  [...salesOrders, 'goods-return'],
  [...purchaseOrders, 'supplier-return'],
  ['customer-invoice', 'credit-note', ...supplierBills],
  money,
]

/**
 * Finds the document in the ERP that a person has named for a posting, and makes sure that it is the one: of its kind,
 * party and order, over its amount where the hub goes on with that, in effect there, and no other posting's.
 * @param reference of the posting that it is to be adopted for
 */
export async function findAdopted(
  connector: ErpConnector,
  story: CaseStory,
  posting: PostingName & { readonly reference: string },
  number: string,
): Promise<Adoption> {
  const { document: kind } = posting
  const name = `${kind} ${number}`
  const found = await connector.findDocument(kind, number)
  const [numbered, second] = found
  if (numbered === undefined) return no('UNKNOWN_DOCUMENT', `${connector.name} has no ${name}`)
  if (second !== undefined) {
    const ids = found.map(({ document }) => document.id).join(', ')
    return no('AMBIGUOUS_DOCUMENT', `${connector.name} has ${found.length} of ${name}: name the id, one of ${ids}`)
  }
  if (!numbered.isInEffect) return no('NOT_IN_EFFECT', `${name} is a draft or cancelled in ${connector.name}`)
  const { direction } = numbered
  if (direction !== directionOf(posting)) {
    return no('OTHER_KIND', `${number} is no ${kind} in ${connector.name}, but ${direction ?? 'no movement of money'}`)
  }
  const other = story.postings.find(
    (one) => one.status === 'posted' && rowOf(one.kind) === rowOf(kind) && one.document?.id === numbered.document.id,
  )
  if (other !== undefined) return no('ALREADY_TAKEN', `${name} is the document of ${other.kind}/${other.number}`)
  const { reference } = numbered
  const isHubs = reference !== undefined && isReference(reference, connector.facts.referenceLength[kind])
  if (isHubs && reference !== posting.reference && !ends.includes(kind)) {
    return no('OF_ANOTHER_POSTING', `${name} bears the reference ${reference} of another posting of the hub`)
  }
  if (await isAnothers(story, kind, numbered)) {
    const whose = bought.includes(kind) ? 'supplier or purchase order' : 'customer or sales order'
    return no('OF_ANOTHER', `${name} is of another ${whose} than ${story.case.pk}`)
  }
  return (await otherAmount(story, posting, name, numbered.document)) ?? { document: numbered.document }
}

function directionOf({ document: kind, number }: PostingName): NumberedDocument['direction'] {
  return kind === 'supplier-payment' ? supplierPaymentDirection(number) : directions[kind]
}

/** By its order where that stands in the ERP; before that, and for money on account, by its customer or supplier. */
async function isAnothers(story: CaseStory, kind: string, numbered: NumberedDocument) {
  const isBought = bought.includes(kind)
  const { salesOrderIds, purchaseOrderIds = [], customerIds } = numbered
  const orderIds = isBought ? purchaseOrderIds : salesOrderIds
  if (!orders.includes(kind) && orderIds.length > 0) {
    const own = story.postings.filter((one) => orders.includes(one.kind)).map(({ document }) => document?.id)
    return !orderIds.some((id) => own.includes(id))
  }
  return !customerIds.includes(await (isBought ? supplierIdOf(story.case) : customerIdOf(story.case)))
}

/**
 * What is paid and allocated is counted by what was to be booked, and a supplier is paid what his invoice is over, so the
 * document must be over exactly that.
 */
async function otherAmount(
  story: CaseStory,
  posting: PostingName,
  name: string,
  { amount = '0', currency }: PostedDocument,
) {
  const { document: kind, number } = posting
  const wanted = await wantedAmount(story, posting)
  if (wanted === undefined) return undefined
  if (sameDecimal(amount, wanted.amount) && currency === wanted.currency) return undefined
  const is = `${amount} ${currency ?? 'of no currency'}`
  return no('OTHER_AMOUNT', `${name} is over ${is}, and ${kind}/${number} over ${wanted.amount} ${wanted.currency}`)
}

async function wantedAmount(story: CaseStory, { document: kind, number }: PostingName) {
  if (kind === 'incoming-payment') return await paidBy(story, number)
  const { currency } = story.case
  if (money.includes(kind)) return { amount: parseSettlement(number).amount, currency }
  if (kind !== 'supplier-invoice' && kind !== 'supplier-credit-note') return undefined
  const { document } = await toldBillOf(story, kind, number)
  const amount = bookedTotalOf(document, currency)
  return amount === undefined ? undefined : { amount, currency }
}

const Money = z.object({ amount: z.string(), currency: z.string() })

async function paidBy(story: CaseStory, number: string) {
  const { data } = await signalOf(story, 'incoming-payment', number)
  return parse(Money, data, `The payment ${number} of ${story.case.pk}`)
}

function rowOf(kind: string): string {
  return rows.find((one) => one.includes(kind))?.[0] ?? kind
}

/**
 * Notes whose a document is that bears no reference of the hub's: money is known by its customer alone, so without this
 * the same entry could be adopted in two of his cases.
 */
export function adoptedPart(caseKey: string, { document: kind, number }: PostingName, id: string): readonly Part[] {
  if (ends.includes(kind)) return []
  const pk = `ADOPTED#${required('ERP_ACCOUNT')}#${rowOf(kind)}#${id}`
  const put = { pk, sk: adoptedKey, adoptedBy: `${caseKey}/${kind}/${number}` }
  return [{ put, condition: 'attribute_not_exists(pk)' }]
}

const adoptedKey = 'ADOPTED'
const AdoptedItem = z.object({ sk: z.literal(adoptedKey), adoptedBy: z.string() })

/** Why a transaction with `adoptedPart` was refused, when that was the part. */
export function adoptedBefore(item: unknown): Exclude<Adoption, { readonly document: PostedDocument }> | undefined {
  const adopted = AdoptedItem.safeParse(item)
  return adopted.success ? no('ALREADY_TAKEN', `it was adopted for ${adopted.data.adoptedBy}`) : undefined
}

function no(code: string, message: string) {
  return { code, message }
}
