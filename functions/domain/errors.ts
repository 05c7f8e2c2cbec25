/** Who is told about an error and has to act. */
export type Owner = 'sales' | 'finance' | 'warehouse' | 'purchasing' | 'integration'

/** What each error carries besides its message: which document, in which system. */
export interface ErrorContext {
  readonly cause?: unknown
  /** The business case or document, for example `shop/sales-order/T1001`. */
  readonly document?: string
  /** The system that said so, for example `tryton`. */
  readonly system?: string
}

/** One of ours: classified where it was thrown. */
export abstract class HubError extends Error {
  readonly document: string | undefined
  readonly system: string | undefined

  constructor(message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause })
    this.document = context.document
    this.system = context.system
  }
}

const deepestCause = 8

/** What an error says and what its causes say, the innermost last: that one tells a wrong password from a wrong address. */
export function messagesOf(error: unknown, depth = 1): string {
  if (!(error instanceof Error)) return String(error)
  const said = error.message || error.name
  return error.cause === undefined || depth === deepestCause ? said : `${said}: ${messagesOf(error.cause, depth + 1)}`
}

/** Nothing was applied, and the same attempt may succeed later: not connected, throttled, a lock not available. */
export class RetryableError extends HubError {
  override readonly name: string = 'RetryableError'
}

/** Why an ERP account takes no call now. */
export const busyCauses = ['full', 'throttled', 'down', 'paused', 'in maintenance', 'closed'] as const
export type BusyCause = (typeof busyCauses)[number]

/**
 * Nothing was applied: the ERP account takes no call now. The machine waits until that time and brings `sinceMs` along
 * when it asks again; it reads both from the message (lib/state-machine.ts).
 */
export class ErpBusyError extends RetryableError {
  override readonly name: string = 'ErpBusyError'
  readonly what: string
  readonly why: BusyCause
  readonly untilMs: number
  readonly sinceMs: number
  /** Nobody knows yet when the account takes calls again, or it may be before, so that `untilMs` is when to look again. */
  readonly isOpenEnded: boolean

  /** @param what `The ERP account tryton` */
  constructor(what: string, why: BusyCause, untilMs: number, sinceMs: number, isOpenEnded = why === 'down') {
    const iso = (atMs: number) => new Date(atMs).toISOString()
    super(`${what} is ${why} until ${iso(untilMs)}, asked since ${iso(sinceMs)}.`)
    this.what = what
    this.why = why
    this.untilMs = untilMs
    this.sinceMs = sinceMs
    this.isOpenEnded = isOpenEnded
  }
}

/**
 * The same, to a machine that sleeps until it is woken (lib/await-erp.ts): the account is down, or paused, for longer than is
 * waited for by looking again.
 */
export class ErpStandstillError extends ErpBusyError {
  override readonly name = 'ErpStandstillError'

  constructor({ what, why, untilMs, sinceMs, isOpenEnded, cause }: ErpBusyError) {
    super(what, why, untilMs, sinceMs, isOpenEnded)
    this.cause = cause
  }
}

/** Perhaps applied: the ERP did not answer. The posting is in doubt, and only the posting table may resolve it. */
export class OutcomeUnknownError extends HubError {
  override readonly name: string = 'OutcomeUnknownError'
}

/** Another attempt holds the claim on this posting and may still be at work. */
export class PostingInProgressError extends OutcomeUnknownError {
  override readonly name = 'PostingInProgressError'
}

/** What a person needs to know to mend a refusal. */
export interface Refusal {
  /** Stable and upper case, for example `UNKNOWN_CUSTOMER` or the ERP's own code. */
  readonly code: string
  readonly message: string
  /** The field that is wrong, as a path into the canonical document: `lines[2].item.id`. */
  readonly field?: string | undefined
  readonly owner: Owner
}

/** The ERP or a rule says no. Repeating it changes nothing until a person has mended the cause. */
export class BusinessError extends HubError {
  override readonly name = 'BusinessError'
  readonly code: string
  readonly field: string | undefined
  readonly owner: Owner

  constructor(refusal: Refusal, context: ErrorContext = {}) {
    super(refusal.message, context)
    this.code = refusal.code
    this.field = refusal.field
    this.owner = refusal.owner
  }
}

/** Cannot be understood: an event, an answer or an item that no schema accepts. */
export class PoisonMessageError extends HubError {
  override readonly name = 'PoisonMessageError'
}

/** This execution no longer owns its case; another one carries it on. Ends quietly. */
export class SupersededError extends HubError {
  override readonly name: string = 'SupersededError'
}

/** The case's owner seems to have ended, of which Step Functions tells late: the machine asks once more after a pause. */
export class OwnerUnclearError extends SupersededError {
  override readonly name = 'OwnerUnclearError'
}

/** How a failure is counted and to whom it goes, in the words of the error table (docs/operate.md). */
export type ErrorClass = 'retryable' | 'in-doubt' | 'business' | 'poison' | 'superseded' | 'stopped' | 'bug'

/** The class of any thrown value; what is none of ours is a bug. */
export function classify(error: unknown): ErrorClass {
  if (error instanceof OutcomeUnknownError) return 'in-doubt'
  if (error instanceof RetryableError) return 'retryable'
  if (error instanceof BusinessError) return 'business'
  if (error instanceof PoisonMessageError) return 'poison'
  if (error instanceof SupersededError) return 'superseded'
  return 'bug'
}

/** Names under which a machine meets that the ERP account takes no call now, and waits without a retry. */
const erpBusyNames = ['ErpBusyError', 'ErpStandstillError'] as const
/** … what was not applied because Lambda is busy; it may take long. */
export const busyNames = ['Lambda.TooManyRequestsException'] as const
/** … and what was not applied for another passing cause. */
export const notAppliedNames = ['RetryableError'] as const
/**
 * … and what was perhaps applied, or is still at work.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export const perhapsAppliedNames = [
  'PostingInProgressError',
  'OutcomeUnknownError',
  'States.Timeout',
  'Lambda.Unknown',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Runtime.ExitError',
  'Sandbox.Timedout',
] as const

/** The class of an error that no step could store, by the name that Step Functions gives it. */
export function classOfName(name: string): ErrorClass {
  const isOneOf = (names: readonly string[]) => names.includes(name)
  if (isOneOf(erpBusyNames) || isOneOf(busyNames) || isOneOf(notAppliedNames)) return 'retryable'
  return isOneOf(perhapsAppliedNames) ? 'in-doubt' : 'bug'
}
