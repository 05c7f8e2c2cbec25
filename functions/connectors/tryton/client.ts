import * as z from 'zod'
import { PoisonMessageError, RetryableError } from '#domain/errors.ts'
import { parse } from '#domain/schema.ts'
import type { CallOutcome, ErpConnection, ErpGate, SendOutcome } from '../port.ts'
import { type Failure, interpret, interpretFailure, outcomeOf, type Reply, shows } from './errors.ts'
import { LoginResult, Preferences } from './wire.ts'

const Credentials = z.object({ database: z.string().min(1), login: z.string().min(1), password: z.string().min(1) })

/** Answers of a list are asked for in pages; nothing the hub reads is longer. */
const pageSize = 1000

interface Session {
  readonly authorization: string
  readonly context: Readonly<Record<string, unknown>>
}

/** The records that a write must find unchanged: stamp by `model,id`. */
export type Stamps = Readonly<Record<string, string>>

/**
 * One Tryton database over JSON-RPC. Logs in once and shares the session: each failed login makes the next one slower,
 * and a few lock the user out for everybody (trytond/res/user.py). A write is sent once.
 */
export class TrytonClient {
  readonly #url: string
  readonly #credentials: z.output<typeof Credentials>
  readonly #timeoutMs: number
  readonly #gate: ErpGate | undefined
  #session: Promise<Session | Failure> | undefined
  #requests = 0

  constructor(connection: ErpConnection) {
    this.#credentials = parse(Credentials, connection.credentials, 'The credentials of Tryton')
    this.#url = `${connection.url.replace(/\/$/, '')}/${this.#credentials.database}/rpc/`
    this.#timeoutMs = connection.clientTimeoutMs
    this.#gate = connection.gate
  }

  /** When what begins now must have ended; each request of one operation gets the same. */
  deadline(): AbortSignal {
    return AbortSignal.timeout(this.#timeoutMs)
  }

  /**
   * Reads.
   * @throws RetryableError when Tryton could not be asked, PoisonMessageError when its answer is not understood.
   */
  async read<T extends z.ZodType>(
    schema: T,
    method: string,
    params: readonly unknown[],
    options: { readonly context?: Readonly<Record<string, unknown>>; readonly signal?: AbortSignal } = {},
  ): Promise<z.output<T>> {
    const reply = await this.#call(method, params, options.context ?? {}, options.signal ?? this.deadline())
    if (reply.kind === 'result') return parse(schema, reply.result, `Tryton's answer to ${method}`)
    const why = outcomeOf(reply)
    if (why.kind === 'refused')
      throw new PoisonMessageError(`Tryton refuses ${method}: ${why.refusal.message}`, { system: 'tryton' })
    const cause = 'cause' in why ? why.cause : undefined
    throw new RetryableError(`Tryton could not be asked for ${method}`, { cause, system: 'tryton' })
  }

  /** Reads the fields of records that match a domain. */
  search<T extends z.ZodType>(
    schema: T,
    model: string,
    domain: unknown,
    fields: readonly string[],
    signal?: AbortSignal,
  ) {
    const params = [domain, 0, pageSize, [['id', 'ASC']], fields]
    return this.read(z.array(schema), `model.${model}.search_read`, params, signal ? { signal } : {})
  }

  /** Reads the fields of these records. */
  async records<T extends z.ZodType>(
    schema: T,
    model: string,
    ids: readonly number[],
    fields: readonly string[],
    signal?: AbortSignal,
  ) {
    if (ids.length === 0) return []
    return this.read(z.array(schema), `model.${model}.read`, [ids, fields], signal ? { signal } : {})
  }

  /** Writes, once. */
  async write(
    method: string,
    params: readonly unknown[],
    options: {
      readonly context?: Readonly<Record<string, unknown>>
      readonly stamps?: Stamps
      readonly signal: AbortSignal
    },
  ): Promise<Reply> {
    const context = { ...options.context, ...(options.stamps && { _timestamp: options.stamps }) }
    return this.#call(method, params, context, options.signal)
  }

  async #call(
    method: string,
    params: readonly unknown[],
    context: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<Reply> {
    for (let logins = 0; ; logins++) {
      const session = await this.#login(signal)
      if ('kind' in session) return session
      const reply = await this.#post(
        method,
        [...params, { ...session.context, ...context }],
        session.authorization,
        signal,
      )
      // 401 is said before anything is done: the session has ended, or is too old for a wizard that handles money.
      if (reply.kind !== 'session-ended' || logins > 0) return reply
      this.#session = undefined
    }
  }

  async #login(signal: AbortSignal): Promise<Session | Failure> {
    this.#session ??= this.#openSession(signal)
    try {
      const session = await this.#session
      if ('kind' in session) this.#session = undefined
      return session
    } catch (error) {
      this.#session = undefined
      throw error
    }
  }

  async #openSession(signal: AbortSignal): Promise<Session | Failure> {
    const { login, password } = this.#credentials
    const reply = await this.#post('common.db.login', [login, { password }, 'en'], undefined, signal)
    if (reply.kind !== 'result') return beforeAnything(reply)
    const [user, token] = parse(LoginResult, reply.result, "Tryton's answer to the login")
    const authorization = `Session ${Buffer.from(`${login}:${user}:${token}`).toString('base64')}`
    const preferences = await this.#post('model.res.user.get_preferences', [true, {}], authorization, signal)
    if (preferences.kind !== 'result') return beforeAnything(preferences)
    const context = parse(Preferences, preferences.result, "The user's preferences in Tryton")
    return { authorization, context: { ...context, language: 'en' } }
  }

  async #post(
    method: string,
    params: readonly unknown[],
    authorization: string | undefined,
    signal: AbortSignal,
  ): Promise<Reply> {
    await this.#gate?.beforeCall()
    if (signal.aborted) {
      await this.#gate?.after({ kind: 'not-sent' })
      return { kind: 'not-applied', cause: new Error('No time was left to send the request') }
    }
    const [reply, outcome] = await this.#send(method, params, authorization, signal)
    await this.#gate?.after(outcome)
    return reply
  }

  async #send(
    method: string,
    params: readonly unknown[],
    authorization: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly [Reply, CallOutcome]> {
    this.#requests += 1
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
        // Exactly these three keys: with any other, Tryton answers in another form.
        body: JSON.stringify({ id: this.#requests, method, params }),
        signal,
      })
      const reply = interpret(response.status, await response.text())
      return [reply, shows(response.status, reply, response.headers.get('retry-after'))]
    } catch (error) {
      const reply = interpretFailure(error)
      const outcome: CallOutcome = { kind: reply.kind === 'no-answer' ? 'no-answer' : 'down' }
      return [reply, outcome]
    }
  }
}

/** What fails before the request itself is sent has applied nothing, whatever it was. */
function beforeAnything(reply: Failure): Failure {
  if (reply.kind === 'session-ended') {
    return { kind: 'not-applied', cause: new Error('Tryton does not accept the login or its password') }
  }
  if (reply.kind !== 'no-answer') return reply
  return { kind: 'not-applied', cause: new Error('Tryton could not be logged into', { cause: reply.cause }) }
}

/** The outcome of a write whose result says nothing more. */
export function written(reply: Reply): SendOutcome {
  return reply.kind === 'result' ? { kind: 'answered' } : outcomeOf(reply)
}
