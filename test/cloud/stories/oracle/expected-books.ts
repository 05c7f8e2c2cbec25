import { happeningsOf, type Story } from '../story.ts'
import type { Expectation } from '../telling.ts'
import { cents, compare, type Exact, exact, minus, plain, plus, zero } from './decimal.ts'
import { deliveriesOf, itemsOf, type Moved, returnsOf } from './goods.ts'
import { balancesOf, moneyOf } from './money.ts'
import { decide, hasLeft } from './races.ts'
import { hasTold, onceEach, type Told } from './told.ts'

/** What stands in the ERP and in the hub at the end of one story. Lists are sorted; amounts are in cents. */
export type Books = {
  /** Sales orders of every version, and those by which Tryton takes back and credits. */
  readonly sales: number
  /** What each left with, and came back with: `P01 2, P05 1`. */
  readonly deliveries: readonly string[]
  readonly returns: readonly string[]
  readonly invoices: readonly string[]
  readonly creditNotes: readonly string[]
  readonly incoming: readonly string[]
  readonly outgoing: readonly string[]
  readonly receivable: string
  readonly onAccount: string
  /** What is missing in the warehouse, by item. */
  readonly gone: Readonly<Record<string, string>>
}

export type Status = 'open' | 'completed' | 'cancelled' | 'closed' | 'rejected' | 'no case'

export type Expected = Expectation<Books>

export const nothing: Books = {
  sales: 0,
  deliveries: [],
  returns: [],
  invoices: [],
  creditNotes: [],
  incoming: [],
  outgoing: [],
  receivable: '0.00',
  onAccount: '0.00',
  gone: {},
}

/** What the events of a story make of the books, and what of it only the hub could decide. */
export function expectedBooks(story: Story, heard: readonly Told[]): Expected {
  const told = onceEach(heard)
  // What is refused is the last act, whole; what came before it stands.
  const acts = story.refused === undefined ? story.acts : story.acts.slice(0, -1)
  if (acts.length === 0) {
    const stands = { ...nothing, sales: story.creditLimit === undefined ? 0 : 1 }
    return {
      books: stands,
      status: story.refused?.code === 'PoisonMessageError' ? 'no case' : 'rejected',
      refused: story.refused,
      wrong: [],
    }
  }
  const decided = decide({ acts }, told)
  if (decided === undefined) {
    return {
      books: nothing,
      status: 'open',
      wrong: ['the hub did not tell of a sales order with a total that was asked for'],
    }
  }
  const isTooLate = decided.isCancelled && happeningsOf({ acts }, 'goods-issue').length > 0
  return isTooLate ? afterLateGoods({ acts }, decided, told) : afterAll({ ...story, acts }, decided, told)
}

type Decided = NonNullable<ReturnType<typeof decide>>

function afterAll(story: Story, decided: Decided, told: readonly Told[]): Expected {
  const { order, isCancelled, isClosed, amendments } = decided
  const deliveries = deliveriesOf(story, order)
  const returns = returnsOf(story, deliveries)
  const isDelivered = isCancelled || isClosed || hasLeft(story, order)
  const money = moneyOf(story, { order, deliveries, returns, isDelivered }, told)
  const { receivable, onAccount } = balancesOf(money)
  const credits = happeningsOf(story, 'refund').filter(({ of }) => of === 'lines' || of === 'amount').length
  const everything = told.filter(
    ({ type, about }) =>
      type === 'CreditNoteCreated' &&
      happeningsOf(story, 'refund').some(({ of, number }) => of === 'everything' && about === `refund/${number}`),
  ).length
  const isEven = compare(receivable, zero) === 0
  const ended = isCancelled ? 'cancelled' : isClosed ? 'closed' : 'completed'
  return {
    books: {
      sales: 1 + amendments.length + returns.length + credits + everything,
      deliveries: deliveries.map((one) => itemsOf(order, one)).sort(),
      returns: returns.map((one) => itemsOf(order, one)).sort(),
      invoices: sortedAmounts(money.invoices),
      creditNotes: sortedAmounts(money.creditNotes),
      incoming: sortedAmounts(money.incoming),
      outgoing: sortedAmounts(money.outgoing),
      receivable: cents(receivable),
      onAccount: cents(onAccount),
      gone: goneOf(order.lines, deliveries, returns),
    },
    status: story.refused !== undefined ? 'rejected' : isDelivered && isEven ? ended : 'open',
    refused: story.refused,
    wrong: [...money.wrong, ...untold(story, decided, told)],
  }
}

/** The order was cancelled first, so goods that left cannot be booked, and a person has to. What waits behind them waits. */
function afterLateGoods(story: Pick<Story, 'acts'>, { amendments }: Decided, told: readonly Told[]): Expected {
  const isTold = ({ number }: { readonly number: string }) =>
    told.some(({ type, about }) => type === 'IncomingPaymentPosted' && about === number)
  const incoming = happeningsOf(story, 'payment').filter(isTold)
  const paid = told.filter(({ type }) => type === 'OutgoingPaymentPosted').map(({ amount = '0' }) => exact(amount))
  const free = minus(
    incoming.reduce((sum, { amount }) => plus(sum, exact(amount)), zero),
    paid.reduce(plus, zero),
  )
  return {
    books: {
      ...nothing,
      sales: 1 + amendments.length,
      incoming: sortedAmounts(incoming.map(({ amount }) => exact(amount))),
      outgoing: sortedAmounts(paid),
      receivable: cents(minus(zero, free)),
      onAccount: cents(free),
    },
    status: 'rejected',
    refused: { code: 'NOTHING_TO_DELIVER', owner: 'warehouse' },
    wrong: compare(free, zero) < 0 ? ['more was paid out than came in'] : [],
  }
}

/** What has to be told besides documents. */
function untold(
  story: Pick<Story, 'acts'>,
  { isCancelled, isClosed }: Decided,
  told: readonly Told[],
): readonly string[] {
  const isRefused = happeningsOf(story, 'cancellation').length > 0 && !isCancelled
  const due = [
    'SalesOrderCreated',
    ...(isCancelled ? ['SalesOrderCancellationPosted'] : []),
    ...(isRefused ? ['SalesOrderCancellationRefused'] : []),
    ...(isClosed ? ['SalesOrderClosingPosted'] : []),
  ]
  return due.filter((type) => !hasTold(told, type)).map((type) => `${type} was not told`)
}

function sortedAmounts(amounts: readonly Exact[]): readonly string[] {
  return amounts.map(cents).sort()
}

function goneOf(
  lines: readonly { readonly number: string; readonly item: string }[],
  deliveries: readonly Moved[],
  returns: readonly Moved[],
): Readonly<Record<string, string>> {
  const gone = new Map<string, Exact>()
  const add = (moved: readonly Moved[], sign: string) => {
    for (const { line, quantity } of moved.flatMap((one) => one.lines)) {
      const item = lines.find(({ number }) => number === line)?.item ?? `line ${line}`
      gone.set(item, plus(gone.get(item) ?? zero, exact(`${sign}${quantity}`)))
    }
  }
  add(deliveries, '')
  add(returns, '-')
  return Object.fromEntries(
    [...gone]
      .filter(([, quantity]) => compare(quantity, zero) !== 0)
      .map(([item, quantity]) => [item, plain(quantity)]),
  )
}
