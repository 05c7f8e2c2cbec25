import type { Context } from 'aws-lambda'
import { decisionEvent } from '#domain/decision.ts'
import { signalEvents, startingEvents } from '#domain/events.ts'
import type { Broken } from './broken.ts'
import { type Bus, createBus } from './bus.ts'
import { createDatabase, type Database } from './dynamodb/database.ts'
import { type Books, createBooks } from './erp/books.ts'
import { createMeter } from './erp/meter.ts'
import type { Profile } from './erp/profiles.ts'
import { erpServer } from './erp/server.ts'
import type { Call, Fault, FaultPlan } from './faults.ts'
import { definition, purchaseDefinition } from './hub/definition.ts'
import { calm, drawDelays } from './hub/delays.ts'
import { handlers } from './hub/handlers.ts'
import { connectErp, replaceOutside } from './hub/outside.ts'
import {
  hubTable,
  limits,
  names,
  reconcilerTimeoutMs,
  recorderTimeoutMs,
  sweeperTimeoutMs,
  times,
  visibilityTimeoutMs,
  watchErpTimeoutMs,
} from './hub/settings.ts'
import { eachMinuteWhileAsleep, watchSweeper } from './hub/sweeper.ts'
import { runsSinceMs, watchOwners } from './hub/watch.ts'
import { type Invocation, withInvocation } from './invocation.ts'
import { isRecord } from './json.ts'
import { createMachines, type Machines } from './machine/machines.ts'
import { createQueue, type Queue, type Subscription } from './queue.ts'
import { type Random, seededRandom } from './random.ts'
import type { Undo } from './replace.ts'
import { createSeam, type Seam } from './seam.ts'
import { createVirtualTime, type VirtualTime } from './virtual-time.ts'

/** The whole hub in one process: real handlers, the real machine, the rules of lib/; only what is outside is simulated. */
export type Hub = {
  readonly time: VirtualTime
  readonly random: Random
  readonly books: Books
  readonly bus: Bus
  readonly machines: Machines
  readonly machineArn: string
  readonly purchaseMachineArn: string
  readonly database: Database
  readonly deadLetters: Queue
  /** What lies in the bucket, by its key. */
  readonly payloads: ReadonlyMap<string, string>
  /** Executions whose end was never told: the alarm that compares AWS's own count with what was recorded tells of them. */
  readonly unrecorded: ReadonlySet<string>
  /** Writes by those who did not own the case, found when they happened. */
  readonly ownerFaults: readonly string[]
  /** Each time that the ERP had more calls than its limits allow, as it counts them itself. */
  readonly limitFaults: readonly string[]
  /** Queues that a Lambda reads. */
  readonly queues: readonly Queue[]
  /** One run of the sweeper, if it has anything to do. */
  sweep(): Promise<void>
  /** Runs the function that compares the books, as somebody who invokes it by hand. */
  reconcile(asked: unknown): Promise<unknown>
  close(): void
}

export type HubSettings = {
  readonly seed: string
  readonly profile: Profile
  readonly plan: FaultPlan
  /** How often a status-change event never comes. */
  readonly missedStatusRate?: number
  readonly duplicateRate?: number
  /** Every clock is as slow as it may be until a first fault, and as fast from then on, so that all is looked at too early. */
  readonly areClocksApart?: boolean
  /** How often a message takes half a second instead of some milliseconds. */
  readonly slowRate?: number
  /** Nothing is late, lost or doubled but by the plan. */
  readonly isCalm?: boolean
  /** Without the slots of the ERP account two attempts may be at work at once, and the posting table alone must hold. */
  readonly hasSlot?: boolean
  onCall?(call: Call, fault: Fault | undefined): void
  /** A protection that is taken away (mutants). */
  readonly broken?: Broken
}

await connectErp()

