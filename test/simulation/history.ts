import { nobody } from '#aws/case-store.ts'
import type { Broken } from './broken.ts'
import { type ProfileName, profilesWith } from './erp/profiles.ts'
import { type Call, type Fault, type FaultPlan, isShort, type PlannedFault, recordFaults } from './faults.ts'
import { times } from './hub/settings.ts'
import { createHub, type Hub } from './hub.ts'
import type { Violation } from './laws/law.ts'
import { isToldEnded } from './laws/told.ts'
import { checkLaws, isDeliveredAfterCancellation } from './laws.ts'
import type { Execution } from './machine/execution.ts'
import { aftermathMs } from './operator/decide.ts'
import { addCrossReference, operate } from './operator.ts'
import { act } from './play.ts'
import { seededRandom } from './random.ts'
import { drawSpot } from './spots.ts'
import { readState, type State, stateHash } from './state.ts'
import { drawStorm, drawWeather, withOutage } from './storm.ts'
import { drawStory, type Play, type Story } from './story.ts'

export const profiles = profilesWith(times.settleSeconds * 1000)

export type History = {
  readonly seed: string
  readonly profile: ProfileName
  readonly violations: readonly Violation[]
  readonly faults: readonly PlannedFault[]
  readonly points: ReadonlySet<string>
  readonly story: Story
  readonly executions: readonly Execution[]
  readonly outcomes: Readonly<Record<string, string>>
  readonly rounds: number
  readonly calls: number
  readonly virtualMs: number
  /** Of the moments of all timers: two runs of one seed agree in it. */
  readonly digest: number
  /** Of everything that stands in the table, in the ERP's books and on the bus in the end. */
  stateHash(): string
}

export type HistoryOptions = {
  readonly seed: string
  readonly profile: ProfileName
  /** Instead of the faults and plays that the seed would draw, to shrink them or to try one point. */
  readonly plan?: FaultPlan
  readonly plays?: (plays: readonly Play[]) => readonly Play[]
  readonly story?: Story
  /** Nothing is late, lost or doubled but by the plan. */
  readonly isCalm?: boolean
  readonly broken?: Broken
  tell?(atMs: number, line: string): void
}

/** One whole history: the story is played, a person mends what is left, then everything late comes in, and laws are checked. */
export async function runHistory(options: HistoryOptions): Promise<History> {
  const { seed, tell } = options
  const profile = profiles[options.profile]
  const random = seededRandom(`${seed}/${profile.name}`)
  const weather = drawWeather(random.fork('weather'))
  const spot = drawSpot(random.fork('spot'), profile, weather)
  const drawn = options.story ?? drawStory(random.fork('story'), profile, weather, spot)
  const story = { ...drawn, plays: options.plays?.(drawn.plays) ?? drawn.plays }
  const storm = () => drawStorm(random.fork('storm'), profile, weather, spot)
  const plan = recordFaults(options.plan ?? withOutage(random.fork('outage'), storm()))
  const setting = random.fork('setting')
  let calls = 0
  const drawnSettings = {
    missedStatusRate: setting.pick([0, 0, 0.3]),
    hasSlot: weather === 'mixed' && setting.chance(0.35),
    slowRate: weather === 'duel' ? 0.2 : setting.pick([0, 0, 0.1]),
    duplicateRate: setting.pick([0, 0.1, 0.3]),
    areClocksApart: weather === 'edge',
  }
  const hub = createHub({
    seed: `${seed}/${profile.name}/hub`,
    profile,
    plan,
    ...(options.isCalm ? { isCalm: true } : drawnSettings),
    ...(options.broken && { broken: options.broken }),
    onCall: (call, fault) => {
      calls += 1
      playAt(call.point)
      if (tell !== undefined) tell(hub.time.nowMs(), lineOf(call, fault))
    },
  })
  const waiting = new Set<Play>()
  const perform = (play: Play) => {
    tell?.(hub.time.nowMs(), `» ${JSON.stringify(play)}`)
    act(hub, play, story)
  }
  const playAt = (point: string) => {
    for (const play of waiting) {
      if (play.afterCall?.point !== point) continue
      waiting.delete(play)
      hub.time.after(play.afterCall.delayMs, () => perform(play))
    }
  }
  const startMs = hub.time.nowMs()
  try {
    for (const item of ['item-1', 'item-2', 'item-3']) addCrossReference(hub, 'item', item)
    addCrossReference(hub, 'customer', 'customer-1')
    for (const { number, isOverLimit, isShortened } of story.orders) {
      if (isOverLimit) hub.books.overLimit.add(number)
      if (isShortened) hub.books.dropsLine.add(number)
    }
    for (const play of story.plays) {
      hub.time.after(play.atMs, () => {
        if (play.afterCall === undefined) perform(play)
        else waiting.add(play)
      })
    }
    const late = {
      isThere: () => [...waiting].some(({ kind }) => kind === 'publish'),
      play: () => {
        for (const play of waiting) if (play.kind === 'publish') perform(play)
        waiting.clear()
      },
    }
    const rounds = await untilDone(hub, story, startMs, options, late)
    const state = readState(hub)
    const isLost = !plan.faults.every(isShort) || hub.unrecorded.size > 0
    const isUndisturbed = rounds === 0 && !isLost && story.plays.every(({ kind }) => kind === 'publish')
    return {
      seed,
      profile: profile.name,
      violations: checkLaws(hub, state, story, isUndisturbed),
      faults: plan.faults,
      points: plan.points,
      story,
      executions: hub.machines.executions(),
      outcomes: Object.fromEntries(
        story.orders.map(({ number, caseKey }) => [number, state.cases.get(caseKey)?.status ?? 'none']),
      ),
      rounds,
      calls,
      virtualMs: hub.time.nowMs() - startMs,
      digest: hub.time.digest(),
      stateHash: () => stateHash(hub),
    }
  } finally {
    hub.close()
  }
}

