import { decisionSource } from '#domain/decision.ts'
import { doneTwice } from '../erp/done-twice.ts'
import { totalsOfSupplier } from '../erp/totals.ts'
import { times } from '../hub/settings.ts'
import type { Hub } from '../hub.ts'

import { auditIsWhole } from '../laws/audit.ts'
import type { Tell, Violation } from '../laws/law.ts'
import { isEnded, toldOf } from '../laws/told.ts'
import type { State } from '../state.ts'
import { dueMsOf, type Moved, netOf, orderedLines, orderedVersion, type Purchase } from './purchase.ts'

/** What must hold after every history of purchases. */
export function checkPurchaseLaws(
  hub: Hub,
  state: State,
  purchases: readonly Purchase[],
  isUndisturbed = false,
): Violation[] {
  const violations: Violation[] = []
  const tell: Tell = (law, what) => violations.push({ law, what })
  for (const what of doneTwice(hub.books)) tell('once', what)
  for (const what of hub.ownerFaults) tell('owner', what)
  for (const what of hub.limitFaults) tell('limit', what)
  auditIsWhole(hub, state, tell)
  twoPersonsSaidSo(hub, state, tell)
  numbersAreTakenOnce(hub, state, purchases, tell)
  for (const supplier of new Set(purchases.map((one) => one.supplier))) {
    const own = purchases.filter((one) => one.supplier === supplier)
    totalsOf(hub, own, supplier, tell)
  }
  for (const purchase of purchases) {
    const { number, caseKey } = purchase
    const status = state.cases.get(caseKey)?.status
    if (!isEnded(status)) tell('never lost', `${number} is ${status ?? 'not there'}`)
    const waiting = state.signals.filter(({ pk, consumedAtMs }) => pk === caseKey && consumedAtMs === undefined)
    for (const { sk } of waiting) tell('never lost', `${number}: ${sk} was not consumed`)
    goodsHeardSoon(state, purchase, tell)
    ordersOf(hub, state, purchase, tell)
    approved(state, purchase, tell)
    paidWhenFree(state, purchase, tell)
    told(hub, state, purchase, tell)
    if (isUndisturbed) endedSoon(hub, state, purchase, tell)
  }
  return violations
}

/** Nothing is owed; the bank has paid what was billed and not credited; the stock is what arrived and did not go back. */
function totalsOf({ books }: Hub, purchases: readonly Purchase[], supplier: string, tell: Tell): void {
  const stock: Record<string, number> = {}
  let bankCents = 0
  for (const purchase of purchases) {
    const { receipts, invoices, returned, exchanged } = purchase
    const once = exchanged ? [exchanged] : []
    const back = returned ? [returned] : []
    const net = (documents: readonly Moved[]) => documents.reduce((sum, one) => sum + netOf(purchase, one), 0)
    bankCents -= ((net([...invoices, ...once]) - net(back)) * 6) / 5
    const move = (documents: readonly Moved[], sign: 1 | -1) => {
      for (const { line, quantity } of documents.flatMap(({ lines }) => lines)) {
        const item = `erp-${orderedLines(purchase).find((one) => one.line === line)?.item}`
        stock[item] = (stock[item] ?? 0) + sign * quantity
      }
    }
    move([...receipts, ...once], 1)
    move(back, -1)
  }
  const is = totalsOfSupplier(books, `erp-${supplier}`)
  const should = { payableCents: 0, bankCents, stock }
  const text = (totals: typeof should) =>
    JSON.stringify([totals.payableCents, totals.bankCents + 0, Object.entries(totals.stock).sort()])
  if (text({ ...is, stock: { ...is.stock } }) !== text(should))
    tell('books', `${supplier}: ${JSON.stringify(is)}, should be ${JSON.stringify(should)}`)
}

/** One version of it is ordered, the newest that came in time, and none that was declined. */
function ordersOf({ books }: Hub, state: State, purchase: Purchase, tell: Tell): void {
  const { number, caseKey } = purchase
  const orders = books.purchaseOrders.filter((one) => one.number === number && one.status !== 'replaced')
  if (orders.length > 1) tell('once', `${number} is ordered ${orders.length} times`)
  const quantities = (lines: readonly { readonly line: string; readonly quantity: number }[]) =>
    lines.map(({ line, quantity }) => `${line}: ${quantity}`).join()
  const { version } = state.cases.get(caseKey) ?? {}
  if (version !== orderedVersion(purchase))
    tell('newest wins', `${number}: the case has version ${version}, should have ${orderedVersion(purchase)}`)
  for (const { lines } of orders) {
    if (quantities(lines) !== quantities(orderedLines(purchase)))
      tell(
        'newest wins',
        `${number}: ordered are ${quantities(lines)}, should be ${quantities(orderedLines(purchase))}`,
      )
  }
  if (purchase.approval === 'reject' && orders.length > 0) tell('books', `${number} is ordered, which was declined`)
}

/** Each version that is ordered was approved, where it costs more than nobody is asked for. */
function approved(state: State, { number, caseKey, approval }: Purchase, tell: Tell): void {
  if (approval === undefined) return
  const posted = state.postings.filter(({ pk, status }) => pk === caseKey && status === 'posted')
  const theCase = state.cases.get(caseKey)
  const ordered = posted.flatMap(({ sk }) => {
    const [, kind, version] = sk.split('#')
    if (kind === 'purchase-order') return [String(theCase?.createdVersion ?? theCase?.version)]
    return kind === 'purchase-order-amendment' ? [version] : []
  })
  for (const version of ordered) {
    const said = state.signals.find(({ pk, sk }) => pk === caseKey && sk === `SIGNAL#approval#${version}`)
    if (said === undefined || said.refusal !== undefined)
      tell('told', `${number}: nobody has approved version ${version}, which is ordered`)
  }
}

