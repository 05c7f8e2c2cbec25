import { EventBridgeServiceException, type PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { compilePattern } from './event-pattern.ts'
import { byteLength, isRecord, type JsonRecord, parseJson, throughJson } from './json.ts'
import type { Random } from './random.ts'
import { notKnown, SimulationError } from './simulation-error.ts'
import type { VirtualTime } from './virtual-time.ts'

export type BusEvent = {
  readonly version: '0'
  readonly id: string
  readonly source: string
  readonly 'detail-type': string
  readonly account: string
  readonly time: string
  readonly region: string
  readonly resources: readonly string[]
  readonly detail: unknown
  readonly 'replay-name'?: string
}

export type Rule = {
  readonly name: string
  readonly pattern: unknown
  /** Rejects where the delivery failed. */
  target(event: BusEvent): unknown
  /** Retries before the event is given up; EventBridge makes 185 within a day. */
  readonly retryAttempts?: number
  /** Where it goes then; without one it is lost. */
  deadLetter?(event: BusEvent, error: unknown): void
}

export type Bus = {
  readonly name: string
  /** Every event ever accepted, in its order. */
  readonly events: readonly BusEvent[]
  /** Deliveries given up without a dead-letter queue. */
  readonly lost: readonly { readonly rule: string; readonly event: BusEvent }[]
  rule(rule: Rule): void
  putEvents(entries: readonly unknown[]): { FailedEntryCount: number; Entries: { EventId: string }[] }
  /** An event of an AWS service, as they arrive on the default bus. */
  accept(
    event: Pick<BusEvent, 'source' | 'detail-type' | 'detail'> & { readonly resources?: readonly string[] },
  ): BusEvent
  /** Delivers again what is in the archive, in no order. */
  replay(name: string, isWanted: (event: BusEvent) => boolean): void
  /** Empties the archive, for whoever runs long and never asks for it. */
  forget(): void
}

export type BusSettings = {
  readonly name: string
  readonly time: VirtualTime
  readonly random: Random
  readonly duplicateRate?: number
  readonly deliveryMs?: () => number
  readonly region?: string
  readonly account?: string
}

export function createBus(settings: BusSettings): Bus {
  const {
    name,
    time,
    random,
    duplicateRate = 0,
    deliveryMs = () => 0,
    region = 'us-east-1',
    account = '000000000000',
  } = settings
  const rules: (Rule & { readonly matches: (event: unknown) => boolean })[] = []
  const events: BusEvent[] = []
  const lost: { rule: string; event: BusEvent }[] = []

  const attempt = async (rule: Rule, event: BusEvent, retries: number) => {
    try {
      await rule.target(copyOf(event))
    } catch (error) {
      if (error instanceof SimulationError) time.fail(error)
      else if (retries < (rule.retryAttempts ?? 185)) {
        const delayMs = Math.min(1000 * 2 ** Math.min(retries, 10), 480_000) * (0.5 + random.next() / 2)
        time.after(delayMs, () => void attempt(rule, event, retries + 1))
      } else if (rule.deadLetter !== undefined) rule.deadLetter(copyOf(event), error)
      else lost.push({ rule: rule.name, event })
    }
  }

  const deliver = (event: BusEvent) => {
    for (const rule of rules) {
      if (!rule.matches(event)) continue
      const copies = random.chance(duplicateRate) ? random.integer(2, 3) : 1
      for (let copy = 0; copy < copies; copy++) time.after(deliveryMs(), () => void attempt(rule, event, 0))
    }
  }

  const accept: Bus['accept'] = ({ source, detail, resources = [], ...rest }) => {
    const when = new Date(time.nowMs()).toISOString().replace(/\.\d+Z$/, 'Z')
    const copied = throughJson(detail)
    const event = {
      version: '0' as const,
      id: random.uuid(),
      source,
      'detail-type': rest['detail-type'],
      account,
      time: when,
      region,
      resources,
      detail: copied,
    }
    events.push(event)
    deliver(event)
    return event
  }

  return {
    name,
    events,
    lost,
    accept,
    rule: (rule) => {
      rules.push({ ...rule, matches: compilePattern(rule.pattern) })
    },
    putEvents: (entries) => {
      if (entries.length < 1 || entries.length > 10) throw validationError('1 to 10 entries')
      const read = entries.map((entry) => readEntry(entry, name))
      if (read.reduce((sum, { bytes }) => sum + bytes, 0) > 1024 * 1024) {
        throw validationError('Total size of the entries in the request is over the limit.')
      }
      return { FailedEntryCount: 0, Entries: read.map((entry) => ({ EventId: accept(entry).id })) }
    },
    replay: (replayName, isWanted) => {
      for (const event of events.filter(isWanted)) {
        const delay = random.integer(0, 60_000)
        time.after(delay, () => deliver({ ...event, 'replay-name': replayName }))
      }
    },
    forget: () => {
      events.length = 0
    },
  }
}

/** One request of the EventBridge client to any of these buses. */
export function requestOfBuses(buses: readonly Bus[], command: PutEventsCommand): () => unknown {
  const entries = command.input.Entries ?? []
  const [name = 'default', ...others] = new Set(entries.map(({ EventBusName }) => EventBusName ?? 'default'))
  const bus = buses.find((known) => known.name === name)
  if (bus === undefined || others.length > 0) throw notKnown(`Entries for the buses ${[name, ...others].join(', ')}`)
  const copied = entries.map((entry) => ({ ...entry }))
  return () => ({ $metadata: { httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 }, ...bus.putEvents(copied) })
}

/** Each target gets its own. */
function copyOf(event: BusEvent): BusEvent {
  return { ...event, resources: [...event.resources], detail: throughJson(event.detail) }
}

function readEntry(entry: unknown, bus: string) {
  if (!isRecord(entry)) throw validationError('An entry is an object')
  const { Source: source, DetailType: detailType, Resources: resources = [], EventBusName: busName = 'default' } = entry
  if (busName !== bus) throw notKnown(`An entry for the bus ${String(busName)} on ${bus}`)
  const unknown = Object.keys(entry).find((field) => !knownFields.has(field))
  if (unknown !== undefined) throw notKnown(`${unknown} of an entry`)
  if (typeof source !== 'string' || source === '' || source.startsWith('aws.'))
    throw validationError('Source is missing or reserved')
  if (typeof detailType !== 'string' || detailType === '') throw validationError('DetailType is missing')
  const { detail, text } = readDetail(entry)
  const bytes = byteLength(source) + byteLength(detailType) + byteLength(text) + (entry.Time === undefined ? 0 : 14)
  const names = Array.isArray(resources) ? resources.map(String) : []
  return { source, 'detail-type': detailType, detail, resources: names, bytes }
}

const knownFields = new Set(['Source', 'DetailType', 'Detail', 'EventBusName', 'Resources', 'Time', 'TraceHeader'])

function readDetail({ Detail: text }: JsonRecord): { detail: unknown; text: string } {
  try {
    const detail = typeof text === 'string' ? parseJson(text) : undefined
    if (typeof text === 'string' && isRecord(detail)) return { detail, text }
  } catch {
    throw validationError('Detail is malformed.')
  }
  throw validationError('Detail is not a JSON object.')
}

function validationError(message: string): EventBridgeServiceException {
  const $metadata = { httpStatusCode: 400, attempts: 1, totalRetryDelay: 0 }
  return new EventBridgeServiceException({ name: 'ValidationException', $fault: 'client', $metadata, message })
}
