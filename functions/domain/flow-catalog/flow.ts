import * as z from 'zod'
import { erpCalls, type Lane, lanes } from '#domain/erp-limits.ts'
import { inboxOwners } from '#domain/inbox.ts'
import { Expectation } from './expectation.ts'

/** Who a flow runs between: roles, whatever a publisher calls itself. `erp` is the environment's ERP account. */
const System = z.enum([
  'shop',
  'warehouse',
  'bank',
  'purchasing',
  'supplier',
  'erp',
  'hub',
  'inbox',
  'any publisher',
  'step functions',
  'clock',
])
export type System = z.output<typeof System>

/** Within what time an item is through; the class is also its lane before an ERP that has not enough for all. */
export const latencyClasses: Readonly<Record<Lane, { readonly withinSeconds: number }>> = {
  interactive: { withinSeconds: 5 },
  event: { withinSeconds: 300 },
  batch: { withinSeconds: 86_400 },
}

/** More than spaces: what is blank says as little as what is missing. */
const Words = z.string().regex(/\S/, 'must say something')

/** The way that an item takes, and where that way begins: what rules and schedules are made of. */
const Channel = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('event'),
    event: Words,
    /** What it does to a case; a process has one rule for each. */
    does: z.enum(['start', 'signal', 'decide']),
    /** `systems` leaves out what the hub itself says, so that it never hears itself. */
    from: z.enum(['systems', 'anyone']),
  }),
  /** What AWS says on the account's default bus. */
  z.strictObject({ kind: z.literal('aws-event'), source: Words, event: Words }),
  /** Every event on the hub's bus that no other flow takes. */
  z.strictObject({ kind: z.literal('other-events') }),
  z.strictObject({ kind: z.literal('schedule'), everyMinutes: z.int().positive() }),
  /** Asked over HTTPS, by somebody who waits for the answer. */
  z.strictObject({ kind: z.literal('request') }),
])
export type Channel = z.output<typeof Channel>

/** One flow of data between two systems: everything that whoever runs it must know. Each attribute is required. */
export const Flow = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens'),
  /** Which stack carries it: a process, or the hub itself. */
  process: z.enum(['order-to-cash', 'procure-to-pay', 'hub']),
  source: System,
  target: System,
  dataObject: Words,
  direction: z.enum(['one-way', 'two-way']),
  /** Of a two-way flow: how a change that came from one side is kept from going back there. */
  echoSuppression: Words.optional(),
  pattern: z.enum(['event', 'request/response', 'batch']),
  channel: Channel,
  volume: z.strictObject({ perDay: z.int().positive(), peakPerMinute: z.number().positive() }),
  latency: z.enum(lanes),
  /** What is heard of it while all is well; when less is, somebody is told. */
  expected: z.union([z.enum(['irregularly', 'on-schedule']), Expectation]),
  owner: z.enum(inboxOwners),
  /** The system whose value wins, by what the flow writes: a domain, `sales-order`, or a field of it, `sales-order.end`. */
  systemOfRecord: z.record(z.string().regex(/^[a-z-]+(\.[a-z-]+)?$/, 'must be a domain or domain.field'), System),
  /** Under which key an item has its effect once; `{case}` is the key of its business case. */
  idempotencyKey: Words,
  /** How many of each an item asks of the ERP on average; of none, if it does not come there. */
  erpCalls: z.partialRecord(z.enum(erpCalls), z.number().positive()),
  /** What the hub says on its bus when an item is through, or is not. */
  answers: z.array(Words),
  /** The queue that takes what cannot be delivered. */
  deadLetterQueue: z.enum(['DeadLetters', 'Undelivered']),
  /** Alarms that tell that an item is lost, late or stands still; docs/operate.md has a section for each. */
  alarms: z.array(Words).min(1),
  reconcileEveryMinutes: z.int().positive(),
})
export type Flow = z.output<typeof Flow>
