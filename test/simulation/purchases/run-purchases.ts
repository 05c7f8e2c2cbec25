import type { Broken } from '../broken.ts'
import type { Profile } from '../erp/profiles.ts'
import { type Call, type Fault, type FaultPlan, faultAt, isShort, type PlannedFault, recordFaults } from '../faults.ts'
import { reconcileHub } from '../hub/reconcile.ts'
import { createHub, type Hub } from '../hub.ts'
import { isToldEnded } from '../laws/told.ts'
import type { Execution } from '../machine/execution.ts'
import { addCrossReference, orderOf } from '../operator.ts'
import { type Random, seededRandom } from '../random.ts'
import { readState, type State } from '../state.ts'
import { drawStorm, drawWeather, withOutage } from '../storm.ts'
import { type Act, actsOf } from './acts.ts'
import { checkPurchaseLaws } from './laws.ts'
import { meddleSoon, publish, takeOverAt } from './meddle.ts'
import { operatePurchases } from './operator.ts'
import { kinds as allKinds, drawPurchases, type Purchase, type PurchaseKind } from './purchase.ts'
import { drawPurchaseSpot, sendingSpots, type TakeOver } from './spots.ts'

export interface PurchaseOptions {
  readonly seed: string
  readonly profile: Profile
  /** Instead of what the seed would draw. */
  readonly kinds?: readonly PurchaseKind[]
  readonly plan?: FaultPlan
  readonly takeOver?: TakeOver
  readonly isCalm?: boolean
  /** Compares the books of hub and ERP in the end. */
  readonly isCompared?: boolean
  /** A protection that is taken away (mutants). */
  readonly broken?: Broken
  tell?(atMs: number, line: string): void
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const maximumRounds = 24

/**
 * A history of some purchases: in each act events come in any order, some twice, while calls fail and executions are
 * stopped; before the next act a person has mended what is left. In the end the day comes on which everything is due.
 */
export async function runPurchases(options: PurchaseOptions) {
  const { seed, profile, isCalm = false, broken, tell } = options
  const random = seededRandom(`${seed}/${profile.name}/purchases`)
  const weather = drawWeather(random.fork('weather'))
  const spot = options.kinds ? undefined : drawPurchaseSpot(random.fork('spot'), profile, weather)
  const drawn = spot
    ? [spot.kind]
    : Array.from({ length: random.pick([1, 1, 1, 1, 1, 2]) }, () => random.pick(allKinds))
  const storm = random.fork('storm')
  const drawnFaults = spot ? faultAt(spot.point, spot.fault, spot.nth) : drawStorm(storm, profile, weather, undefined)
  const faults = recordFaults(options.plan ?? withOutage(random.fork('outage'), drawnFaults))
  const takeOvers = isCalm ? [] : [spot?.takeOver, drawTakeOver(random.fork('take-over'), weather === 'doubt')]
  const setting = random.fork('setting')
  const drawnSettings = {
    missedStatusRate: setting.pick([0, 0, 0.3]),
    hasSlot: weather === 'mixed' && setting.chance(0.35),
    slowRate: weather === 'duel' ? 0.2 : setting.pick([0, 0, 0.1]),
    duplicateRate: setting.pick([0, 0.1, 0.3]),
    areClocksApart: weather === 'edge',
  }
  const watchers = [options.takeOver, ...takeOvers].flatMap((one) => (one ? [takeOverAt(one)] : []))
  if (spot?.isPutBack) watchers.push(puttingBackAfter(spot.point))
  if (spot?.isMet) watchers.push(meeting(spot.point, random.fork('meeting'), () => purchases))
  let calls = 0
  const hub = createHub({
    ...{ seed: `${seed}/${profile.name}`, profile, plan: faults },
    ...(isCalm ? { isCalm } : drawnSettings),
    ...(broken && { broken }),
    onCall: (call, fault) => {
      calls += 1
      for (const watch of watchers) watch(hub, call)
      tell?.(hub.time.nowMs(), lineOf(call, fault))
    },
  })
  const startMs = hub.time.nowMs()
  const purchases = drawPurchases(random, options.kinds ?? drawn, startMs)
  try {
    for (const item of ['item-1', 'item-2']) addCrossReference(hub, 'item', item)
    addCrossReference(hub, 'purchase-tax', '20')
    for (const { supplier, number, isShortened } of purchases) {
      addCrossReference(hub, 'supplier', supplier)
      if (isShortened) hub.books.dropsLine.add(number)
    }
    for (const acts of togetherOf(purchases.map(actsOf))) {
      if (acts.some(({ isAfterEnd }) => isAfterEnd)) await untilEnded(hub, purchases, random)
      for (const { entries, before } of acts) {
        before?.(hub)
        for (const entry of entries) {
          hub.time.after(isCalm ? 0 : random.integer(0, 600_000), () => publish(hub, entry))
          if (!isCalm && random.chance(0.3)) hub.time.after(random.integer(0, 1_200_000), () => publish(hub, entry))
        }
      }
      if (!isCalm && random.chance(0.3)) meddleSoon(hub, random)
      await untilQuiet(hub, purchases, random)
    }
    await untilEnded(hub, purchases, random)
    const state = readState(hub)
    const compared = options.isCompared ? await reconcileHub(hub, startMs) : undefined
    return {
      seed,
      profile: profile.name,
      purchases,
      compared,
      books: hub.books,
      violations: checkPurchaseLaws(hub, state, purchases, isUndisturbed(hub, faults.faults)),
      executions: hub.machines.executions(),
      faults: faults.faults,
      points: faults.points,
      calls,
      digest: hub.time.digest(),
      outcomes: purchases.map(({ caseKey }) => state.cases.get(caseKey)?.status ?? 'none'),
    }
  } finally {
    hub.close()
  }
}

/** Nothing was lost, and nobody has stopped or redriven anything: all that went wrong is that something took seconds. */
function isUndisturbed({ machines }: Hub, faults: readonly PlannedFault[]): boolean {
  const isPlain = ({ now }: Execution) => now.status === 'SUCCEEDED' && now.redriveCount === 0
  return faults.every(isShort) && machines.executions().every(isPlain)
}

/** The first act of each purchase, the second of each, and so on; what comes after the end, after all of them. */
function togetherOf(acts: readonly (readonly Act[])[]): readonly (readonly Act[])[] {
  const most = Math.max(...acts.map(({ length }) => length))
  const before = Array.from({ length: most }, (_, index) =>
    acts.flatMap((one) => one.filter(({ isAfterEnd }) => !isAfterEnd)[index] ?? []),
  )
  return [...before, acts.flat().filter(({ isAfterEnd }) => isAfterEnd)].filter(({ length }) => length > 0)
}

/** Somebody stops the execution while a step of it sends, and starts the same input anew: the old Lambda goes on, unaware. */
function drawTakeOver(random: Random, isLikely: boolean): TakeOver | undefined {
  if (!random.chance(isLikely ? 0.9 : 0.1)) return undefined
  const { point } = random.pick(sendingSpots)
  const stopMs = random.integer(0, 1000)
  return { point, stopMs, againMs: stopMs + random.integer(1, random.pick([2000, 30_000])) }
}

/** What meets a spot comes just then, and once more in its turn. */
function meeting(point: string, random: Random, purchases: () => readonly Purchase[]) {
  let isPassed = false
  return (hub: Hub, call: Call) => {
    if (isPassed || call.point !== point) return
    isPassed = true
    const met = purchases()
      .flatMap(actsOf)
      .filter(({ isMet }) => isMet)
    for (const entry of met.flatMap(({ entries }) => entries))
      hub.time.after(random.integer(0, 300), () => publish(hub, entry))
  }
}

/** Goods that had begun to arrive have not, after all: as soon as the machine tells something after the call, not that it failed. */
function puttingBackAfter(point: string) {
  let isPassed = false
  return ({ books }: Hub, call: Call) => {
    if (call.point === point) isPassed = true
    if (isPassed && call.service === 'events' && call.functionName === undefined) books.underWay.clear()
  }
}

function lineOf({ ordinal, point }: Call, fault: Fault | undefined): string {
  return `${String(ordinal).padStart(4)} ${point}${fault === undefined ? '' : `  ✗ ${JSON.stringify(fault)}`}`
}

/** Until every event is taken up and nobody has anything to do. */
async function untilQuiet(hub: Hub, purchases: readonly Purchase[], random: Random): Promise<void> {
  let quiet = 0
  for (let round = 0; round < maximumRounds && quiet < 2; round++) {
    await pass(hub, hourMs, random)
    quiet = operatePurchases(hub, readState(hub), purchases, random) ? 0 : quiet + 1
  }
}

/** Until the days have come on which everything is due, and what that brings is done. */
async function untilEnded(hub: Hub, purchases: readonly Purchase[], random: Random): Promise<void> {
  for (let round = 0; round < 60; round++) {
    const state = readState(hub)
    if (purchases.every((purchase) => isOver(hub, state, purchase))) break
    const acted = operatePurchases(hub, state, purchases, random)
    await pass(hub, acted ? hourMs : dayMs, random)
  }
  // What is late comes in.
  await pass(hub, hourMs, random)
}

function isOver(hub: Hub, state: State, purchase: Purchase): boolean {
  const isRunning = hub.machines
    .executions()
    .some(({ now, input }) => now.status === 'RUNNING' && orderOf(hub, input) === purchase.number)
  return isToldEnded(hub, state, purchase, 'ProcureToPayCompleted') && !isRunning
}

/** Time passes, and the sweeper comes once, at any moment: also while events arrive. */
async function pass(hub: Hub, forMs: number, random: Random): Promise<void> {
  hub.time.after(random.integer(0, forMs), () => void hub.sweep())
  await hub.time.run({ untilMs: hub.time.nowMs() + forMs })
}
