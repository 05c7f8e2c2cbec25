import type { ErpLimits } from '#domain/erp-limits.ts'
import type { BudgetLimits, Ticket } from './budget.ts'
import type { Pace } from './rate.ts'

/**
 * No shard has more slots than that, or more calls a second: each of them costs two writes or three of one item, and more
 * of them would lose more of their writes to each other than a slot that is found a little later costs.
 */
const slotsPerShard = 16
const callsPerShard = 50
/** Whoever comes in vain writes one item; so many slots turn away some hundred a second. */
const slotsPerLine = 128
/**
 * Calls are this much further apart than the limit says, so that those of a window arrive in it however late the first
 * and however soon the last: for a limit of a second 40 ms between two Lambdas' clocks, ways and pauses.
 */
const slack = 1.04
/** A call that leaves so much of its slack later than booked is booked anew. */
const lateShare = 0.25

/** How an account's limits are kept: its slots, and its rate where it has one, each in so many shards. */
export interface Plan {
  /** All slots, and how they are shared out. */
  readonly slots: number
  readonly shards: readonly BudgetLimits[]
  readonly rateShards: number
  /** Lines in which a lane's backlog stands. */
  readonly lines: number
  readonly pace?: Pace & { readonly lateMs: number }
}

/** What the deployment adds to the limits of an account. */
export interface BudgetTimes {
  readonly skewMs: number
  readonly clientTimeoutMs: number
}

/** @throws Error naming the limit that leaves no room for a call */
export function planOf(
  { slots, interactiveReserve = 0, fewer, rates, unitsPerCall }: ErpLimits,
  times: BudgetTimes,
): Plan {
  if (!(slots >= 1 && interactiveReserve < slots)) {
    throw new Error(
      `slots ${slots} with ${interactiveReserve} of them reserved: at least one must be left for all lanes`,
    )
  }
  const shards = Array.from({ length: Math.ceil(slots / slotsPerShard) }, (_, shard) => shard)
  const intervals = rates.map(({ units, perSeconds }) => {
    if (!(units >= unitsPerCall)) throw new Error(`units ${units} of a rate: a call takes ${unitsPerCall}`)
    return (perSeconds * 1000 * unitsPerCall) / units
  })
  // Calls at even distances keep every rate at once, the widest distance decides.
  const fastestMs = Math.max(0, ...intervals)
  const rateShards = fastestMs === 0 ? 1 : Math.ceil(1000 / fastestMs / callsPerShard)
  const narrowestMs = Math.min(...rates.map(({ perSeconds }) => perSeconds * 1000))
  const intervalMs = fastestMs * slack * rateShards
  return {
    slots,
    shards: shards.map((shard) => {
      const part = (total: number) => partOf(total, shard, shards.length)
      return {
        slots: part(slots),
        interactiveReserve: part(interactiveReserve),
        narrowSlots: part(fewer?.slots ?? slots),
        // As many as get a slot while they wait; more would only ask for nothing.
        waitingPerLane: Math.max(2, Math.ceil(part(slots) / 4)),
        agesAfterMs: 60_000,
        agedEvery: 10,
        offerMs: 400,
        skewMs: times.skewMs,
        circuit: { failures: 5, openMs: 10_000, longestMs: 120_000 },
        probeMs: times.clientTimeoutMs + 10_000,
      }
    }),
    rateShards,
    lines: Math.ceil(slots / slotsPerLine),
    ...(fastestMs > 0 && {
      pace: {
        intervalMs,
        aheadMs: Math.max(25, intervalMs / 2),
        graceMs: 40,
        lateMs: narrowestMs * (slack - 1) * lateShare,
      },
    }),
  }
}

/** What is left over goes to the first ones, one each. */
function partOf(total: number, shard: number, shards: number): number {
  return Math.floor(total / shards) + (shard < total % shards ? 1 : 0)
}

/** Where somebody asks for a slot: one of the shards that have any for him. */
export function shardFor(
  { holder, lane, isNarrow }: Pick<Ticket, 'holder' | 'lane' | 'isNarrow'>,
  { shards }: Plan,
): { readonly shard: number; readonly limits: BudgetLimits } {
  const possible = [...shards.entries()].filter(([, { slots, interactiveReserve, narrowSlots }]) => {
    const room = lane === 'interactive' ? slots : slots - interactiveReserve
    return room > 0 && (!isNarrow || narrowSlots > 0)
  })
  const found = possible[placeOf(holder, possible.length)]
  if (found === undefined) throw new Error(`No shard has a slot for ${holder}, lane ${lane}`)
  return { shard: found[0], limits: found[1] }
}

/** One of so many places, spread evenly, and always the same for one name. */
export function placeOf(name: string, places: number): number {
  let sum = 0
  for (const character of name) sum = (Math.imul(sum, 31) + character.charCodeAt(0)) >>> 0
  return ((sum ^ (sum >>> 13)) >>> 0) % places
}

/** Those of one line of the backlog come back one after the other, a little sooner than slots get free. */
export function backlogStepMs(meanHoldMs: number, { slots, lines }: Plan): number {
  return Math.max(1, ((meanHoldMs || 1000) / slots) * lines * 0.9)
}

/** How long whoever waits in his Lambda leaves the budget alone: a small part of the time that he will wait. */
export function pollMs(before: number, meanHoldMs: number, { slots }: BudgetLimits): number {
  return Math.min(200, Math.max(8, ((before + 0.1) * meanHoldMs) / slots / 6))
}
