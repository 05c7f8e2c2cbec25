import * as z from 'zod'
import { ErpCalendar } from '#domain/erp-calendar/calendar.ts'
import { SelfRepair } from '#domain/reconciliation/difference.ts'
import { NonNegativeDecimal, parse } from '#domain/schema.ts'

/** What the deployment tells a function. Read in this one place; a function that needs a value it was not given fails at once. */
const Environment = z.object({
  HUB_TABLE: z.string().min(1),
  BUS_NAME: z.string().min(1),
  DEAD_LETTER_QUEUE_URL: z.string().min(1).optional(),
  /** What the ARN of each process's machine begins with; the name of the process follows. */
  STATE_MACHINES: z.string().min(1).optional(),
  /** Where contents lie that are too large for an item or an execution. */
  PAYLOAD_BUCKET: z.string().min(1).optional(),
  /** Where sources put files of what they have. */
  SOURCE_BUCKET: z.string().min(1).optional(),
  /** The key in KMS that signs the roots of the audit trail. */
  AUDIT_KEY: z.string().min(1).optional(),
  /** Which connector of the registry, and which account of that ERP. */
  ERP_CONNECTOR: z.string().min(1).optional(),
  ERP_ACCOUNT: z.string().min(1).optional(),
  /** What the account allows: a name of functions/domain/erp-limits.ts. */
  ERP_LIMITS: z.string().min(1).optional(),
  /** When the account may be called and posted to, as JSON. */
  ERP_CALENDAR: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(ErpCalendar)
    .optional(),
  /** Secret with `url` and the credentials of the ERP. */
  ERP_SECRET: z.string().min(1).optional(),
  CLIENT_TIMEOUT_MS: z.coerce.number().int().positive().default(30_000),
  SETTLE_MS: z.coerce.number().int().nonnegative().default(60_000),
  LEASE_MS: z.coerce.number().int().positive().default(90_000),
  SKEW_MS: z.coerce.number().int().nonnegative().default(2_000),
  /** How long a step waits for a free ERP slot by itself, before the machine waits. */
  SLOT_WAIT_MS: z.coerce.number().int().nonnegative().default(5_000),
  /** A case that has not ended so long after it was accepted is told to be overdue; again after each further such time. */
  DEADLINE_MS: z.coerce.number().int().positive().default(604_800_000),
  DEADLINES_MAX: z.coerce.number().int().nonnegative().default(8),
  /** How long a signal without a case waits before it becomes a dead letter. */
  PARKED_MS: z.coerce.number().int().positive().default(259_200_000),
  /** An open case that has been silent for so long is looked at by the sweeper. */
  SILENT_MS: z.coerce.number().int().positive().default(600_000),
  /** Amounts by currency above which two persons have to decide the same, as JSON. */
  FOUR_EYES_ABOVE: z
    .string()
    .default('{}')
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.record(z.string(), NonNegativeDecimal)),
  /** What the buyer has decided about purchases, as JSON: functions/domain/purchasing-policy.ts. */
  PURCHASING: z.string().min(1).optional(),
  /** Which differences of the books the hub repairs by itself, as JSON: functions/domain/reconciliation/difference.ts. */
  SELF_REPAIR: z
    .string()
    .default('{}')
    .transform((text): unknown => JSON.parse(text))
    .pipe(SelfRepair),
  /** Bodies, signals and payloads live so long; keys of cases and postings never expire. */
  BODY_DAYS: z.coerce.number().int().positive().default(400),
  /** Who decided what, and why, is known so long; that somebody did stays in the audit trail. */
  PERSON_DAYS: z.coerce.number().int().positive().default(3_653),
})
export type Environment = z.output<typeof Environment>

let read: Environment | undefined

/** The function's environment, parsed once. */
export function environment(): Environment {
  read ??= parse(Environment, process.env, 'The environment of the function')
  return read
}

/** A value that this function needs and that not every function has. */
export function required<Name extends keyof Environment>(name: Name): NonNullable<Environment[Name]> {
  const value = environment()[name]
  if (value === undefined || value === null) throw new Error(`The environment variable ${name} is not set`)
  return value
}
