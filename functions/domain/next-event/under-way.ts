import { type NextEvent, pick, refuse, type SignalName, type Situation } from './situation.ts'

/**
 * A posting that is claimed or in doubt may stand in the ERP. One that is posted was cut short while its signal is not
 * consumed, or, where no signal stands for it, while the machine has not come back from its branch: it is repeated, so that
 * what it publishes is published, and nobody ends the case in between.
 */
export function whatIsUnderWay({ postings, waiting, signals }: Situation): NextEvent | undefined {
  for (const { kind, number, status, isDone } of postings) {
    if (status === 'refused' || kind === 'sales-order') continue
    const isAt = (signal: SignalName) => (one: SignalName) => one.kind === signal.kind && one.number === signal.number
    const signal = signalOf(kind, number)
    if (signal !== undefined && waiting.some(isAt(signal))) return pick(signal)
    if (signal !== undefined && signals.some(isAt(signal))) continue
    if (isDone) continue
    if (kind === 'payment-allocation' || kind === 'outgoing-payment') return { kind, number }
    // The end of an order may follow from a cancellation that was refused, and has no signal then.
    if (signal?.kind === 'closing') return pick(signal)
  }
  return undefined
}

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

export function whatWasRefused({ waiting }: Situation): NextEvent | undefined {
  const signal = waiting.find((one) => one.refusal !== undefined)
  return signal?.refusal === undefined ? undefined : refuse(signal, signal.refusal)
}
