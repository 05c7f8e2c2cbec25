import { doneTwice } from '../erp/done-twice.ts'
import { totalsOfSupplier } from '../erp/totals.ts'
import type { Hub } from '../hub.ts'
import { auditIsWhole } from '../laws/audit.ts'
import type { Tell, Violation } from '../laws/law.ts'
import { isEnded, toldOf } from '../laws/told.ts'
import type { State } from '../state.ts'
import { netOf, orderedLines, type Purchase } from './purchase.ts'

/** What must hold after every history of purchases. */
export function checkPurchaseLaws(hub: Hub, state: State, purchases: readonly Purchase[]): Violation[] {
  const violations: Violation[] = []
  const tell: Tell = (law, what) => violations.push({ law, what })
  for (const what of doneTwice(hub.books)) tell('once', what)
  for (const what of hub.ownerFaults) tell('owner', what)
  for (const what of hub.limitFaults) tell('limit', what)
  auditIsWhole(hub, state, tell)
  for (const purchase of purchases) {
    const { number, caseKey } = purchase
    const status = state.cases.get(caseKey)?.status
    if (!isEnded(status)) tell('never lost', `${number} is ${status ?? 'not there'}`)
    const waiting = state.signals.filter(({ pk, consumedAtMs }) => pk === caseKey && consumedAtMs === undefined)
    for (const { sk } of waiting) tell('never lost', `${number}: ${sk} was not consumed`)
    booksOf(hub, purchase, tell)
    told(hub, state, purchase, tell)
  }
  return violations
}

/** Nothing is owed; the bank has paid what was billed and not credited; the stock is what arrived and did not go back. */
function booksOf({ books }: Hub, purchase: Purchase, tell: Tell): void {
  const { number, receipts, invoices, returned } = purchase
  const gross = (net: number) => (net * 6) / 5
  const billed = invoices.reduce((sum, one) => sum + gross(netOf(purchase, one)), 0)
  const credited = returned ? gross(netOf(purchase, returned)) : 0
  const stock: Record<string, number> = {}
  const move = (lines: Purchase['receipts'][number]['lines'], sign: 1 | -1) => {
    for (const { line, quantity } of lines) {
      const item = `erp-${orderedLines(purchase).find((one) => one.line === line)?.item}`
      stock[item] = (stock[item] ?? 0) + sign * quantity
    }
  }
  for (const { lines } of receipts) move(lines, 1)
  if (returned) move(returned.lines, -1)
  const is = totalsOfSupplier(books, `erp-${purchase.supplier}`)
  const should = { payableCents: 0, bankCents: credited - billed, stock }
  const text = (totals: typeof should) =>
    JSON.stringify([totals.payableCents, totals.bankCents + 0, Object.entries(totals.stock).sort()])
  if (text({ ...is, stock: { ...is.stock } }) !== text(should))
    tell('books', `${number}: ${JSON.stringify(is)}, should be ${JSON.stringify(should)}`)
  const orders = books.purchaseOrders.filter((one) => one.number === number && one.status !== 'replaced')
  if (orders.length > 1) tell('once', `${number} is ordered ${orders.length} times`)
  const quantities = (lines: readonly { readonly line: string; readonly quantity: number }[]) =>
    lines.map(({ line, quantity }) => `${line}: ${quantity}`).join()
  for (const { lines } of orders) {
    if (quantities(lines) !== quantities(orderedLines(purchase)))
      tell(
        'newest wins',
        `${number}: ordered are ${quantities(lines)}, should be ${quantities(orderedLines(purchase))}`,
      )
  }
  if (purchase.approval === 'reject' && orders.length > 0) tell('books', `${number} is ordered, which was declined`)
}

function isLate(at: Purchase['cancelled']): boolean {
  return at === 'received' || at === 'arriving'
}

const events: Readonly<Record<string, string>> = {
  'purchase-order-amendment': 'PurchaseOrderAmended',
  'purchase-order-cancellation': 'PurchaseOrderCancellationPosted',
  'purchase-order-closing': 'PurchaseOrderClosingPosted',
  'goods-receipt': 'GoodsReceiptPosted',
  'supplier-return': 'SupplierReturnPosted',
  'supplier-invoice': 'SupplierInvoicePosted',
  'supplier-credit-note': 'SupplierCreditNotePosted',
  'supplier-payment': 'SupplierPaymentPosted',
}

/** Each document that is posted was told, under an id that makes it recognisable as one. */
function told(hub: Hub, state: State, purchase: Purchase, tell: Tell): void {
  const { number, caseKey, approval, disputed, change, cancelled } = purchase
  const said = toldOf(hub, caseKey)
  const posted = state.postings.filter(({ pk, status }) => pk === caseKey && status === 'posted')
  const expected = posted.flatMap(({ sk }) => {
    const [, kind = '', ...number] = sk.split('#')
    if (kind === 'purchase-order') return [`${caseKey}/PurchaseOrderCreated`]
    const event = events[kind]
    return event === undefined ? [] : [`${caseKey}/${event}/${number.join('#')}`]
  })
  const owner = state.cases.get(caseKey)?.owner
  expected.push(`${caseKey}/ProcureToPayCompleted/${owner?.epoch}`)
  if (approval === 'reject') expected.push(`${caseKey}/PurchaseRequisitionDeclined/approval/1`)
  if (disputed) expected.push(`${caseKey}/SupplierInvoiceDisputed/supplier-invoice/${disputed.number}`)
  if (isLate(change?.at)) expected.push(`${caseKey}/PurchaseOrderChangeRefused/change/2`)
  if (isLate(cancelled)) expected.push(`${caseKey}/PurchaseOrderCancellationRefused/cancellation/${number}`)
  for (const id of expected) if (!said.has(id)) tell('events', `${id} was never published`)
  for (const id of said) {
    const isOther = /^arn:|\/(PurchaseOrderOverdue|ProcureToPayCompleted)\//.test(id)
    if (!expected.includes(id) && !isOther) tell('events', `${id} is no id that was expected`)
  }
}
