import { compareDecimals, minus, sum } from '#domain/money.ts'
import type { OrderBooks } from '#domain/order-books.ts'
import { creditNoteNumber, paidOutOf, settlementNumber } from '#domain/settlement.ts'
import {
  byNumber,
  byTimeThenNumber,
  type NextEvent,
  pick,
  type SignalFacts,
  type Situation,
  setAside,
} from './situation.ts'

/** Money is booked whenever it comes, on the customer's account. */
export function incomingPayment({ waiting }: Situation): NextEvent | undefined {
  return pick(waiting.find((one) => one.kind === 'incoming-payment'))
}

/** A refund waits for what it gives back; when no further invoice will come, the ERP says what is wrong. */
export function refund({ waiting, books }: Situation): NextEvent | undefined {
  for (const signal of waiting.filter((one) => one.kind === 'refund')) {
    const { of, lines = [], amount = '0', return: goodsReturned = '' } = signal.terms
    const isOpen = compareDecimals(books.invoiced, books.credited) > 0
    switch (of) {
      case 'balance':
        return setAside(signal, 'paid out as soon as it is free')
      case 'return':
        if (!books.isPosted('credit-note', creditNoteNumber({ kind: 'goods-return', number: goodsReturned }))) continue
        return setAside(signal, `what return ${goodsReturned} was credited with is paid out`)
      case 'everything':
        if (!books.isDelivered) continue
        return isOpen ? pick(signal) : setAside(signal, 'nothing is left to credit; what was paid is paid out')
      case 'lines': {
        const isInvoiced = lines.every(({ line, quantity }) => compareDecimals(quantity, books.creditable(line)) <= 0)
        if (books.isComplete || isInvoiced) return pick(signal)
        continue
      }
      default:
        if (books.isComplete || compareDecimals(amount, minus(books.invoiced, books.credited)) <= 0) return pick(signal)
    }
  }
  return undefined
}

/** Credit notes go to the customer's account, and what is there to the invoices, in the order of their numbers. */
export function allocation({ books }: Situation): NextEvent | undefined {
  const isOpen = ({ open }: { readonly open: string }) => compareDecimals(open, '0') > 0
  const credit = [...books.creditNotes].sort(byNumber).find(isOpen)
  if (credit !== undefined) return allocate(`credit-note/${credit.number}`, credit.allocated, credit.open)
  const invoice = [...books.invoices].sort(byNumber).find(isOpen)
  if (invoice === undefined || compareDecimals(books.onAccount, '0') <= 0) return undefined
  return allocate(`customer-invoice/${invoice.number}`, invoice.allocated, smaller(invoice.open, books.onAccount))
}

function allocate(of: string, before: string, amount: string): NextEvent {
  return { kind: 'payment-allocation', number: settlementNumber({ of, before, amount }) }
}

/**
 * Pays out what refunds ask for, as far as the customer has money that no invoice needs. A credit of what he had not paid
 * yet settles the invoice instead; when he pays it after all, that goes back.
 */
export function outgoingPayment({ signals, postings, books }: Situation): NextEvent | undefined {
  if (compareDecimals(books.onAccount, '0') <= 0) return undefined
  const posted = postings.filter((one) => one.status === 'posted')
  const refunds = signals.filter((one) => one.kind === 'refund' && one.isConsumed).sort(byTimeThenNumber)
  for (const signal of refunds) {
    const before = paidOutOf(posted, signal.number)
    const claim = claimOf(signal, books)
    // Refunds of one return share what it was credited with.
    const sharing = refunds.filter((one) => one === signal || isOfSameReturn(one, signal))
    const paid = sum(sharing.map((one) => paidOutOf(posted, one.number))).toFixed()
    const left = claim === 'all' ? books.onAccount : smaller(minus(claim, paid), books.onAccount)
    if (compareDecimals(left, '0') <= 0) continue
    return { kind: 'outgoing-payment', number: settlementNumber({ of: signal.number, before, amount: left }) }
  }
  return undefined
}

function isOfSameReturn(one: SignalFacts, other: SignalFacts): boolean {
  return one.terms.return !== undefined && one.terms.return === other.terms.return
}

/** How much a refund may pay out in all. */
function claimOf({ number, terms, refusal }: SignalFacts, books: OrderBooks): string | 'all' {
  if (refusal !== undefined) return '0'
  switch (terms.of) {
    case 'balance':
    case 'everything':
      // What was paid in advance may still be needed. What comes later is meant as well, whichever came first.
      return books.isDelivered ? 'all' : '0'
    case 'return':
      return books.amountOf('credit-note', creditNoteNumber({ kind: 'goods-return', number: terms.return ?? '' }))
    default:
      return books.amountOf('credit-note', creditNoteNumber({ kind: 'refund', number }))
  }
}

function smaller(one: string, other: string): string {
  return compareDecimals(one, other) <= 0 ? one : other
}
