import { compare, exact, minus, plus } from '../../oracle/decimal.ts'
import { type Moved, rest } from '../../oracle/goods.ts'
import { sumOf } from '../../oracle/prices.ts'
import { type Happening, happeningsOf, type PurchaseStory, type Requisition } from '../story.ts'
import { type CreditNote, type Ground, type Invoice, verdictOf } from './match.ts'

/** How things stand when an act has come to rest. */
export interface Rest {
  readonly ground: Ground
  /** Posted in this act. */
  readonly posted: readonly (Invoice | CreditNote)[]
  readonly disputed: readonly (Invoice | CreditNote)[]
  /** A document waits in variance, so that nothing is paid. */
  readonly isBlocked: boolean
}

/** What arrived, by delivery note. One that does not say what arrived takes what the others leave. */
export function receiptsOf(story: Pick<PurchaseStory, 'acts'>, order: Requisition): readonly Moved[] {
  const receipts = happeningsOf(story, 'goods-receipt')
  const named = receipts.flatMap(({ lines = [] }) => lines)
  const wanted = order.lines.map(({ number, quantity }) => ({ line: number, quantity }))
  return receipts.map(({ number, lines }) => ({ number, lines: lines ?? rest(wanted, named) }))
}

/** What went back, by number. One that does not say what went back takes what is here. */
export function returnsOf(story: Pick<PurchaseStory, 'acts'>, receipts: readonly Moved[]): readonly Moved[] {
  const returns = happeningsOf(story, 'supplier-return')
  const named = returns.flatMap(({ lines = [] }) => lines)
  const here = receipts.flatMap(({ lines }) => lines)
  return returns.map(({ number, lines }) => ({ number, lines: lines ?? rest(here, named) }))
}

interface Goods {
  readonly order: Requisition
  readonly receipts: readonly Moved[]
  readonly returns: readonly Moved[]
  /** Nothing more will arrive from this act on, whatever is missing. */
  readonly endsIn: number
}

/**
 * Follows the supplier's documents from act to act. Within an act they are matched again and again until nothing changes;
 * then a person answers what is asked, and it begins anew.
 */
export function restsOf(acts: PurchaseStory['acts'], { order, receipts, returns, endsIn }: Goods): readonly Rest[] {
  let invoices: readonly Invoice[] = []
  let creditNotes: readonly CreditNote[] = []
  let waiting: readonly (Invoice | CreditNote)[] = []
  const duplicates = duplicatesIn(acts.flat().filter(isBill))
  return acts.map((act, index): Rest => {
    const until = acts.slice(0, index + 1).flat()
    const moved = (all: readonly Moved[], kind: Happening['kind']) =>
      all
        .filter(({ number }) => until.some((one) => one.kind === kind && 'number' in one && one.number === number))
        .flatMap((m) => m.lines)
    const received = moved(receipts, 'goods-receipt')
    const returned = moved(returns, 'supplier-return')
    const isReceived =
      index >= endsIn ||
      order.lines.every(({ number, quantity }) => compare(sumOf(received, number), exact(quantity)) >= 0)
    const groundNow = (): Ground => ({
      ...{ order, received, returned, isReceived, invoices, creditNotes, waiting, duplicates },
    })
    const posted: (Invoice | CreditNote)[] = []
    const disputed: (Invoice | CreditNote)[] = []
    const leave = (bill: Invoice | CreditNote) => {
      waiting = waiting.filter((one) => one !== bill)
    }
    const post = (bill: Invoice | CreditNote) => {
      posted.push(bill)
      leave(bill)
      if (bill.kind === 'supplier-invoice') invoices = [...invoices, bill]
      else creditNotes = [...creditNotes, bill]
    }
    waiting = [...waiting, ...act.filter(isBill)]
    for (;;) {
      const matched = waiting.find((bill) => verdictOf(bill, groundNow()) === 'matched')
      if (matched !== undefined) {
        post(matched)
        continue
      }
      const asked = waiting.filter((bill) => bill.answer !== undefined && verdictOf(bill, groundNow()) === 'variance')
      if (asked.length === 0) break
      for (const bill of asked) {
        if (bill.answer === 'accept') post(bill)
        else {
          disputed.push(bill)
          leave(bill)
        }
      }
    }
    const isBlocked = waiting.some((bill) => verdictOf(bill, groundNow()) === 'variance')
    return { ground: groundNow(), posted, disputed, isBlocked }
  })
}

/** A number stays with the first document of its kind, in whatever spelling, and is not given back by a dispute. */
function duplicatesIn(bills: readonly (Invoice | CreditNote)[]): readonly (Invoice | CreditNote)[] {
  const spelling = ({ kind, number }: Invoice | CreditNote) =>
    `${kind} ${number.toUpperCase().replace(/[^A-Z0-9]/g, '')}`
  return bills.filter((bill, index) => bills.slice(0, index).some((one) => spelling(one) === spelling(bill)))
}

export function isBill(one: Happening): one is Invoice | CreditNote {
  return one.kind === 'supplier-invoice' || one.kind === 'supplier-credit-note'
}

/** Whether everything that arrived and is still here is billed. */
export function isBilled({ order, received, returned, invoices, creditNotes }: Ground): boolean {
  const billed = invoices.flatMap(({ lines }) => lines)
  const credited = creditNotes.filter(({ of }) => of === 'quantity').flatMap(({ lines }) => lines)
  return order.lines.every(({ number }) => {
    const kept = minus(sumOf(received, number), sumOf(returned, number))
    return compare(sumOf(billed, number), plus(kept, sumOf(credited, number))) >= 0
  })
}
