import { referenceOf } from '#domain/fingerprint.ts'
import { doneTwice } from './erp/done-twice.ts'
import type { Delivery, Invoice, Payment, SalesOrder } from './erp/ledger.ts'
import type { Profile } from './erp/profiles.ts'
import type { Hub } from './hub.ts'
import { isRecord } from './json.ts'
import type { State } from './state.ts'
import type { Order, Story } from './story.ts'

/** `owner`: only who owns a case writes for it, so that a compensation can only undo what its own case did. */
export type Law = 'once' | 'never lost' | 'newest wins' | 'owner' | 'books' | 'events'
export type Violation = {
  readonly law: Law
  readonly what: string
}

type Tell = (law: Law, what: string) => void

/** What must hold after every history, whatever happened in it. */
export function checkLaws(hub: Hub, state: State, story: Story, profile: Profile): Violation[] {
  const violations: Violation[] = []
  const tell: Tell = (law, what) => violations.push({ law, what })
  // Law 1: at most one document for each reference, and each of its effects at most once.
  for (const what of doneTwice(hub.books)) tell('once', what)
  for (const what of hub.ownerFaults) tell('owner', what)
  for (const order of story.orders) {
    const status = state.cases.get(order.caseKey)?.status
    if (status === 'completed') {
      booksEqualEvents(hub, order, tell)
      eventsTold(hub, order, tell)
      signalsEnded(state, order, tell)
    } else notLost(state, order, status, profile, tell)
    newestWins(hub, state, order, tell)
  }
  return violations
}

/** A completed case: exactly one document for each event, with its quantities and amounts. */
function booksEqualEvents({ books }: Hub, order: Order, tell: Tell): void {
  const expect = (what: string, is: unknown, should: unknown) => {
    if (JSON.stringify(is) !== JSON.stringify(should))
      tell('books', `${order.number}: ${what} is ${JSON.stringify(is)}, should be ${JSON.stringify(should)}`)
  }
  const ref = (kind: string, number: string) => referenceOf(`${order.caseKey}/${kind}/${number}`, 16)
  const bearing = <Document extends SalesOrder | Delivery | Invoice | Payment>(
    all: readonly Document[],
    reference: string,
  ) => all.filter((one) => one.reference === reference)
  const salesOrders = bearing(books.salesOrders, ref('sales-order', order.number))
  const ordered = order.lines.map(({ number, quantity, cents }) => [number, quantity, cents])
  expect(
    'sales order',
    salesOrders.map(({ lines }) => lines.map(({ line, quantity, cents }) => [line, quantity, cents])),
    [ordered],
  )
  const [salesOrder] = salesOrders
  expect('confirmed', salesOrder?.isConfirmed, true)
  const delivered = new Map<string, number>()
  let invoicedCents = 0
  for (const { deliveryNote, lines } of order.goodsIssues) {
    const deliveries = bearing(books.deliveries, ref('goods-issue', deliveryNote))
    const should = lines?.map(({ line, quantity }) => [line, Number(quantity)])
    const all = order.lines.map(({ number, quantity }) => [number, quantity])
    expect(
      `goods issue ${deliveryNote}`,
      deliveries.map((one) => one.lines.map(({ line, quantity }) => [line, quantity])),
      [should ?? all],
    )
    for (const one of deliveries.flatMap((delivery) => delivery.lines)) {
      delivered.set(one.line, (delivered.get(one.line) ?? 0) + one.quantity)
    }
    const invoices = bearing(books.invoices, ref('customer-invoice', deliveryNote))
    expect(
      `invoices of ${deliveryNote}`,
      invoices.map(({ isPosted }) => isPosted),
      [true],
    )
    invoicedCents += invoices.reduce((sum, { cents }) => sum + cents, 0)
  }
  for (const { number, quantity } of order.lines) expect(`delivered of line ${number}`, delivered.get(number), quantity)
  expect('invoiced', invoicedCents, order.cents)
  for (const { payment, cents } of order.payments) {
    const paid = bearing(books.payments, ref('incoming-payment', payment))
    expect(
      `payment ${payment}`,
      paid.reduce((sum, one) => sum + one.cents, 0),
      cents,
    )
  }
  const mine = new Set(books.invoices.filter((one) => one.salesOrderId === salesOrder?.id).map(({ id }) => id))
  const paidCents = books.payments.filter((one) => mine.has(one.invoiceId)).reduce((sum, { cents }) => sum + cents, 0)
  expect('paid', paidCents, order.cents)
}

