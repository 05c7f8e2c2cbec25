import type { ErpLimits, Lane } from '#domain/erp-limits.ts'
import { ErpBusyError } from '#domain/errors.ts'
import type { Random } from '../simulation/random.ts'
import { createWorld, type World } from './budget-world.ts'
import { drawServiceMs } from './counting-erp.ts'

export type BudgetBench = {
  readonly seed: string
  readonly limits: ErpLimits
  readonly cases: number
  readonly killRate: number
}

export type BudgetResult = {
  readonly cases: number
  readonly calls: number
  readonly exceeded: number
  readonly used: number
  /** 95 % of the interactive cases took no longer than that, beside the backlog and without one. */
  readonly interactive: number
  readonly interactiveMs: number
  readonly idleMs: number
  /** How often a case of the backlog was turned away, on average and at most. */
  readonly asks: number
  readonly mostAsks: number
  /** Cases that were not served in the end, and the longest time that a lane with cases in it got nothing. */
  readonly unserved: number
  readonly longestGapSeconds: number
  readonly writesPerCall: number
  readonly readsPerCall: number
  readonly kills: number
  /** The partition key that most was written of within one second, in units; and how many keys there are. */
  readonly hottest: ReturnType<World['units']['hottest']>
  readonly virtualSeconds: number
}

/** Twelve flows: two interactive ones that go on all the time, seven of events and three in batches that wait as a backlog. */
const flows: readonly { readonly lane: Lane; readonly calls: number; readonly share: number }[] = [
  { lane: 'interactive', calls: 2, share: 0.5 },
  { lane: 'interactive', calls: 4, share: 0.5 },
  { lane: 'event', calls: 4, share: 0.15 },
  { lane: 'event', calls: 3, share: 0.15 },
  { lane: 'event', calls: 3, share: 0.1 },
  { lane: 'event', calls: 2, share: 0.1 },
  { lane: 'event', calls: 2, share: 0.1 },
  { lane: 'event', calls: 5, share: 0.05 },
  { lane: 'event', calls: 1, share: 0.05 },
  { lane: 'batch', calls: 1, share: 0.1 },
  { lane: 'batch', calls: 2, share: 0.1 },
  { lane: 'batch', calls: 6, share: 0.1 },
]
const backlog = flows.filter(({ lane }) => lane !== 'interactive')
const interactive = flows.filter(({ lane }) => lane === 'interactive')
/** Calls of the interactive flows, as a share of what the ERP allows; the catalog refuses more at peak. */
const interactiveShare = 0.08

/** The backlog is worked off beside the interactive flows; then the same cases of these alone. */
export async function benchBudget(bench: BudgetBench): Promise<BudgetResult> {
  const loaded = await play(bench, bench.cases)
  const idle = await play({ ...bench, killRate: 0 }, 0, loaded.interactive)
  return { ...loaded, idleMs: idle.interactiveMs }
}

async function play(
  { seed, limits, killRate }: BudgetBench,
  cases: number,
  mostInteractive = Number.POSITIVE_INFINITY,
): Promise<BudgetResult> {
  const world = createWorld(seed, limits, killRate)
  const { time, erp } = world
  const beganAtMs = time.nowMs()
  const machine = machineOf(world, limits)
  const waiting = new Map<Lane, number>()
  const servedAtMs = new Map<Lane, number>()
  const asks: number[] = []
  const backlogRandom = world.random.fork('backlog')
  let came = 0
  let open = cases
  let longestGapMs = 0
  let untilMs = beganAtMs
  const served = (lane: Lane, turned: number) => {
    open -= 1
    asks.push(turned)
    waiting.set(lane, (waiting.get(lane) ?? 0) - 1)
    longestGapMs = Math.max(longestGapMs, time.nowMs() - (servedAtMs.get(lane) ?? beganAtMs))
    servedAtMs.set(lane, time.nowMs())
    // The last few are no backlog any more.
    if (open === Math.ceil(cases / 20)) untilMs = time.nowMs()
  }
  for (const { lane, calls, share } of backlog) {
    for (let n = 0; n < Math.round(cases * share); n++) {
      waiting.set(lane, (waiting.get(lane) ?? 0) + 1)
      const comesInMs = backlogRandom.integer(0, 10_000)
      time.after(
        comesInMs,
        () => void machine(lane, drawCalls(backlogRandom, calls)).then((turned) => served(lane, turned)),
      )
    }
  }
  const tookMs: number[] = []
  const random = world.random.fork('interactive')
  const arrive = async () => {
    const perSecond = callsPerSecond(limits) * interactiveShare
    for (;;) {
      await time.sleep(Math.round((-Math.log(1 - random.next()) * 3000) / perSecond))
      if (came === mostInteractive || (cases > 0 && open <= cases / 20)) return
      came += 1
      const serviceMs = drawCalls(random, random.pick(interactive).calls)
      const cameAtMs = time.nowMs()
      void machine('interactive', serviceMs).then(() => tookMs.push(time.nowMs() - cameAtMs))
    }
  }
  void arrive()
  await time.run({ maximumTimers: 200_000_000 })
  world.close()
  const calls = Math.max(1, erp.calls)
  return {
    cases,
    calls: erp.calls,
    exceeded: erp.exceeded,
    used: cases === 0 ? 0 : erp.usedBetween(beganAtMs + 30_000, untilMs),
    interactive: came,
    interactiveMs: percentile(tookMs, 0.95),
    idleMs: 0,
    asks: asks.reduce((sum, one) => sum + one, 0) / Math.max(1, asks.length),
    mostAsks: Math.max(0, ...asks),
    unserved: open,
    longestGapSeconds: longestGapMs / 1000,
    writesPerCall: world.writes / calls,
    readsPerCall: world.reads / calls,
    kills: world.kills,
    hottest: world.units.hottest(),
    virtualSeconds: (time.nowMs() - beganAtMs) / 1000,
  }
}

/** What the machine does around a step: waits until the time that it is told, and repeats what was killed. */
function machineOf({ time, random, runStep }: World, limits: ErpLimits) {
  const most = 4 * limits.slots + 20
  let running = 0
  return async (lane: Lane, serviceMs: readonly number[]): Promise<number> => {
    const cameAtMs = time.nowMs()
    let turned = 0
    for (let busy = 0; ; ) {
      // Lambdas of interactive flows are functions of their own.
      if (lane !== 'interactive' && running >= most) {
        await time.sleep(Math.round(random.next() * Math.min(30_000, 1000 * 2 ** busy++)))
        continue
      }
      running += 1
      const outcome = await runStep({ lane, serviceMs, sinceMs: cameAtMs }).then(
        () => undefined,
        (error: unknown) => error,
      )
      running -= 1
      if (outcome === undefined) return turned
      turned += 1
      if (outcome instanceof ErpBusyError) await time.sleep(Math.max(0, outcome.untilMs - time.nowMs()))
      else if (outcome instanceof Error && /Exit|Unknown|Timedout/.test(outcome.name)) await time.sleep(40_000)
      else return time.fail(outcome) ?? turned
    }
  }
}

function drawCalls(random: Random, calls: number): number[] {
  return Array.from({ length: calls }, () => drawServiceMs(random))
}

/** How many calls the account allows in a second, by its slots and its rates. */
function callsPerSecond({ slots, rates, unitsPerCall }: ErpLimits): number {
  return Math.min(slots / 0.8, ...rates.map(({ units, perSeconds }) => units / unitsPerCall / perSeconds))
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
