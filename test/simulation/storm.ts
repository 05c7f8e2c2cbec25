import type { Profile } from './erp/profiles.ts'
import { type Fault, type FaultPlan, type FaultRates, faultAt, seededFaults } from './faults.ts'
import type { Random } from './random.ts'
import type { Spot } from './spots.ts'

/** How often a call of each kind goes wrong; the seed decides how rough the whole history is. */
const rates = {
  erp: {
    'crash-before': 0.01,
    'crash-after': 0.03,
    'frozen-before': 0.01,
    'frozen-after': 0.01,
    'not-connected': 0.02,
    'request-lost': 0.02,
    'answer-lost': 0.04,
    'late-effect': 0.04,
    throttled: 0.03,
    unavailable: 0.02,
  },
  lambda: {
    'not-connected': 0.004,
    'request-lost': 0.003,
    'answer-lost': 0.01,
    'late-effect': 0.003,
    throttled: 0.005,
    unavailable: 0.003,
    twice: 0.03,
  },
  aws: {
    'crash-before': 0.004,
    'crash-after': 0.006,
    'frozen-before': 0.002,
    'frozen-after': 0.002,
    'not-connected': 0.002,
    'request-lost': 0.002,
    'answer-lost': 0.006,
    'late-effect': 0.002,
    throttled: 0.004,
    unavailable: 0.002,
    conflict: 0.004,
  },
} as const satisfies Record<string, FaultRates>

/**
 * What a history is hard on: everything a little; two runs of the same Lambda at once, slow and frozen; requests to the
 * ERP without an answer while executions are stopped and started anew; or what spots.ts says.
 */
export type Weather = 'mixed' | 'duel' | 'doubt' | 'ghost' | 'edge' | 'rerun'

export function drawWeather(random: Random): Weather {
  return random.pick(['mixed', 'mixed', 'duel', 'duel', 'doubt', 'ghost', 'edge', 'rerun', 'rerun'])
}

const duel = {
  erp: { 'frozen-before': 0.1, 'frozen-after': 0.1, 'answer-lost': 0.02 },
  lambda: { twice: 0.5 },
  aws: { 'frozen-before': 0.02, 'frozen-after': 0.02 },
} as const satisfies Record<string, FaultRates>

const doubt = {
  erp: { 'late-effect': 0.2, 'answer-lost': 0.1, 'crash-after': 0.05, throttled: 0.1 },
  lambda: { twice: 0.05 },
  aws: { 'crash-after': 0.005, 'answer-lost': 0.01 },
} as const satisfies Record<string, FaultRates>

/** Faults of one history, at most so many for each kind of call, so that every history comes to an end. */
export function drawStorm(random: Random, profile: Profile, weather: Weather, spot: Spot | undefined): FaultPlan {
  if (spot !== undefined) return faultAt(spot.point, spot.fault)
  const plans =
    weather === 'mixed'
      ? mixed(random, profile)
      : weather === 'duel'
        ? plansOf(random, duel, { erp: 3000, lambda: 0, aws: 3000 }, { erp: 3, lambda: 8, aws: 4 })
        : plansOf(random, doubt, { erp: profile.longestLateMs, lambda: 0, aws: 0 }, { erp: 4, lambda: 1, aws: 2 })
  return {
    decide: (call) =>
      call.service === 'erp'
        ? plans.erp.decide(call)
        : call.service === 'lambda'
          ? plans.lambda.decide(call)
          : plans.aws.decide(call),
  }
}

type ByTarget<Value> = Readonly<Record<'erp' | 'lambda' | 'aws', Value>>

function mixed(random: Random, profile: Profile): ByTarget<FaultPlan> {
  const roughness = random.pick([0, 0.25, 0.5, 1, 2])
  const scaled = (one: FaultRates) =>
    Object.fromEntries(Object.entries(one).map(([kind, rate]) => [kind, (rate ?? 0) * roughness]))
  const all = { erp: scaled(rates.erp), lambda: scaled(rates.lambda), aws: scaled(rates.aws) }
  const longest = { erp: profile.longestLateMs, lambda: 60_000, aws: 150_000 }
  return plansOf(random, all, longest, { erp: 5, lambda: 2, aws: 4 })
}

function plansOf(
  random: Random,
  all: ByTarget<FaultRates>,
  longestMs: ByTarget<number>,
  most: ByTarget<number>,
): ByTarget<FaultPlan> {
  const plan = (service: keyof ByTarget<unknown>) =>
    seededFaults(random.fork(service), {
      ...all[service],
      longestMs: Math.max(1, longestMs[service]),
      maximumFaults: most[service],
    })
  return { erp: plan('erp'), lambda: plan('lambda'), aws: plan('aws') }
}

/** How often the ERP is down as a whole for some minutes besides all else, so that cases sleep until it is back. */
const outageRate = 0.04
/** It is over after so many calls of any kind, should nobody sleep and ask for it. */
const longestCalls = 250

/** The same plan, and in some histories such an outage. */
export function withOutage(random: Random, plan: FaultPlan): FaultPlan {
  if (!random.chance(outageRate)) return plan
  const fromOrdinal = random.integer(1, 400)
  const asks = random.integer(1, 5)
  const fault = random.pick<Fault>([{ kind: 'unavailable', times: 1 }, { kind: 'not-connected' }])
  let asked = 0
  return {
    decide: (call) => {
      const drawn = plan.decide(call)
      const isDown = asked < asks && call.ordinal >= fromOrdinal && call.ordinal < fromOrdinal + longestCalls
      if (!isDown || call.service !== 'erp') return drawn
      if (call.functionName === 'WatchErp') asked += 1
      return fault
    },
  }
}
