import type { PostingFacts } from '#domain/posted-documents.ts'
import { type NextEvent, pick, type Refuse, refusing, type SignalFacts, type SignalName } from './situation.ts'

/** How the postings of a process belong to what it picks. */
export interface Branches {
  /** The first posting, which no branch of the loop has. */
  readonly first: string
  /** The signal that a posting belongs to. */
  readonly signalOf: (kind: string, number: string) => SignalName | undefined
  /** Postings that follow from the books and from no signal. */
  readonly ofTheBooks: readonly OfTheBooks[]
}

type OfTheBooks = 'payment-allocation' | 'outgoing-payment' | 'supplier-payment' | 'supplier-payment-allocation'

/** What the rows look at here. */
interface UnderWay {
  readonly postings: readonly PostingFacts[]
  readonly signals: readonly SignalFacts[]
  readonly waiting: readonly SignalFacts[]
}

/**
 * A posting that is claimed or in doubt may stand in the ERP, and one that was refused halfway stands there in part: it is
 * brought to its end before something else makes that impossible, or a person gives it up. One that is posted was cut short while its signal is not
 * consumed, or, where no signal stands for it, while the machine has not come back from its branch: it is repeated, so that
 * what it publishes is published, and nobody ends the case in between.
 */
export function underWay({ first, signalOf, ofTheBooks }: Branches) {
  return ({ postings, waiting, signals }: UnderWay): NextEvent | undefined => {
    for (const { kind, number, status, isDone, standing, isFinal } of postings) {
      const isOver = status === 'refused' && (standing === undefined || isFinal === true)
      if (isOver || kind === first) continue
      const isAt = (signal: SignalName) => (one: SignalName) => one.kind === signal.kind && one.number === signal.number
      const signal = signalOf(kind, number)
      if (signal !== undefined && waiting.some(isAt(signal))) return pick(signal)
      if (signal !== undefined && signals.some(isAt(signal))) continue
      if (isDone || status === 'refused') continue
      const own = ofTheBooks.find((one) => one === kind)
      if (own !== undefined) return { kind: own, number }
      // The end of an order may follow from a cancellation that was refused, and has no signal then.
      if (signal?.kind === 'closing') return pick(signal)
    }
    return undefined
  }
}

/** What was refused is told before anything else is decided. */
export function refused(refuse: Refuse) {
  return ({ waiting }: UnderWay): NextEvent | undefined => {
    const signal = waiting.find((one) => one.refusal !== undefined)
    return signal?.refusal === undefined ? undefined : refuse(signal, signal.refusal)
  }
}

/** A change or a cancellation of a sales order that comes too late. */
export const refuse = refusing({
  change: 'SalesOrderChangeRefused',
  cancellation: 'SalesOrderCancellationRefused',
})

/** The signal that a posting belongs to. */
export function signalOf(kind: string, number: string): SignalName | undefined {
  switch (kind) {
    case 'goods-issue':
    case 'goods-return':
    case 'incoming-payment':
      return { kind, number }
    case 'customer-invoice':
      return { kind: 'goods-issue', number }
    case 'sales-order-amendment':
      return { kind: 'change', number }
    case 'sales-order-cancellation':
      return { kind: 'cancellation', number }
    case 'sales-order-closing':
      return { kind: 'closing', number }
    case 'credit-note':
      return creditedSignal(number)
    default:
      return undefined
  }
}

function creditedSignal(number: string): SignalName {
  const isReturn = number.startsWith('goods-return/')
  return { kind: isReturn ? 'goods-return' : 'refund', number: number.slice(number.indexOf('/') + 1) }
}

export const whatIsUnderWay = underWay({
  first: 'sales-order',
  signalOf,
  ofTheBooks: ['payment-allocation', 'outgoing-payment'],
})
export const whatWasRefused = refused(refuse)