/** Every completed case said what it did, at least once, under ids that make it recognisable as one. */
function eventsTold({ bus }: Hub, order: Order, tell: Tell): void {
  const told = new Set(
    bus.events.flatMap(({ source, detail }) => {
      const metadata =
        source === 'postonce' && isRecord(detail) && isRecord(detail.metadata) ? detail.metadata : undefined
      return metadata?.correlationId === order.caseKey ? [String(metadata.id)] : []
    }),
  )
  const expected = [
    `${order.caseKey}/SalesOrderCreated`,
    ...order.goodsIssues.map(({ deliveryNote }) => `${order.caseKey}/CustomerInvoiceCreated/${deliveryNote}`),
    ...order.payments.map(({ payment }) => `${order.caseKey}/IncomingPaymentPosted/${payment}`),
    `${order.caseKey}/OrderToCashCompleted`,
  ]
  for (const id of expected) if (!told.has(id)) tell('events', `${id} was never published`)
  for (const id of told) {
    const isKnown = expected.includes(id) || id.startsWith('arn:') || id.includes('/SalesOrderOverdue/')
    if (!isKnown) tell('events', `${id} is no id that was expected`)
  }
}

function isChangeOf({ number }: Order, detail: unknown): boolean {
  return isRecord(detail) && isRecord(detail.metadata) && detail.metadata.id === `submitted-${number}-2`
}

/** Law 3: a version that was accepted is never taken back, and one that was not is with a person. */
function newestWins({ machines, bus, unrecorded }: Hub, state: State, order: Order, tell: Tell): void {
  const stored = state.cases.get(order.caseKey)
  const isPublished = bus.events.some(({ detail }) => isChangeOf(order, detail))
  if (!isPublished || stored === undefined || stored.version === 2) return
  const letters = state.deadLetters.filter(({ caseKey }) => caseKey?.startsWith(order.caseKey))
  const isForPerson =
    stored.status === 'completed'
      ? letters.some(({ code }) => ['CHANGE_NOT_SUPPORTED', 'CONFLICT', 'NO_CASE'].includes(code ?? ''))
      : letters.length > 0
  const carriers = machines.executions().filter(({ input }) => input.includes(`"submitted-${order.number}-2"`))
  const accepted = carriers.some(({ visits }) => visits.some(({ state: name }) => name === 'CreateSalesOrder'))
  const isToldOf = (arn: string) => unrecorded.has(arn) || state.deadLetters.some((one) => one.executionArn === arn)
  if (accepted) tell('newest wins', `${order.number}: version 2 was accepted, and the case is at ${stored.version}`)
  else if (!isForPerson && !carriers.some(({ arn }) => isToldOf(arn)))
    tell('never lost', `${order.number}: version 2 is neither accepted nor with a person`)
}

/** Law 2, for signals of a completed case: each is consumed, or came too late, was parked, and is a dead letter by now. */
function signalsEnded({ signals, deadLetters }: State, order: Order, tell: Tell): void {
  const isToldLate = deadLetters.some(({ caseKey, code }) => caseKey === order.caseKey && code === 'NO_CASE')
  for (const { pk, sk, consumedAtMs, parkedUntilMs } of signals) {
    if (pk !== order.caseKey || consumedAtMs !== undefined) continue
    if (parkedUntilMs === undefined || !isToldLate) tell('never lost', `${order.number}: ${sk} was not consumed`)
  }
}

/** Law 2, for a case that is not completed: a person knows of it, and only where the profile leaves doubt to one. */
function notLost(state: State, order: Order, status: string | undefined, profile: Profile, tell: Tell): void {
  const letters = state.deadLetters.filter(({ caseKey }) => caseKey?.startsWith(order.caseKey))
  const isInDoubt = state.postings.some(({ pk, status: posting }) => pk === order.caseKey && posting === 'in-doubt')
  if (order.hasChange && status !== 'open' && status !== undefined && letters.length > 0) return
  if (profile.name === 'neither' && status === 'rejected' && letters.length > 0 && isInDoubt) return
  tell('never lost', `${order.number}: the case is ${status ?? 'not there'}, with ${letters.length} dead letters`)
}
