import * as z from 'zod'
import type { Owner, Refusal } from '#domain/errors.ts'
import type { CallOutcome, SendOutcome } from '../port.ts'

/**
 * What came back for one request. Tryton answers HTTP 200 for nearly every error; `error` is then a list whose first
 * element is the exception's name, or, for an exception that Tryton does not know, its text.
 */
export type Reply =
  | { readonly kind: 'result'; readonly result: unknown }
  /** The transaction was rolled back with a message for the user. */
  | { readonly kind: 'user-error'; readonly message: string }
  /** Rolled back; repeated after the warning of this name was skipped, it goes through. */
  | { readonly kind: 'user-warning'; readonly name: string; readonly message: string }
  /** Rolled back: a record no longer bears the stamp that was sent. */
  | { readonly kind: 'concurrency' }
  /** The session is unknown or has expired: nothing was looked at. */
  | { readonly kind: 'session-ended' }
  | { readonly kind: 'rejected-request'; readonly status: number; readonly text: string }
  | { readonly kind: 'not-applied'; readonly cause: unknown }
  | { readonly kind: 'no-answer'; readonly cause: unknown }

export type Failure = Exclude<Reply, { kind: 'result' }>

const Body = z.union([
  z.object({ result: z.unknown(), error: z.undefined().optional() }),
  z.object({ error: z.array(z.unknown()).min(1) }),
])
const UserError = z.tuple([z.literal('UserError'), z.tuple([z.string()]).rest(z.unknown())]).rest(z.unknown())
const UserWarning = z
  .tuple([z.literal('UserWarning'), z.tuple([z.string(), z.string()]).rest(z.unknown())])
  .rest(z.unknown())

// The database's own words in Tryton's 503, all said before the commit (trytond/protocols/dispatcher.py rolls back,
// repeats five times and then raises). A gateway in between says none of them.
const rolledBack = /could not obtain lock|database is locked|could not serialize access|deadlock detected/i
// 429 is the lock-out after failed logins: asked before anything else is done.
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Classifies an HTTP answer. */
export function interpret(status: number, text: string): Reply {
  if (status === 401) return { kind: 'session-ended' }
  if (status === 429) return { kind: 'not-applied', cause: new Error('Tryton locks this login out for a while (429)') }
  if (status === 503 && rolledBack.test(text)) {
    return { kind: 'not-applied', cause: new Error(`Tryton rolled back: ${rolledBack.exec(text)?.[0]}`) }
  }
  if (status >= 400 && status < 500 && status !== 408)
    return { kind: 'rejected-request', status, text: text.slice(0, 200) }
  if (status !== 200) return { kind: 'no-answer', cause: new Error(`HTTP ${status}`) }
  return interpretBody(text)
}

/** What an answer shows of Tryton itself, or of a gateway before it. Its 503 for a lock is an answer like any other. */
export function shows(status: number, reply: Reply, retryAfter: string | null): CallOutcome {
  if (status === 429 || (status === 503 && retryAfter !== null)) return { kind: 'throttled', retryAfter }
  if (reply.kind !== 'no-answer') return { kind: 'up' }
  // A gateway's 503 says that it did not pass the request on, 502 and 504 that it got no answer to it (RFC 9110, 15.6).
  if (status === 503) return { kind: 'down' }
  return { kind: status === 502 || status === 504 ? 'no-answer' : 'up' }
}

function interpretBody(text: string): Reply {
  const body = Body.safeParse(parseJson(text))
  if (!body.success) return { kind: 'no-answer', cause: new Error('The answer is not JSON-RPC') }
  if (!('error' in body.data) || body.data.error === undefined) {
    return 'result' in body.data ? { kind: 'result', result: body.data.result } : { kind: 'result', result: null }
  }
  const { error } = body.data
  const userError = UserError.safeParse(error)
  if (userError.success) return { kind: 'user-error', message: userError.data[1][0] }
  const warning = UserWarning.safeParse(error)
  if (warning.success) return { kind: 'user-warning', name: warning.data[1][0], message: warning.data[1][1] }
  if (error[0] === 'ConcurrencyException') return { kind: 'concurrency' }
  // A Python exception. Nearly always rolled back, but one that is raised after the commit looks the same.
  return { kind: 'no-answer', cause: new Error(`Tryton failed: ${String(error[0]).slice(0, 200)}`) }
}

