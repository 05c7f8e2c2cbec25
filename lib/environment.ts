import { readdirSync, readFileSync } from 'node:fs'
import * as z from 'zod'
import { connectorCosts } from '#connectors/registry.ts'
import { ErpCalendar } from '#domain/erp-calendar/calendar.ts'
import { type ErpAccount, erpLimits } from '#domain/erp-limits.ts'
import { PurchasingPolicy } from '#domain/purchasing-policy.ts'
import { SelfRepair } from '#domain/reconciliation/difference.ts'
import { Currency, NonNegativeDecimal, parse } from '#domain/schema.ts'

const seconds = z.int().positive()

/** One environment's configuration, from `environments/<name>.json`. */
const Environment = z.strictObject({
  /** True only for the emulator on a laptop: leaves out what it cannot take (lib/local-cloud.ts). */
  localCloud: z.boolean(),
  /** Absent: the account and region of the AWS profile that deploys. */
  account: z
    .string()
    .regex(/^\d{12}$/, 'must be a 12-digit account id')
    .optional(),
  region: z.string().optional(),
  erp: z.strictObject({
    /** A name of functions/connectors/registry.ts. */
    connector: z.string().min(1),
    /** Names the ERP account: its limits, slot and cross-references. */
    account: z.string().regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and hyphens'),
    /** What the account allows: a name of functions/domain/erp-limits.ts. */
    limits: z
      .string()
      .refine((name) => Object.hasOwn(erpLimits, name), `must be one of ${Object.keys(erpLimits).join(', ')}`),
    /** Its maintenance windows and its posting periods. */
    calendar: ErpCalendar.optional(),
    /** Secrets Manager secret: JSON with `url` and the connector's credentials. */
    secretName: z.string().min(1),
  }),
  times: z.strictObject({
    clientTimeoutSeconds: seconds,
    lambdaTimeoutSeconds: seconds.max(900),
    leaseSeconds: seconds,
    /** The longest time until a look-up in this ERP sees what was sent. */
    settleSeconds: seconds,
    skewSeconds: seconds,
    deadlineSeconds: seconds,
    parkedSeconds: seconds,
    silentSeconds: seconds,
  }),
  retention: z.strictObject({
    logDays: seconds,
    archiveDays: seconds,
    /** How long orders, signals and large payloads are kept, which hold personal data. */
    bodyDays: seconds,
    /** Whether tables, buckets and keys outlive the stack. */
    keepData: z.boolean(),
  }),
  /** Amounts by currency above which two persons have to decide the same in the inbox; any other currency needs one. */
  fourEyesAbove: z.record(Currency, NonNegativeDecimal).default({}),
  /** Who has to approve what is bought, what an invoice may differ by, and when it is paid. */
  purchasing: PurchasingPolicy.prefault({}),
  /** Which differences of the books the hub repairs by itself, by class; every other one goes to the inbox. */
  selfRepair: SelfRepair.default({ late: 'replay' }),
  /**
   * Whether events come as the flow catalog says, so that their silence is told; false where nobody publishes all day, such
   * as a laptop or an account for tests.
   */
  expectsEvents: z.boolean().default(true),
  /** Who is told at any hour, and who in the morning; more subscribers can be added to the topics. */
  alarmEmail: z.email().optional(),
  noticeEmail: z.email().optional(),
})
export type Environment = z.output<typeof Environment> & { readonly name: string }

const folder = new URL('../environments/', import.meta.url)

/**
 * Reads and checks an environment.
 * @throws Error naming the environments there are, or the field, its value and the rule it breaks
 */
export function readEnvironment(name: string): Environment {
  const known = readdirSync(folder).map((file) => file.replace(/\.json$/, ''))
  if (!known.includes(name)) {
    throw new Error(`There is no environment "${name}". Known: ${known.join(', ')}. Add environments/${name}.json.`)
  }
  return parseEnvironment(name, readFileSync(new URL(`${name}.json`, folder), 'utf8'))
}

/** @throws Error naming the file, and the field with its value and the rule it breaks */
export function parseEnvironment(name: string, text: string): Environment {
  const file = `environments/${name}.json`
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error(`${file} is not JSON: ${String(cause)}`, { cause })
  }
  return checkSize(checkTimes({ ...parse(Environment, value, file), name }))
}

/**
 * The ERP account of an environment, with what it allows and what the hub costs it.
 * @throws Error when nobody has measured its connector
 */
export function erpAccountOf({ name, erp }: Environment): ErpAccount {
  const [limits, costs] = [erpLimits[erp.limits], connectorCosts[erp.connector]]
  if (limits !== undefined && costs !== undefined) return { name: erp.account, limits, costs }
  throw new Error(
    `environments/${name}.json: erp.connector is ${erp.connector}, which must be one that was measured: ${Object.keys(connectorCosts).join(', ')}`,
  )
}

/** Task time-out of every Lambda state, in seconds; the machine's text says the same. */
export const taskTimeoutSeconds = 180
/** How long a step waits for the ERP's slot by itself, before the machine waits; what is left must be enough to send. */
export const slotWaitSeconds = 5

/** client timeout < Lambda timeout < lease ≤ task time-out: otherwise an attempt could send after its claim was taken. */
export function checkTimes(environment: Environment): Environment {
  const { clientTimeoutSeconds, lambdaTimeoutSeconds, leaseSeconds, skewSeconds } = environment.times
  const rule = (holds: boolean, text: string) => {
    if (!holds) throw new Error(`environments/${environment.name}.json: times must satisfy ${text}`)
  }
  rule(
    clientTimeoutSeconds + slotWaitSeconds + skewSeconds < lambdaTimeoutSeconds,
    `clientTimeoutSeconds (${clientTimeoutSeconds}) + ${slotWaitSeconds} to wait for a slot + skewSeconds (${skewSeconds}) < lambdaTimeoutSeconds (${lambdaTimeoutSeconds})`,
  )
  rule(
    lambdaTimeoutSeconds < leaseSeconds,
    `lambdaTimeoutSeconds (${lambdaTimeoutSeconds}) < leaseSeconds (${leaseSeconds})`,
  )
  rule(
    leaseSeconds <= taskTimeoutSeconds,
    `leaseSeconds (${leaseSeconds}) ≤ the Tasks' TimeoutSeconds (${taskTimeoutSeconds})`,
  )
  return environment
}

/** What the settings below may come to as JSON: AWS allows 4 KB for all of a function's environment, and the rest needs some. */
export const settingsBytes = 2_800

/**
 * Rules for single suppliers, companies and windows are told to the functions in their environment, which AWS would refuse
 * only while it is deployed.
 */
function checkSize(environment: Environment): Environment {
  const { purchasing, fourEyesAbove, selfRepair, erp } = environment
  const settings = { purchasing, 'erp.calendar': erp.calendar ?? {}, fourEyesAbove, selfRepair }
  const sizes = Object.entries(settings).map(
    ([name, value]) => [name, Buffer.byteLength(JSON.stringify(value))] as const,
  )
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0)
  if (total <= settingsBytes) return environment
  const told = sizes.map(([name, bytes]) => `${name} ${bytes}`).join(', ')
  throw new Error(
    `environments/${environment.name}.json: ${Object.keys(settings).join(', ')} must have ${settingsBytes} bytes together as JSON, since a Lambda's environment holds 4 KB in all (are ${total}: ${told}); give rules to fewer suppliers in purchasing.tolerances.bySupplier, and let the general ones hold for the others`,
  )
}