/** Above an amount two persons have said the same, and what differs was posted only when somebody had accepted it. */
function twoPersonsSaidSo({ bus }: Hub, { questions }: State, tell: Tell): void {
  const said = bus.events.flatMap(({ source, detail }) =>
    source === decisionSource ? [Object(Object(detail).data)] : [],
  )
  for (const { id, pk, kind, amount = '0', decision } of questions) {
    if (decision === undefined || withholding.includes(decision.choice)) continue
    const persons = new Set(
      said.flatMap(({ item, choice, by }) => (item === id && choice === decision.choice ? [by] : [])),
    )
    if (Math.abs(Number(amount)) > fourEyesAbove && persons.size < 2)
      tell('told', `${pk}: one person alone has decided about ${kind} over ${amount}`)
  }
}

const withholding: readonly string[] = ['reject', 'dispute', 'wait']
/** As the hub's settings say. */
const fourEyesAbove = 100

/** Of two documents of a supplier with one number, however it is written, one is posted. */
function numbersAreTakenOnce({ books }: Hub, state: State, purchases: readonly Purchase[], tell: Tell): void {
  const seen = new Set<string>()
  for (const { kind, number, purchaseOrderId, isPosted } of books.supplierBills) {
    if (!isPosted) continue
    const supplier = books.purchaseOrders.find(({ id }) => id === purchaseOrderId)?.supplier
    const spelling = number
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .replace(/0+(?=[1-9])/g, '')
    const key = `${supplier} ${kind} ${spelling}`
    if (seen.has(key)) tell('once', `${supplier}'s ${kind} ${number} is posted twice`)
    seen.add(key)
  }
  const rivals = purchases.filter(({ isRival }) => isRival)
  if (rivals.length > 0 && rivals.every((one) => isDisputed(state, one)))
    tell('once', `${rivals[0]?.misbilled?.number} was kept by nobody`)
}

function isDisputed({ signals }: State, { caseKey, misbilled }: Purchase): boolean {
  const key = `SIGNAL#supplier-invoice#${misbilled?.number}`
  return signals.some(({ pk, sk, refusal }) => pk === caseKey && sk === key && refusal !== undefined)
}

/** Nothing is paid before it is due, nor while anything that the supplier has sent is in variance. */
function paidWhenFree(state: State, purchase: Purchase, tell: Tell): void {
  const { number, caseKey, disputed } = purchase
  const wrong = state.signals.find(
    ({ pk, sk }) => pk === caseKey && sk === `SIGNAL#supplier-invoice#${disputed?.number}`,
  )
  const freeMs = Math.max(dueMsOf(purchase), wrong?.consumedAtMs ?? 0)
  for (const { pk, sk, postedAtMs = 0 } of state.postings) {
    if (pk !== caseKey || !sk.startsWith('POSTING#supplier-payment#')) continue
    if (postedAtMs < freeMs - times.skewSeconds * 1000)
      tell('books', `${number}: ${sk} was paid ${(freeMs - postedAtMs) / 60_000} min too early`)
  }
}

/** Well before the sweeper looks after a case that is silent. */
const soonMs = 600_000

/** Law 6: a purchase ends soon after the last that was heard for the first time, or the day on which it is to be paid. */
function endedSoon({ bus }: Hub, { cases }: State, purchase: Purchase, tell: Tell): void {
  const heard = new Map<unknown, number>()
  for (const { source, detail, time } of bus.events) {
    const { id } = Object(Object(detail).metadata)
    if (source !== 'postonce' && !heard.has(id)) heard.set(id, Date.parse(time))
  }
  const endedMs = cases.get(purchase.caseKey)?.listedAtMs ?? Number.POSITIVE_INFINITY
  const lastMs = Math.max(dueMsOf(purchase), ...heard.values())
  if (endedMs > lastMs + soonMs)
    tell('told', `${purchase.number}: ended only ${(endedMs - lastMs) / 60_000} min after all`)
}

/** Longer than a person takes over what has failed, and less than until a first deadline. */
const heardMs = 2 * 86_400_000

/** Law 6: nobody sleeps until a deadline, or until something is due, when goods have come meanwhile. */
function goodsHeardSoon({ signals }: State, { number, caseKey }: Purchase, tell: Tell): void {
  for (const { pk, sk, acceptedAtMs = 0, consumedAtMs = 0 } of signals) {
    if (pk === caseKey && sk.startsWith('SIGNAL#goods-receipt#') && consumedAtMs > acceptedAtMs + heardMs)
      tell('told', `${number}: ${sk} was taken up only ${(consumedAtMs - acceptedAtMs) / 3_600_000} h after it came`)
  }
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
  const { number, caseKey, approval, disputed, misbilled, isRival, change, cancelled } = purchase
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
  const isWrong = misbilled !== undefined && (!isRival || isDisputed(state, purchase))
  for (const one of [disputed, isWrong ? misbilled : undefined])
    if (one) expected.push(`${caseKey}/SupplierInvoiceDisputed/supplier-invoice/${one.number}`)
  if (isLate(change?.at)) expected.push(`${caseKey}/PurchaseOrderChangeRefused/change/2`)
  if (isLate(cancelled)) expected.push(`${caseKey}/PurchaseOrderCancellationRefused/cancellation/${number}`)
  for (const id of expected) if (!said.has(id)) tell('events', `${id} was never published`)
  for (const id of said) {
    const isOther = /^arn:|\/(PurchaseOrderOverdue|ProcureToPayCompleted)\//.test(id)
    if (!expected.includes(id) && !isOther) tell('events', `${id} is no id that was expected`)
  }
}
