import { compare, type Exact, exact, fixed, minus, plain, plus, total, zero } from '../../oracle/decimal.ts'
import type { Status } from '../../oracle/expected-books.ts'
import { itemsOf, type Moved } from '../../oracle/goods.ts'
import { onceEach, type Told } from '../../oracle/told.ts'
import type { Expectation } from '../../telling.ts'
import { currencies, happeningsOf, type PurchaseStory, type Requisition } from '../story.ts'
import { netOf, taxOf } from './amounts.ts'
import { isBilled, type Rest, receiptsOf, restsOf, returnsOf } from './billed.ts'
import { type Decided, decide } from './decided.ts'
import type { CreditNote, Invoice } from './match.ts'
import { type Paid, paidOf } from './paid.ts'

/** What stands in the ERP at the end of one purchase, in its own currency. Lists are sorted. */
export type PurchaseBooks = {
  /** Purchases of every version, and those by which Tryton sends goods back. */
  readonly purchases: number
  /** Net of the version that stands. */
  readonly ordered: string
  /** What each came with, and went back with: `P01 2, P05 1`. */
  readonly receipts: readonly string[]
  readonly returns: readonly string[]
  /** What the warehouse has more, by item. */
  readonly stock: Readonly<Record<string, string>>
  /** Each with the supplier's number, net and tax, and what is still to be paid: `INV-1: 100.00 + 20.00, open 0.00`. */
  readonly invoices: readonly string[]
  readonly creditNotes: readonly string[]
  readonly openCredit: string
  /** Out of the bank. */
  readonly payments: readonly string[]
  readonly payable: string
  readonly onAccount: string
  readonly expense: string
  readonly inputTax: string
}

/** What the events of a purchase make of the books, and what of it only the hub could decide. */
export function expectedPurchase(story: PurchaseStory, heard: readonly Told[]): Expectation<PurchaseBooks> {
  const told = onceEach(heard)
  // What is refused is the last act, whole; what came before it stands.
  const acts = story.refused === undefined ? story.acts : story.acts.slice(0, -1)
  if (acts.length === 0) {
    const status = story.refused?.code === 'PoisonMessageError' ? 'no case' : 'rejected'
    return { books: booksOfNone(story), status, refused: story.refused, wrong: [] }
  }
  const before = { ...story, acts }
  const decided = decide(before, told)
  const isWithdrawn = decided.isCancelled && !decided.isOrdered
  if (isWithdrawn || story.approval === 'reject' || story.approval === 'nobody') return unordered(before, told)
  const { order, isClosed, amendments } = decided
  if (decided.isCancelled && happeningsOf({ acts }, 'goods-receipt').length > 0)
    return afterLateGoods(before, decided, told)
  const receipts = receiptsOf({ acts }, order)
  const returns = returnsOf({ acts }, receipts)
  const end = acts.findIndex((act) => act.some(({ kind }) => kind === 'closing' || kind === 'cancellation'))
  const rests = restsOf(acts, { order, receipts, returns, endsIn: isClosed ? end : acts.length })
  const paid = paidOf(story, rests, told)
  const last = rests.at(-1)
  if (last === undefined) throw new Error('A story has an act')
  const { digits } = currencies[story.currency]
  return {
    books: {
      purchases: 1 + amendments.length + returns.length,
      ordered: fixed(netOf(order, digits), digits),
      ...goodsBooks(order, receipts, returns),
      ...moneyBooks(story, last, paid),
    },
    status: story.refused === undefined ? statusOf(last, paid, decided) : 'rejected',
    refused: story.refused,
    wrong: [
      ...decided.wrong,
      ...paid.wrong,
      ...toldOtherwise(told, [
        ...ofOrder(before, decided),
        ...receipts.map(({ number }) => `GoodsReceiptPosted ${number}`),
        ...returns.map(({ number }) => `SupplierReturnPosted ${number}`),
        ...rests.flatMap(({ posted, disputed }) => [
          ...posted.map(({ kind, number }) => `${postedAs[kind]} ${number}`),
          ...disputed.map(({ kind, number }) => `SupplierInvoiceDisputed ${kind}/${number}`),
        ]),
      ]),
      ...toldPayments(story, told, paid),
    ],
  }
}

const postedAs = {
  'supplier-invoice': 'SupplierInvoicePosted',
  'supplier-credit-note': 'SupplierCreditNotePosted',
} as const

/** Nobody has approved it, or it was withdrawn before: nothing of it is in the ERP. */
function unordered(story: PurchaseStory, told: readonly Told[]): Expectation<PurchaseBooks> {
  const isUnanswered = story.approval === 'nobody' && happeningsOf(story, 'cancellation').length === 0
  const isDeclined = story.approval === 'reject' && happeningsOf(story, 'cancellation').length === 0
  return {
    books: booksOfNone(story),
    status: isUnanswered ? 'open' : 'cancelled',
    asks: isUnanswered ? ['approval'] : [],
    wrong: toldOtherwise(told, isDeclined ? ['PurchaseRequisitionDeclined approval/1'] : []),
  }
}

/** It was cancelled first, so goods that came cannot be booked, and a person has to. */
function afterLateGoods(story: PurchaseStory, decided: Decided, told: readonly Told[]): Expectation<PurchaseBooks> {
  const { digits } = currencies[story.currency]
  const ordered = fixed(netOf(decided.order, digits), digits)
  return {
    books: { ...booksOfNone(story), purchases: 1 + decided.amendments.length, ordered },
    status: 'rejected',
    refused: { code: 'PURCHASE_ORDER_ENDED', owner: 'purchasing' },
    wrong: [...decided.wrong, ...toldOtherwise(told, ofOrder(story, decided))],
  }
}

