import type { Profile } from './erp/profiles.ts'
import { type FaultPlan, type FaultRates, seededFaults } from './faults.ts'
import type { Random } from './random.ts'

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
    twice: 0.04,
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

/** Faults of one history, at most `maximumFaults` for each kind of call, so that every history comes to an end. */
export function drawStorm(random: Random, profile: Profile): FaultPlan {
  const roughness = random.pick([0, 0.25, 0.5, 1, 2])
  const plan = (name: keyof typeof rates, longestMs: number, maximumFaults: number) => {
    const scaled = Object.fromEntries(Object.entries(rates[name]).map(([kind, rate]) => [kind, rate * roughness]))
    return seededFaults(random.fork(name), { ...scaled, longestMs, maximumFaults })
  }
  const erp = plan('erp', profile.longestLateMs, 5)
  const lambda = plan('lambda', 60_000, 2)
  const aws = plan('aws', 150_000, 4)
  return {
    decide: (call) =>
      call.service === 'erp' ? erp.decide(call) : call.service === 'lambda' ? lambda.decide(call) : aws.decide(call),
  }
}