export function createHub(settings: HubSettings): Hub {
  const { seed, profile, plan, missedStatusRate = 0, duplicateRate = 0, broken = {}, onCall } = settings
  const random = seededRandom(seed)
  const [latency, chance] = [random.fork('latency'), random.fork('chance')]
  const time = createVirtualTime()
  const delays = settings.isCalm ? calm : drawDelays(latency, chance, settings.slowRate ?? 0)
  const [latencyMs, deliveryMs] = [delays.latency, delays.delivery]
  const { frozenSurvive } = profile
  let isFaulted = false
  const heard = (call: Call, fault: Fault | undefined) => {
    isFaulted ||= fault !== undefined
    if (fault !== undefined && call.functionName === 'SweepCases') sweeper.disturbed()
    onCall?.(call, fault)
  }
  const seam = createSeam({ time, plan, latencyMs, frozenSurvive, onCall: heard })
  const database = createDatabase({
    tables: [hubTable],
    nowMs: time.nowMs,
    removeUndefinedValues: true,
    indexLagMs: delays.index,
  })
  const unseenMs = () => (chance.chance(0.5) ? chance.integer(0, profile.longestUnseenMs) : 0)
  const books = createBooks(profile, time.nowMs, unseenMs)
  const bus = createBus({ name: names.bus, time, random: random.fork('bus'), duplicateRate, deliveryMs })
  const aws = createBus({ name: 'default', time, random: random.fork('aws'), duplicateRate, deliveryMs })
  const run = (functionName: string, timeoutMs: number, payload: unknown) =>
    withInvocation(
      time,
      { functionName, timeoutMs, ...lot(chance, settings.areClocksApart, isFaulted) },
      (invocation) => handlerOf(functionName)(payload, contextOf(invocation, time, chance)),
    )
  const watchErp = eachMinuteWhileAsleep(database, time, async () => {
    await run('WatchErp', watchErpTimeoutMs, {}).catch(() => undefined)
  })
  const unrecorded = new Set<string>()
  const payloads = new Map<string, string>()
  const machines = createMachines({
    time,
    random: random.fork('machine'),
    transitionMs: delays.transition,
    describeLagMs: delays.describe,
    closedTokenIsForgotten: () => chance.chance(0.5),
    onStatusChange: (change) => {
      const { status, executionArn } = change.detail
      if (status === 'RUNNING' || status === 'SUCCEEDED') return
      if (chance.chance(missedStatusRate)) unrecorded.add(String(executionArn))
      else aws.accept(change)
    },
    invokeLambda: async (name, payload) => {
      if (isRecord(payload) && payload.asleepSince !== undefined) watchErp()
      return { payload: await asLambda(seam, name, () => run(name, times.lambdaTimeoutSeconds * 1000, payload)) }
    },
    integrations: {
      'arn:aws:states:::events:putEvents': async (parameters) => {
        const entries = entriesOf(parameters)
        const refusals = { throttled: () => Object.assign(new Error(), { name: 'EventBridge.ThrottlingException' }) }
        return await seam.sdk({ service: 'events', operation: 'PutEvents' }, () => bus.putEvents(entries), refusals)
      },
    },
  })
  const machine = machines.define(names.machine, broken.definition ?? definition)
  const purchases = machines.define(names.purchaseMachine, broken.purchaseDefinition ?? purchaseDefinition)
  const queue = (name: string, more: Partial<Parameters<typeof createQueue>[0]> = {}) =>
    createQueue({ name, time, random: random.fork(name), visibilityTimeoutMs, deliveryMs, ...more })
  const deadLetters = queue('dead-letters')
  const read = { maxReceiveCount: 10, deadLetter: deadLetters, duplicateRate: duplicateRate / 2 }
  const signals = queue('signals', read)
  const undelivered = queue('undelivered', read)
  const decisions = queue('decisions', read)
  const failures = queue('failed-executions', read)
  const recorder = (name: string): Subscription => ({
    invoke: (event) => run(name, recorderTimeoutMs, event),
    reportBatchItemFailures: true,
  })
  signals.subscribe(recorder('RecordSignal'))
  failures.subscribe(recorder('RecordFailedExecution'))
  undelivered.subscribe(recorder('StartUndelivered'))
  decisions.subscribe({ ...recorder('ApplyDecision'), batchSize: 1 })
  for (const { arn, process } of [
    { arn: machine.arn, process: 'order-to-cash' },
    { arn: purchases.arn, process: 'procure-to-pay' },
  ]) {
    bus.rule({
      name: `Started ${process}`,
      pattern: { source: [{ 'anything-but': 'postonce' }], 'detail-type': startingOf(process) },
      target: (event) => {
        if (!settings.isCalm && chance.chance(undeliveredRate)) throw new Error('The target cannot be reached')
        return machines.start(arn, JSON.stringify(event))
      },
      retryAttempts: 0,
      deadLetter: (event) => undelivered.send(JSON.stringify(event)),
    })
  }
  bus.rule({
    name: 'Decided',
    pattern: { 'detail-type': [decisionEvent] },
    target: (event) => decisions.send(JSON.stringify(event)),
  })
  bus.rule({
    name: 'Signalled',
    pattern: { source: [{ 'anything-but': 'postonce' }], 'detail-type': Object.keys(signalEvents) },
    target: (event) => signals.send(JSON.stringify(event)),
  })
  aws.rule({
    name: 'FailedExecution',
    pattern: { source: ['aws.states'], detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'] } },
    target: (event) => failures.send(JSON.stringify(event)),
  })
  const isLimited = profile.isOneWriter || settings.hasSlot !== false
  const withSlot = isLimited && !broken.isSlotOff ? database.request : withoutSlot(database.request)
  const ownerFaults: string[] = []
  const tell = (what: string) => ownerFaults.push(what)
  const watched = { database, runsSinceMs: runsSinceMs(machines), nowMs: time.nowMs, tell }
  const request = watchOwners(watched, broken.table?.(withSlot) ?? withSlot)
  // What a Lambda sends that goes on after its end, against AWS's word, no lease can count.
  const meter = isLimited && !profile.frozenSurvive ? createMeter(limits, time.nowMs) : undefined
  const undo: Undo = replaceOutside({
    time,
    seam,
    profile,
    request,
    machines,
    broken,
    buses: [bus, aws],
    queues: [deadLetters, signals, failures, undelivered, decisions],
    payloads,
    fetch: erpServer(books, seam, time.nowMs, profile.isOneWriter, meter),
  })
  const sweeper = watchSweeper(database, time.nowMs)
  return {
    time,
    random,
    books,
    bus,
    machines,
    machineArn: machine.arn,
    purchaseMachineArn: purchases.arn,
    database,
    deadLetters,
    payloads,
    unrecorded,
    ownerFaults,
    limitFaults: meter?.exceeded ?? [],
    queues: [signals, failures, undelivered, decisions],
    sweep: async () => {
      if (broken.isSweeperOff || !sweeper.hasWork()) return
      // A schedule's target that fails is tried once more, and again a minute later anyway.
      await run('SweepCases', sweeperTimeoutMs, {}).catch(() => undefined)
      sweeper.swept()
    },
    reconcile: (asked) => run('ReconcileBooks', reconcilerTimeoutMs, asked),
    close: undo,
  }
}

function startingOf(process: string): string[] {
  return Object.entries(startingEvents).flatMap(([name, event]) => (event.process === process ? [name] : []))
}

/** Whoever asks finds the budget of the ERP account untouched. */
function withoutSlot(request: Database['request']): Database['request'] {
  return (command) => {
    const input: unknown = Reflect.get(command, 'input')
    const isSlot = isRecord(input) && isRecord(input.Key) && String(input.Key.sk).startsWith('BUDGET#')
    return isSlot ? () => ({}) : request(command)
  }
}

/** How often the bus cannot start a machine, which AWS tries for a day; here it gives up at once. */
const undeliveredRate = 0.02

/** Two clocks are never further apart than the skew that the hub allows for. */
function lot(chance: Random, areClocksApart = false, isFast = false) {
  const halfMs = (times.skewSeconds * 1000) / 2
  return {
    skewMs: areClocksApart ? (isFast ? halfMs : -halfMs) : chance.integer(-halfMs, halfMs),
    crashName: chance.chance(0.5) ? ('Lambda.Unknown' as const) : ('Runtime.ExitError' as const),
  }
}

function handlerOf(name: string) {
  const handler = handlers.get(name)
  if (handler === undefined) throw new Error(`There is no Lambda ${name}`)
  return handler
}

/**
 * An invocation of which nothing is heard ends by its Task's time, or by this, where the Task waits for weeks. AWS names
 * the error and no time; no Lambda runs longer than a quarter of an hour.
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
const noAnswer = 'Lambda.ClientExecutionTimeoutException'
const silentInvokeMs = 960_000

/** What a Task is told when the call of its Lambda goes wrong, whether or not the Lambda ran. */
async function asLambda(seam: Seam, operation: string, run: () => Promise<unknown>): Promise<unknown> {
  const failing = (name: string) => () => ({ failure: Object.assign(new Error(name), { name }) })
  const effect = async () => {
    try {
      return { result: await run() }
    } catch (error) {
      return { failure: error }
    }
  }
  let outcome: { readonly result: unknown } | { readonly failure: unknown }
  try {
    outcome = await seam.http({ service: 'lambda', operation }, effect, {
      throttled: failing('Lambda.TooManyRequestsException'),
      unavailable: failing('Lambda.ServiceException'),
      silence: { afterMs: silentInvokeMs, error: () => Object.assign(new Error('No answer'), { name: noAnswer }) },
    })
  } catch (error) {
    if (error instanceof Error && error.name === noAnswer) throw error
    throw Object.assign(new Error(String(error)), { name: 'Lambda.SdkClientException' })
  }
  if ('failure' in outcome) throw outcome.failure
  return outcome.result
}

/** Step Functions writes a Detail that is an object as text. https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html */
function entriesOf(parameters: unknown): readonly unknown[] {
  const entries: readonly unknown[] =
    isRecord(parameters) && Array.isArray(parameters.Entries) ? parameters.Entries : []
  return entries.map((entry) =>
    isRecord(entry) && isRecord(entry.Detail) ? { ...entry, Detail: JSON.stringify(entry.Detail) } : entry,
  )
}

function contextOf(invocation: Invocation, time: VirtualTime, chance: Random): Context {
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: invocation.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${invocation.functionName}`,
    memoryLimitInMB: '512',
    awsRequestId: chance.uuid(),
    logGroupName: '',
    logStreamName: '',
    getRemainingTimeInMillis: () => Math.max(0, invocation.endsAtMs - time.nowMs()),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  }
}
