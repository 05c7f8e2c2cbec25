import type { ErpLimits } from '#domain/erp-limits.ts'
import { ratesExceeded } from '../simulation/erp/meter.ts'
import type { Random } from '../simulation/random.ts'
import type { VirtualTime } from '../simulation/virtual-time.ts'

/**
 * An ERP that counts for itself what arrives, and knows nothing of how the hub counts. It serves what is above its limits
 * as well, so that nothing hides how often they are exceeded.
 */
export type CountingErp = {
  /** One call, from when it arrives until it is done, which takes so long. */
  serve(serviceMs: number): Promise<void>
  /** How often a limit was exceeded: by an arrival in a window, or at once. */
  readonly exceeded: number
  readonly calls: number
  /** How much was used between two moments, as a share of the scarcest limit. */
  usedBetween(fromMs: number, untilMs: number): number
}

export function countingErp(time: VirtualTime, limits: ErpLimits): CountingErp {
  const arrivals: number[] = []
  const changes: { readonly atMs: number; readonly atOnce: number }[] = [{ atMs: time.nowMs(), atOnce: 0 }]
  let exceeded = 0
  let atOnce = 0
  const change = (by: number) => {
    atOnce += by
    changes.push({ atMs: time.nowMs(), atOnce })
  }
  const busyMs = (fromMs: number, untilMs: number) =>
    changes.reduce((sum, { atMs, atOnce: busy }, i) => {
      const endMs = Math.min(changes[i + 1]?.atMs ?? untilMs, untilMs)
      return sum + busy * Math.max(0, endMs - Math.max(atMs, fromMs))
    }, 0)
  return {
    serve: async (serviceMs) => {
      arrivals.push(time.nowMs())
      exceeded += ratesExceeded(arrivals, limits).length
      change(1)
      if (atOnce > limits.slots) exceeded += 1
      await time.sleep(serviceMs)
      change(-1)
    },
    get exceeded() {
      return exceeded
    },
    get calls() {
      return arrivals.length
    },
    usedBetween: (fromMs, untilMs) => {
      const arrived = arrivals.filter((atMs) => atMs >= fromMs && atMs < untilMs).length * limits.unitsPerCall
      const shares = limits.rates.map(
        ({ units, perSeconds }) => arrived / ((units * (untilMs - fromMs)) / (perSeconds * 1000)),
      )
      return Math.max(busyMs(fromMs, untilMs) / (limits.slots * (untilMs - fromMs)), ...shares)
    },
  }
}

/** Most calls of an ERP take some 0.7 seconds, a few several: logarithmically normal. */
export function drawServiceMs(random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
  return Math.min(8000, Math.max(100, Math.round(700 * Math.exp(0.5 * normal))))
}
