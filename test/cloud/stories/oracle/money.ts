import { type Happening, happeningsOf, type OrderVersion, type Story } from '../story.ts'
import { cents, compare, type Exact, exact, least, minus, plus, total, zero } from './decimal.ts'
import type { Moved } from './goods.ts'
import { grossOf } from './prices.ts'
import type { Told } from './told.ts'

/** Every document with money on it, and what is wrong with how the hub came to it. */
export interface Money {
  readonly invoices: readonly Exact[]
  readonly creditNotes: readonly Exact[]
  readonly incoming: readonly Exact[]
  readonly outgoing: readonly Exact[]
  readonly wrong: readonly string[]
}

interface Facts {
  readonly order: OrderVersion
  readonly deliveries: readonly Moved[]
  readonly returns: readonly Moved[]
  /** Whether nothing more will leave, so that all that is on account may be paid out. */
  readonly isDelivered: boolean
}

/** What comes back in parts may add up to some cents more than was invoiced; no credit note is over more. */
const mostCentsOfRounding = exact('0.05')

/**
 * Follows the documents in the order in which the hub told of them, which decides two things only: which invoice is the
 * first and bears the freight, and which credit note has to do with a cent less. Every amount is the oracle's own; of
 * what was paid out it checks that it was there when it was paid, that it was asked for, and that nothing is held back.
 */
export function moneyOf(story: Pick<Story, 'acts'>, facts: Facts, told: readonly Told[]): Money {
  const invoices: Exact[] = []
  const creditNotes = new Map<string, Exact>()
  const incoming: Exact[] = []
  const outgoing: { readonly refund: string; readonly amount: Exact }[] = []
  const wrong: string[] = []
  const left = () => minus(total(invoices), total([...creditNotes.values()]))
  const free = () => minus(minus(total(incoming), total(outgoing.map(({ amount }) => amount))), left())

  for (const { type, about, amount = '0' } of inOrder(story, facts, told)) {
    if (type === 'CustomerInvoiceCreated') {
      const lines = facts.deliveries.find(({ number }) => number === about)?.lines
      if (lines === undefined) wrong.push(`an invoice for ${about}, which nobody has delivered`)
      else invoices.push(grossOf(facts.order, lines, invoices.length === 0))
    } else if (type === 'CreditNoteCreated') {
      const wanted = creditOf(story, facts, about, left())
      if (wanted === undefined) wrong.push(`a credit note for ${about}, which nobody has asked for`)
      else if (compare(minus(wanted, left()), mostCentsOfRounding) > 0)
        wrong.push(`credit note ${about} over ${cents(wanted)}, but only ${cents(left())} was left to credit`)
      else creditNotes.set(about, least(wanted, left()))
    } else if (type === 'IncomingPaymentPosted') {
      const payment = happeningsOf(story, 'payment').find(({ number }) => number === about)
      if (payment === undefined) wrong.push(`a payment ${about}, which nobody has made`)
      else incoming.push(exact(payment.amount))
    } else if (type === 'OutgoingPaymentPosted') {
      if (compare(exact(amount), free()) > 0)
        wrong.push(`${about} pays out ${amount} when the customer had ${cents(free())}`)
      outgoing.push({ refund: about.slice(0, about.lastIndexOf('/')), amount: exact(amount) })
    }
  }
  return {
    invoices,
    creditNotes: [...creditNotes.values()],
    incoming,
    outgoing: outgoing.map(({ amount }) => amount),
    wrong: [...wrong, ...payoutsAgainstClaims(story, facts, creditNotes, outgoing, free())],
  }
}

/** What the hub told, and then what it should have told and did not. */
function inOrder(story: Pick<Story, 'acts'>, facts: Facts, told: readonly Told[]): readonly Told[] {
  const due = [
    ...facts.deliveries.map(({ number }) => ['CustomerInvoiceCreated', number] as const),
    ...facts.returns.map(({ number }) => ['CreditNoteCreated', `goods-return/${number}`] as const),
    ...happeningsOf(story, 'refund')
      .filter(({ of }) => of === 'lines' || of === 'amount' || of === 'everything')
      .map(({ number }) => ['CreditNoteCreated', `refund/${number}`] as const),
    ...happeningsOf(story, 'payment').map(({ number }) => ['IncomingPaymentPosted', number] as const),
  ]
  const isTold = (type: string, about: string) => told.some((one) => one.type === type && one.about === about)
  const untold = due.filter(([type, about]) => !isTold(type, about)).map(([type, about]) => ({ type, about, atMs: 0 }))
  return [...told, ...untold]
}

