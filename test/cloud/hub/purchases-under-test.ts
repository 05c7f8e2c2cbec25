import * as z from 'zod'
import { type CaseStory, readStory } from '#aws/case-story.ts'
import { erpOfHub, type Published, today } from './hub-under-test.ts'

/** One requisition; 20 cups at 3.20 and 5 lamps at 24.00, 184.00 EUR net and 220.80 with tax. */
export function requisition(number: string, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    number,
    company: 'main',
    orderedOn: today(),
    currency: 'EUR',
    supplier: { id: 'S001' },
    lines: [
      { number: '1', item: { id: 'P01' }, quantity: '20', unitPrice: '3.20', taxRate: '20' },
      { number: '2', item: { id: 'P02' }, quantity: '5', unitPrice: '24.00', taxRate: '20' },
    ],
    ...changes,
  }
}

export const requested = (data: unknown, version = 1): Published => ({
  detailType: 'PurchaseRequisitionSubmitted',
  data,
  version,
})
export const goodsReceived = (number: string, changes: Readonly<Record<string, unknown>> = {}): Published => ({
  detailType: 'GoodsReceived',
  data: { purchaseOrder: number, deliveryNote: `DN-${number}`, receivedOn: today(), ...changes },
})

/** The supplier's invoice over everything, due today. */
export const invoiceReceived = (number: string, changes: Readonly<Record<string, unknown>> = {}): Published => ({
  detailType: 'SupplierInvoiceReceived',
  data: {
    purchaseOrder: number,
    number: `INV-${number}`,
    issuedOn: today(),
    dueOn: today(),
    currency: 'EUR',
    lines: [
      { line: '1', quantity: '20', unitPrice: '3.20', taxRate: '20' },
      { line: '2', quantity: '5', unitPrice: '24.00', taxRate: '20' },
    ],
    netTotal: '184.00',
    taxTotal: '36.80',
    grossTotal: '220.80',
    ...changes,
  },
})

/** Five of the cups go back, and are credited: 16.00 and 3.20 tax. */
export const goodsReturned = (number: string): Published => ({
  detailType: 'GoodsReturned',
  data: {
    purchaseOrder: number,
    return: `RET-${number}`,
    returnedOn: today(),
    lines: [{ line: '1', quantity: '5' }],
  },
})
export const creditNoteReceived = (number: string): Published => ({
  detailType: 'SupplierCreditNoteReceived',
  data: {
    purchaseOrder: number,
    number: `CN-${number}`,
    issuedOn: today(),
    currency: 'EUR',
    lines: [{ line: '1', quantity: '5', unitPrice: '3.20', taxRate: '20', kind: 'quantity' }],
    netTotal: '16.00',
    taxTotal: '3.20',
    grossTotal: '19.20',
  },
})
export const purchaseCancelled = (number: string): Published => ({
  detailType: 'PurchaseOrderCancelled',
  data: { purchaseOrder: number, cancelledOn: today() },
})
export const purchaseClosed = (number: string): Published => ({
  detailType: 'PurchaseOrderClosed',
  data: { purchaseOrder: number, closedOn: today() },
})

export async function purchaseOf(number: string): Promise<CaseStory> {
  const story = await readStory(`shop/purchase-requisition/${number}`)
  if (story === undefined) throw new Error(`There is no purchase ${number}`)
  return story
}

const Money = z.object({ decimal: z.string() }).transform(({ decimal }) => Number(decimal).toFixed(2))
const State = z.object({ id: z.number(), state: z.string() })
const Purchase = State.extend({ untaxed_amount: Money })
const Invoice = State.extend({ reference: z.string().nullable(), total_amount: Money, amount_to_pay: Money })

/** What stands in the ERP for one purchase: every order, return, shipment and invoice that has to do with it. */
export async function purchaseBooksOf(number: string) {
  const search = async <T extends z.ZodType>(schema: T, model: string, domain: unknown, fields: readonly string[]) =>
    await erpOfHub.read(z.array(schema), `model.${model}.search_read`, [domain, 0, 100, [['id', 'ASC']], fields])
  const orders = await search(
    Purchase,
    'purchase.purchase',
    [['description', 'like', `%shop ${number}%`]],
    ['state', 'untaxed_amount'],
  )
  const ids = orders.map(({ id }) => id)
  const movesOf = [['moves.origin.purchase', 'in', ids, 'purchase.line']]
  const invoices = await search(
    Invoice,
    'account.invoice',
    [
      ['lines.origin.purchase', 'in', ids, 'purchase.line'],
      ['state', '!=', 'cancelled'],
    ],
    ['state', 'reference', 'total_amount', 'amount_to_pay'],
  )
  return {
    orders: orders.map(({ state, untaxed_amount }) => [state, untaxed_amount]),
    receipts: (await search(State, 'stock.shipment.in', movesOf, ['state'])).map(({ state }) => state),
    returns: (await search(State, 'stock.shipment.in.return', movesOf, ['state'])).map(({ state }) => state),
    invoices: invoices.map((one) => [one.state, one.reference, one.total_amount, one.amount_to_pay]),
  }
}
