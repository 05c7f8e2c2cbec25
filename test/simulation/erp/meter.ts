import type { ErpLimits } from '#domain/erp-limits.ts'
import { currentInvocation, type Invocation } from '../invocation.ts'

/**
 * What an ERP counts of its callers by itself: calls under way at once, and calls in each window. It knows nothing of how
 * the hub counts, and serves what is above its limits as well.
 */
export type Meter = {
  /** A call leaves its caller. One that arrives when its caller has given it up counts at that moment all the same. */
  sent(): MeteredCall
  /** Each time that a limit was exceeded, in words. */
  readonly exceeded: readonly string[]
}

export type MeteredCall = {
  arrived(): void
  /** Its caller has the answer, or no longer waits for one. */
  ended(): void
}

export function createMeter(limits: ErpLimits, nowMs: () => number): Meter {
  const exceeded: string[] = []
  const arrivals: number[] = []
  /** From its arrival until its answer is back; nobody waits for the answer of a call whose Lambda is dead. */
  const underWay = new Set<{ readonly by: Invocation | undefined }>()
  const forgetDead = () => {
    for (const call of underWay) if (call.by?.state === 'dead') underWay.delete(call)
  }
  return {
    exceeded,
    sent: () => {
      const call = { by: currentInvocation() }
      let isEnded = false
      return {
        arrived: () => {
          forgetDead()
          if (underWay.size >= limits.slots)
            exceeded.push(`${underWay.size + 1} calls were under way at ${nowMs()}, of ${limits.slots} allowed`)
          if (!isEnded) underWay.add(call)
          if (limits.rates.length === 0) return
          arrivals.push(nowMs())
          for (const { units, perSeconds } of ratesExceeded(arrivals, limits))
            exceeded.push(`more than ${units} units in ${perSeconds} s were used at ${nowMs()}`)
        },
        ended: () => {
          isEnded = true
          underWay.delete(call)
        },
      }
    },
  }
}

/** The rates that the last of these arrivals was too much for. */
export function ratesExceeded(arrivals: readonly number[], { rates, unitsPerCall }: ErpLimits): ErpLimits['rates'] {
  const lastMs = arrivals.at(-1) ?? 0
  return rates.filter(({ units, perSeconds }) => {
    const earlier = arrivals[arrivals.length - 1 - Math.floor(units / unitsPerCall)]
    return earlier !== undefined && lastMs - earlier < perSeconds * 1000
  })
}
