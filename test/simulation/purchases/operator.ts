import type { InboxItem } from '#aws/inbox-store.ts'
import { decisionEvent, decisionSource } from '#domain/decision.ts'
import type { Choice } from '#domain/inbox.ts'
import type { Ledger } from '../erp/ledger.ts'
import { names } from '../hub/settings.ts'
import type { Hub } from '../hub.ts'
import { isToldEnded } from '../laws/told.ts'
import { aftermathMs } from '../operator/decide.ts'
import { orderOf } from '../operator.ts'
import type { Random } from '../random.ts'
import type { Posting, State } from '../state.ts'
import { correctionsOf } from './acts.ts'
import { publish } from './meddle.ts'
import { dueMsOf, type Purchase } from './purchase.ts'

/**
 * The person who is told: answers what the cases ask, and redrives what failed or starts it anew.
 * @returns whether there was anything to do, or will be when it can be known what a doubt has come to
 */
export function operatePurchases(hub: Hub, state: State, purchases: readonly Purchase[], random: Random): boolean {
  return purchases.map((purchase) => operate(hub, state, purchase, random)).some((acted) => acted)
}

function operate(hub: Hub, state: State, purchase: Purchase, random: Random): boolean {
  const open = state.questions.filter(({ pk, status }) => pk === purchase.caseKey && /^(open|proposed)$/.test(status))
  const answered = open.filter(
    (question) => answer(hub, state, purchase, question, random) || question.kind === 'doubt',
  )
  return answered.length > 0 || resume(hub, state, purchase, random)
}

function resume(hub: Hub, state: State, purchase: Purchase, random: Random): boolean {
  const { number, caseKey } = purchase
  const theCase = state.cases.get(caseKey)
  if (isToldEnded(hub, state, purchase, 'ProcureToPayCompleted')) return false
  const own = hub.machines.executions().filter(({ input }) => orderOf(hub, input) === number)
  const failed = own.filter(({ now }) => /^(FAILED|ABORTED|TIMED_OUT)$/.test(now.status))
  if (own.some(({ now, arn }) => now.status === 'RUNNING' && arn === theCase?.owner.executionArn)) {
    // What was to tell the case of a newer version, a dead letter says.
    const untold = failed.find(({ arn }) => state.deadLetters.some(({ executionArn }) => executionArn === arn))
    if (untold !== undefined) hub.machines.redrive(untold.arn)
    return untold !== undefined
  }
  const owner = failed.find(({ arn }) => arn === theCase?.owner.executionArn)
  if (owner !== undefined && random.chance(0.7)) hub.machines.redrive(owner.arn)
  else {
    const [first] = failed
    if (first === undefined) return false
    hub.machines.start(hub.purchaseMachineArn, first.input)
  }
  return true
}

function answer(hub: Hub, state: State, purchase: Purchase, question: InboxItem, random: Random): boolean {
  const given = choiceFor(hub, state, purchase, question)
  if (given === undefined || !question.choices.includes(given.choice)) return false
  const data = {
    item: question.id,
    case: question.pk,
    ...given,
    reason: 'as agreed',
    // Above an amount a second person has to say the same; the first one may say it again.
    by: question.proposal?.by === 'ann' && random.chance(0.7) ? 'bob' : 'ann',
    openedAtMs: question.openedAtMs,
  }
  const detail = { metadata: { id: `decision-${random.uuid()}`, correlationId: question.pk }, data }
  const entry = { EventBusName: names.bus, Source: decisionSource, DetailType: decisionEvent }
  hub.bus.putEvents([{ ...entry, Detail: JSON.stringify(detail) }])
  const isMisbilled = purchase.misbilled !== undefined && question.signal?.number === purchase.misbilled.number
  if (given.choice === 'dispute' && isMisbilled) for (const one of correctionsOf(purchase)) publish(hub, one)
  return true
}

type Answer = { readonly choice: Choice; readonly document?: string }

function choiceFor(hub: Hub, state: State, purchase: Purchase, question: InboxItem): Answer | undefined {
  const { kind, posting, signal } = question
  if (kind === 'approval') return purchase.approval && { choice: purchase.approval }
  if (kind === 'conflict') return finishedByHand(hub, purchase)
  if (kind === 'doubt' && posting !== undefined) {
    const own = state.postings.find(
      ({ pk, sk }) => pk === purchase.caseKey && sk === `POSTING#${posting.document}#${posting.number}`,
    )
    return own && inTheBooks(hub, own)
  }
  if (kind === 'variance') return aboutVariance(hub, purchase, signal?.number, question.code)
  return kind === 'overdue' ? { choice: 'ignore' } : undefined
}

/** What can be had by waiting is waited for: in these stories every document is right in the end, but for those to dispute. */
function aboutVariance(
  { time }: Hub,
  purchase: Purchase,
  number: string | undefined,
  code: string | undefined,
): Answer | undefined {
  const { disputed, misbilled, isRival, isAnsweredLate, invoices } = purchase
  if (number === disputed?.number) {
    const untilMs = isAnsweredLate ? dueMsOf(purchase) + lateDays * 86_400_000 : 0
    return time.nowMs() < untilMs ? undefined : { choice: 'dispute' }
  }
  if (number === misbilled?.number && (!isRival || code === 'duplicate-number')) return { choice: 'dispute' }
  const isDearer = invoices.some((one) => one.surchargeCents && one.number === number)
  return { choice: code === 'price-variance' && isDearer ? 'accept' : 'wait' }
}

/** Longer than until a case that waits looks at itself anew. */
const lateDays = 10

/** The line that the ERP has left out is added, and the order confirmed. */
function finishedByHand({ books }: Hub, { number }: Purchase): Answer | undefined {
  const lines = books.sentPurchaseLines.get(number)
  const order = books.purchaseOrders.find((one) => one.number === number)
  if (lines === undefined || order === undefined) return undefined
  order.lines = lines
  order.isConfirmed = true
  books.touch(order)
  return { choice: 'adopt', document: order.id }
}

/** Whoever looks in the ERP finds it there, or knows after an hour that it never comes. */
function inTheBooks({ books, time }: Hub, posting: Posting): Answer | undefined {
  const document = boughtInEffect(books, posting)
  if (document !== undefined) return { choice: 'adopt', document }
  return time.nowMs() < (posting.sentAtMs ?? 0) + aftermathMs ? undefined : { choice: 'not-posted' }
}

/** The document of a purchase that stands in the ERP for a posting and has its effect. */
function boughtInEffect(books: Ledger, { reference, sk }: Posting): string | undefined {
  const [, kind = ''] = sk.split('#')
  const isIt = (one: { readonly reference: string }) => one.reference === reference
  const found = {
    'purchase-order': books.purchaseOrders.find((one) => isIt(one) && one.isConfirmed),
    'purchase-order-amendment': books.purchaseOrders.find((one) => isIt(one) && one.isConfirmed),
    'purchase-order-cancellation': books.purchaseOrders.find(({ endings }) => endings.includes(reference)),
    'purchase-order-closing': books.purchaseOrders.find(({ endings }) => endings.includes(reference)),
    'goods-receipt': books.goodsReceipts.find(isIt),
    'supplier-return': books.supplierReturns.find(isIt),
    'supplier-invoice': books.supplierBills.find((one) => isIt(one) && one.isPosted),
    'supplier-credit-note': books.supplierBills.find((one) => isIt(one) && one.isPosted),
    'supplier-payment': books.supplierPayments.find(isIt),
    'supplier-payment-allocation': books.supplierPayments.find(isIt),
  }
  return Object.entries(found).find(([one]) => one === kind)?.[1]?.id
}
