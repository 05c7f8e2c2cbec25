import { isCue, outcomeOf } from './cues.ts'
import type { DemoOrder } from './demo-order.ts'
import type { Cue, Outcome, Publication } from './order-kind.ts'
import type { HubMessage } from './subscription.ts'

/** How an order ended; `did not end`: the hub was silent for too long. */
export type Ended = Outcome | 'did not end'

/** How far one order is: which steps have been done, and what the hub has said of its end. */
export interface OrderProgress {
  /** What is to be published at this moment of the demo itself. */
  begin(cue: 'start' | 'parked' | 'asked'): readonly Publication[]
  /** What is to be published when the hub says this. */
  hear(message: HubMessage): readonly Publication[]
  /** Nobody could understand it. */
  hearDeadLetter(): void
  ended(): Ended | undefined
}

export function progressOf(order: DemoOrder): OrderProgress {
  const { steps, ends, until } = order.kind
  const due = new Set(steps)
  const outcomes: Outcome[] = []
  let isUntil = false
  // A case that something comes for after its end is opened again, and ends once more.
  const endings = 1 + steps.filter(({ when }) => /^(OrderToCash|ProcureToPay)Completed/.test(when)).length

  const take = (isMet: (when: Cue) => boolean) => {
    const met = [...due].filter(({ when }) => isMet(when))
    for (const step of met) due.delete(step)
    return met.flatMap(({ publish }) => publish)
  }
  return {
    begin: (cue) => take((when) => when === cue),
    hear: (message) => {
      const outcome = outcomeOf(message)
      if (outcome !== undefined) outcomes.push(outcome)
      if (until !== undefined && isCue(order, until, message)) isUntil = true
      return take((when) => isCue(order, when, message))
    },
    hearDeadLetter: () => outcomes.push('dead-letter'),
    ended: () => {
      const last = outcomes.at(-1)
      if (last === 'rejected' || last === 'failed' || last === 'dead-letter') return last
      if (due.size > 0) return undefined
      if (ends === 'open') return last ?? (isUntil ? 'open' : undefined)
      return outcomes.length < endings ? undefined : last
    },
  }
}
