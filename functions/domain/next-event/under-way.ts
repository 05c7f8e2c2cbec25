import { type NextEvent, refuse, type SignalName, type Situation } from './situation.ts'

/** A posting that is claimed or in doubt may stand in the ERP; a signal that is posted and not consumed was cut short. */
export function whatIsUnderWay({ postings, waiting }: Situation): NextEvent | undefined {
  for (const { kind, number, status } of postings) {
    if (status === 'refused') continue
    if (kind === 'payment-allocation' || kind === 'outgoing-payment') {
      if (status !== 'posted') return { kind, number }
      continue
    }
    const signal = signalOf(kind, number)
    if (signal === undefined) continue
    const isWaiting = waiting.some((one) => one.kind === signal.kind && one.number === signal.number)
    // The end of an order may follow from a cancellation that was refused, and has no signal then.
    if (isWaiting || (signal.kind === 'closing' && status !== 'posted')) return signal
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