function booksOfNone({ currency }: Pick<PurchaseStory, 'currency'>): PurchaseBooks {
  const none = fixed(zero, currencies[currency].digits)
  return {
    ...{ purchases: 0, ordered: 'nothing', receipts: [], returns: [], stock: {} },
    ...{ invoices: [], creditNotes: [], openCredit: none, payments: [] },
    ...{ payable: none, onAccount: none, expense: none, inputTax: none },
  }
}

function goodsBooks(order: Requisition, receipts: readonly Moved[], returns: readonly Moved[]) {
  const stock = new Map<string, Exact>()
  const itemOf = (line: string) => order.lines.find(({ number }) => number === line)?.item ?? `line ${line}`
  const move = (moved: readonly Moved[], sign: '' | '-') => {
    for (const { line, quantity } of moved.flatMap(({ lines }) => lines))
      stock.set(itemOf(line), plus(stock.get(itemOf(line)) ?? zero, exact(`${sign}${quantity}`)))
  }
  move(receipts, '')
  move(returns, '-')
  const kept = [...stock].filter(([, quantity]) => compare(quantity, zero) !== 0)
  return {
    receipts: receipts.map((one) => itemsOf(order, one)).sort(),
    returns: returns.map((one) => itemsOf(order, one)).sort(),
    stock: Object.fromEntries(kept.map(([item, quantity]) => [item, plain(quantity)])),
  }
}

function moneyBooks({ currency }: Pick<PurchaseStory, 'currency'>, { ground }: Rest, paid: Paid) {
  const { digits } = currencies[currency]
  const { invoices, creditNotes } = ground
  const text = (amount: Exact) => fixed(amount, digits)
  const line = (bill: Invoice | CreditNote) =>
    `${bill.number}: ${text(netOf(bill, digits))} + ${text(taxOf(bill, digits))}`
  const sum = (of: typeof netOf | typeof taxOf) =>
    minus(total(invoices.map((one) => of(one, digits))), total(creditNotes.map((one) => of(one, digits))))
  return {
    invoices: invoices.map((one) => `${line(one)}, open ${text(paid.open.get(one.number) ?? zero)}`).sort(),
    creditNotes: creditNotes.map(line).sort(),
    openCredit: text(paid.openCredit),
    payments: paid.payments.map(text).sort(),
    payable: text(minus(plus(sum(netOf), sum(taxOf)), total(paid.payments))),
    onAccount: text(zero),
    expense: text(sum(netOf)),
    inputTax: text(sum(taxOf)),
  }
}

function statusOf({ ground }: Rest, paid: Paid, { isCancelled, isClosed }: Decided): Status {
  const isEven = [...paid.open.values(), paid.openCredit].every((one) => compare(one, zero) === 0)
  const isOver = isCancelled || (ground.isReceived && isBilled(ground) && isEven && ground.waiting.length === 0)
  if (!isOver) return 'open'
  return isCancelled ? 'cancelled' : isClosed ? 'closed' : 'completed'
}

/** What has to be told about the order itself. */
function ofOrder(
  story: Pick<PurchaseStory, 'acts'>,
  { order, amendments, isCancelled, isClosed }: Decided,
): readonly string[] {
  const unwanted = happeningsOf(story, 'cancellation').map(({ number }) => number)
  const ended = [...happeningsOf(story, 'closing').map(({ number }) => number), ...unwanted].slice(0, 1)
  const late = happeningsOf(story, 'requisition').filter((one) => one.order.version > order.version)
  return [
    'PurchaseOrderCreated ',
    ...amendments.map((version) => `PurchaseOrderAmended ${version}`),
    // Of several that come too late only the newest is refused; the older ones have nothing to say any more.
    ...late.slice(-1).map((one) => `PurchaseOrderChangeRefused change/${one.order.version}`),
    ...(isCancelled ? unwanted.map((number) => `PurchaseOrderCancellationPosted ${number}`) : []),
    ...(isCancelled ? [] : unwanted.map((number) => `PurchaseOrderCancellationRefused cancellation/${number}`)),
    ...(isClosed ? ended.map((number) => `PurchaseOrderClosingPosted ${number}`) : []),
  ]
}

/** Each payment and each end is looked at for itself; that a case was refused is told with its dead letter. */
const lookedAt = ['SupplierPaymentPosted', 'ProcureToPayCompleted', 'PurchaseRequisitionRejected']

/** What was not told and should have been, and what was told and should not. */
function toldOtherwise(told: readonly Told[], wanted: readonly string[]): readonly string[] {
  const said = told.filter(({ type }) => !lookedAt.includes(type)).map(({ type, about }) => `${type} ${about}`)
  return [
    ...wanted.filter((one) => !said.includes(one)).map((one) => `${one} was not told`),
    ...said.filter((one) => !wanted.includes(one)).map((one) => `${one} was told`),
  ]
}

function toldPayments(
  { currency }: Pick<PurchaseStory, 'currency'>,
  told: readonly Told[],
  { payments }: Paid,
): readonly string[] {
  const { digits } = currencies[currency]
  const amounts = (all: readonly Exact[]) =>
    all
      .map((one) => fixed(one, digits))
      .sort()
      .join(', ')
  const own = told.filter(({ type }) => type === 'SupplierPaymentPosted')
  const said = amounts(own.map(({ about }) => exact(about.slice(about.lastIndexOf('+') + 1))))
  const wanted = amounts(payments)
  return said === wanted ? [] : [`payments of ${said || 'nothing'} were told, should be ${wanted || 'nothing'}`]
}