/** Classifies what fetch threw: not applied only if no connection was ever made. */
export function interpretFailure(error: unknown): Reply {
  return { kind: causes(error).some((code) => neverConnected.has(code)) ? 'not-applied' : 'no-answer', cause: error }
}

function causes(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return []
  const code = 'code' in error && typeof error.code === 'string' ? [error.code] : []
  const several = error instanceof AggregateError ? error.errors.flatMap(causes) : []
  return [...code, ...several, ...causes(error.cause)]
}

/** What the hub makes of a reply to a write, except its result. */
export function outcomeOf(reply: Failure): SendOutcome {
  switch (reply.kind) {
    case 'user-error':
    case 'user-warning':
      return refusalOutcome(reply.message)
    case 'concurrency':
      return { kind: 'changed' }
    case 'rejected-request':
      return {
        kind: 'refused',
        refusal: {
          code: `HTTP_${reply.status}`,
          message: `Tryton does not take the request: ${reply.text}`,
          owner: 'integration',
        },
      }
    case 'session-ended':
      return { kind: 'not-applied', cause: new Error('Tryton does not accept the session or the password') }
    case 'not-applied':
    case 'no-answer':
      return reply
  }
}

function refusalOutcome(message: string): SendOutcome {
  if (naturalKey.test(message)) return { kind: 'exists' }
  return { kind: 'refused', refusal: refusalOf(message) }
}

// web_shop/message.xml: msg_sale_web_shop_id_unique.
const naturalKey = /web ID on the sale must be unique/i
/** Tryton has no error codes, only texts in the user's language, which is pinned to English. */
const known: readonly {
  readonly text: RegExp
  readonly code: string
  readonly owner: Owner
  readonly field?: string
}[] = [
  // account_invoice/message.xml: msg_invoice_similar.
  { text: /is similar to/i, code: 'DUPLICATE_SUPPLIER_INVOICE', owner: 'finance', field: 'number' },
  { text: /credit limit/i, code: 'CREDIT_LIMIT_EXCEEDED', owner: 'finance' },
  { text: /amount.*greater than the amount to pay|overpay|already paid/i, code: 'OVERPAYMENT', owner: 'finance' },
  { text: /period|fiscal year/i, code: 'NO_OPEN_PERIOD', owner: 'finance' },
  { text: /invoice.*number|sequence/i, code: 'INVOICE_NUMBERING', owner: 'finance' },
  { text: /account/i, code: 'ACCOUNTS_MISSING', owner: 'finance' },
  { text: /address/i, code: 'ADDRESS_MISSING', owner: 'sales' },
  { text: /digits|rounding|integer/i, code: 'NUMBER_NOT_ALLOWED', owner: 'sales' },
  { text: /You can not call/i, code: 'WRONG_STATE', owner: 'integration' },
  { text: /in the future/i, code: 'DATE_IN_FUTURE', owner: 'warehouse' },
  { text: /not allowed|access/i, code: 'ACCESS_DENIED', owner: 'integration' },
]

/** A refusal with a stable code, from Tryton's text. */
export function refusalOf(message: string): Refusal {
  const found = known.find(({ text }) => text.test(message))
  // A message travels into alarms and dead letters: the customer's name stays in Tryton.
  const text = message.replace(/^The party ".*" will/, 'The customer will').slice(0, 500)
  const { code, owner, field } = found ?? { code: 'ERP_REFUSED', owner: 'sales' }
  return { code, message: text, owner, ...(field !== undefined && { field }) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