function creditOf(story: Pick<Story, 'acts'>, { order, returns }: Facts, about: string, left: Exact) {
  const [kind, number] = [about.slice(0, about.indexOf('/')), about.slice(about.indexOf('/') + 1)]
  if (kind === 'goods-return') {
    const back = returns.find((one) => one.number === number)
    return back && grossOf(order, back.lines, false)
  }
  const refund = happeningsOf(story, 'refund').find((one) => one.number === number)
  switch (refund?.of) {
    case 'lines':
      return grossOf(order, refund.lines, false)
    case 'amount':
      return exact(refund.amount)
    case 'everything':
      return left
    default:
      return undefined
  }
}

/** The credit note that a refund pays out; two refunds of one return share it. */
function creditNoteBehind(refund: Refund): string | undefined {
  if (refund.of === 'return') return `goods-return/${refund.return}`
  return refund.of === 'lines' || refund.of === 'amount' ? `refund/${refund.number}` : undefined
}

type Refund = Extract<Happening, { kind: 'refund' }>
type Payout = { readonly refund: string; readonly amount: Exact }

/** No refund pays out more than docs/events.md says, and none less while the customer has money that is free. */
function payoutsAgainstClaims(
  story: Pick<Story, 'acts'>,
  { isDelivered }: Facts,
  creditNotes: ReadonlyMap<string, Exact>,
  outgoing: readonly Payout[],
  free: Exact,
): readonly string[] {
  const refunds = happeningsOf(story, 'refund')
  const paidOut = (numbers: readonly string[]) =>
    total(outgoing.filter(({ refund }) => numbers.includes(refund)).map(({ amount }) => amount))
  const unknown = outgoing.filter(({ refund }) => !refunds.some(({ number }) => number === refund))
  const takesAll = isDelivered && refunds.some(({ of }) => of === 'balance' || of === 'everything')
  const asking = Map.groupBy(refunds, creditNoteBehind)
  const claims = [...asking].flatMap(([creditNote, asked]) => {
    if (creditNote === undefined) return []
    return [
      { creditNote, claim: creditNotes.get(creditNote) ?? zero, paid: paidOut(asked.map(({ number }) => number)) },
    ]
  })
  const isHeldBack = takesAll || claims.some(({ claim, paid }) => compare(paid, claim) < 0)
  return [
    ...unknown.map(({ refund, amount }) => `${cents(amount)} was paid out for ${refund}, which nobody has asked for`),
    ...claims
      .filter(({ claim, paid }) => compare(paid, claim) > 0)
      .map(
        ({ creditNote, claim, paid }) =>
          `${cents(paid)} was paid out for ${creditNote}, at most ${cents(claim)} is due`,
      ),
    ...(isHeldBack && compare(free, zero) > 0 ? [`${cents(free)} is due to the customer and was not paid out`] : []),
    ...(isDelivered ? [] : early(refunds, paidOut)),
  ]
}

function early(
  refunds: readonly { readonly number: string; readonly of: string }[],
  paidOut: (numbers: readonly string[]) => Exact,
): readonly string[] {
  const waiting = refunds.filter(({ of }) => of === 'balance' || of === 'everything')
  const paid = paidOut(waiting.map(({ number }) => number))
  return compare(paid, zero) === 0 ? [] : [`${cents(paid)} was paid out although more may be delivered`]
}

/** What the customer owes, and what he has on account, after all of that. */
export function balancesOf({ invoices, creditNotes, incoming, outgoing }: Money) {
  const owed = minus(plus(total(invoices), total(outgoing)), plus(total(creditNotes), total(incoming)))
  return { receivable: owed, onAccount: compare(owed, zero) < 0 ? minus(zero, owed) : zero }
}