const shortSliceMs = 300_000
const longSliceMs = 86_400_000
/** Nobody is asked to do anything while so much is still to happen by itself. */
const soonMs = 3_600_000
const maximumSlices = 400
const maximumRounds = 16
/** Slices in which nothing moves and nobody can do anything: what is still open then stays so. */
const maximumIdle = 12

/** Events that wait for a call which is perhaps never made: they come when everything else is over. */
type LateEvents = { isThere(): boolean; play(): void }

/** Plays, sweeps and operates until nothing is left to do, then lets everything late come in. */
async function untilDone(
  hub: Hub,
  story: Story,
  startMs: number,
  options: HistoryOptions,
  late: LateEvents,
): Promise<number> {
  const random = seededRandom(`${options.seed}/operator`)
  const playsAtMs = story.plays.map(({ atMs }) => startMs + atMs)
  let isSweeping = true
  let sliceMs = shortSliceMs
  const sweep = () => {
    if (!isSweeping) return
    void hub.sweep()
    hub.time.after(sliceMs / 5, sweep)
  }
  hub.time.after(60_000, sweep)
  let [rounds, idle] = [0, 0]
  for (let slice = 0; slice < maximumSlices; slice++) {
    await hub.time.run({ untilMs: hub.time.nowMs() + sliceMs })
    const nextMs = playsAtMs.find((atMs) => atMs > hub.time.nowMs() - 60_000)
    const untilNextMs = nextMs === undefined ? undefined : nextMs - hub.time.nowMs()
    if (untilNextMs !== undefined && untilNextMs < soonMs) {
      sliceMs = shortSliceMs
      continue
    }
    const state = readState(hub)
    const isPlayed = untilNextMs === undefined
    if (isPlayed && !late.isThere() && isDone(hub, state, story)) break
    if (isBusy(hub, state)) {
      sliceMs = shortSliceMs
      continue
    }
    if (late.isThere()) {
      late.play()
      sliceMs = shortSliceMs
      continue
    }
    if (isPlayed && (rounds === maximumRounds || idle === maximumIdle || isForPerson(hub, state, story))) break
    const acted = operate(hub, state, story.orders, random)
    if (acted) rounds += 1
    else if (isPlayed) idle += 1
    // A case that waits for nothing that is still to come goes on at its deadline, days later.
    sliceMs = acted ? shortSliceMs : Math.min(longSliceMs, untilNextMs ?? longSliceMs)
    options.tell?.(hub.time.nowMs(), `» operator, round ${rounds}: ${acted ? 'acts' : 'waits'}`)
  }
  isSweeping = false
  await hub.time.run({ untilMs: hub.time.nowMs() + aftermathMs })
  const isParked = readState(hub).signals.some(
    (one) => one.parkedUntilMs !== undefined && one.consumedAtMs === undefined,
  )
  if (isParked) {
    await hub.time.run({ untilMs: hub.time.nowMs() + times.parkedSeconds * 1000 })
    for (let minute = 0; minute < 5; minute++) {
      void hub.sweep()
      await hub.time.run({ untilMs: hub.time.nowMs() + 60_000 })
    }
  }
  return rounds
}

function isDone(hub: Hub, { cases }: State, story: Story): boolean {
  return story.orders.every((order) => isToldEnded(hub, { cases }, order))
}

/** All that is left is for a person: goods that left after a cancellation. */
function isForPerson(hub: Hub, state: State, story: Story): boolean {
  return story.orders.every(
    (order) =>
      isToldEnded(hub, state, order) ||
      isDeliveredAfterCancellation(state, order, state.cases.get(order.caseKey)?.status),
  )
}

/** Something goes on by itself: an execution that does not wait, a message, a case that the sweeper will carry on. */
function isBusy(hub: Hub, { cases }: State): boolean {
  if (hub.queues.some((queue) => queue.messages().length > 0)) return true
  if (hub.machines.executions().some(({ now, place }) => now.status === 'RUNNING' && place.state !== 'AwaitEvent'))
    return true
  for (const { status, owner } of cases.values()) {
    const isRunning = owner.executionArn !== nobody && hub.machines.find(owner.executionArn).now.status === 'RUNNING'
    if (status === 'open' && !isRunning) return true
  }
  return false
}

function lineOf(call: Call, fault: Fault | undefined): string {
  const trouble = fault === undefined ? '' : `  ✗ ${JSON.stringify(fault)}`
  return `${String(call.ordinal).padStart(4)} ${call.point}${trouble}`
}
