import type { Broken } from '../broken.ts'
import type { Profile } from '../erp/profiles.ts'
import { type FaultPlan, recordFaults } from '../faults.ts'
import { reconcileHub } from '../hub/reconcile.ts'
import { names } from '../hub/settings.ts'
import { createHub, type Hub } from '../hub.ts'
import { isEnded } from '../laws/told.ts'
import { addCrossReference, orderOf } from '../operator.ts'
import { type Random, seededRandom } from '../random.ts'
import { readState, type State } from '../state.ts'
import { drawStorm, drawWeather } from '../storm.ts'
import type { Entry } from '../story/entries.ts'
import { actsOf } from './acts.ts'
import { checkPurchaseLaws } from './laws.ts'
import { operatePurchases } from './operator.ts'
import { drawPurchase, type Purchase, type PurchaseKind } from './purchase.ts'

export interface PurchaseOptions {
  readonly seed: string
  readonly profile: Profile
  /** Instead of what the seed would draw. */
  readonly kinds?: readonly PurchaseKind[]
  readonly plan?: FaultPlan
  /** The case is taken from the execution at this call of a step. */
  readonly takenAt?: string
  readonly isCalm?: boolean
  /** Compares the books of hub and ERP in the end. */
  readonly isCompared?: boolean
  /** A protection that is taken away (mutants). */
  readonly broken?: Broken
}

const shortSliceMs = 300_000
const longSliceMs = 86_400_000
const maximumRounds = 24

/**
 * A history of some purchases: in each act events come in any order, some twice, while calls fail and executions are
 * stopped; before the next act a person has mended what is left. In the end the day comes on which everything is due.
 */
export async function runPurchases(options: PurchaseOptions) {
  const { seed, profile, kinds, plan, takenAt, isCalm = false, broken } = options
  const random = seededRandom(`${seed}/${profile.name}/purchases`)
  const drawn = kinds ?? Array.from({ length: random.integer(1, 3) }, () => undefined)
  const purchases = drawn.map((kind, index) => drawPurchase(random.fork(`purchase ${index}`), `P${index + 1}`, kind))
  const storm = random.fork('storm')
  const faults = recordFaults(plan ?? drawStorm(storm, profile, drawWeather(storm), undefined))
  const duplicateRate = isCalm ? 0 : random.pick([0, 0.1, 0.3])
  let isTaken = false
  const hub = createHub({
    ...{ seed: `${seed}/${profile.name}`, profile, plan: faults, isCalm, duplicateRate },
    ...(broken && { broken }),
    onCall: ({ point }) => {
      if (point !== takenAt || isTaken) return
      isTaken = true
      takeOver(hub)
    },
  })
  const startMs = hub.time.nowMs()
  try {
    for (const item of ['item-1', 'item-2']) addCrossReference(hub, 'item', item)
    addCrossReference(hub, 'purchase-tax', '20')
    for (const { supplier } of purchases) addCrossReference(hub, 'supplier', supplier)
    const acts = purchases.map((purchase) => actsOf(purchase, hub.time.nowMs()))
    const most = Math.max(...acts.map(({ length }) => length))
    for (let act = 0; act < most; act++) {
      for (const { entries, before } of acts.flatMap((one) => one[act] ?? [])) {
        before?.(hub)
        for (const entry of entries) publishSoon(hub, entry, random, isCalm)
      }
      if (!isCalm && random.chance(0.3)) stopSoon(hub, random)
      await untilQuiet(hub, purchases, random)
    }
    await untilEnded(hub, purchases, random)
    const state = readState(hub)
    const compared = options.isCompared ? await reconcileHub(hub, startMs) : undefined
    return {
      purchases,
      compared,
      books: hub.books,
      violations: checkPurchaseLaws(hub, state, purchases),
      executions: hub.machines.executions(),
      faults: faults.faults,
      points: faults.points,
      outcomes: purchases.map(({ caseKey }) => state.cases.get(caseKey)?.status),
    }
  } finally {
    hub.close()
  }
}

function publishSoon(hub: Hub, { detailType, detail }: Entry, random: Random, isCalm: boolean): void {
  const publish = () => {
    const sent = { EventBusName: names.bus, Source: names.system, DetailType: detailType }
    hub.bus.putEvents([{ ...sent, Detail: JSON.stringify(detail) }])
  }
  hub.time.after(isCalm ? 0 : random.integer(0, 600_000), publish)
  if (!isCalm && random.chance(0.3)) hub.time.after(random.integer(0, 1_200_000), publish)
}

/** Somebody stops an execution, or starts one anew with the same input. */
function stopSoon(hub: Hub, random: Random): void {
  hub.time.after(random.integer(0, 900_000), () => {
    const running = hub.machines.executions().filter(({ now }) => now.status === 'RUNNING')
    const one = running[random.integer(0, Math.max(0, running.length - 1))]
    if (one === undefined) return
    if (random.chance(0.5)) hub.machines.stop(one.arn)
    else if (orderOf(hub, one.input) !== undefined) hub.machines.start(hub.purchaseMachineArn, one.input)
  })
}

/** An execution is stopped, its input started anew, and it is redriven when the case is the other's. */
function takeOver(hub: Hub): void {
  const one = hub.machines.executions().find(({ now }) => now.status === 'RUNNING')
  if (one === undefined) return
  hub.time.after(0, () => hub.machines.stop(one.arn))
  // Before anybody has recorded that it was stopped.
  hub.time.after(1, () => hub.machines.start(hub.purchaseMachineArn, one.input))
  hub.time.after(17_000, () => hub.machines.redrive(one.arn))
}

/** Until every event is taken up and nobody has anything to do. */
async function untilQuiet(hub: Hub, purchases: readonly Purchase[], random: Random): Promise<void> {
  let quiet = 0
  for (let round = 0; round < maximumRounds && quiet < 2; round++) {
    await pass(hub, 12 * shortSliceMs)
    quiet = operatePurchases(hub, readState(hub), purchases, random) ? 0 : quiet + 1
  }
}

/** Until the days have come on which everything is due, and what that brings is done. */
async function untilEnded(hub: Hub, purchases: readonly Purchase[], random: Random): Promise<void> {
  for (let round = 0; round < 60; round++) {
    const state = readState(hub)
    if (purchases.every((purchase) => isOver(hub, state, purchase))) break
    const acted = operatePurchases(hub, state, purchases, random)
    await pass(hub, acted ? 12 * shortSliceMs : longSliceMs)
  }
  // What is late comes in.
  await pass(hub, 12 * shortSliceMs)
}

function isOver(hub: Hub, { cases }: State, { caseKey, number }: Purchase): boolean {
  const isRunning = hub.machines
    .executions()
    .some(({ now, input }) => now.status === 'RUNNING' && orderOf(hub, input) === number)
  return isEnded(cases.get(caseKey)?.status) && !isRunning
}

/** Time passes, and the sweeper comes every so often. */
async function pass(hub: Hub, forMs: number): Promise<void> {
  const untilMs = hub.time.nowMs() + forMs
  while (hub.time.nowMs() < untilMs) {
    await hub.time.run({ untilMs: Math.min(untilMs, hub.time.nowMs() + Math.max(60_000, forMs / 12)) })
    void hub.sweep()
  }
}
