import type { Call, Fault, FaultPlan } from './faults.ts'
import { currentInvocation, type Invocation, never, outsideOfInvocation } from './invocation.ts'
import { SimulationError } from './simulation-error.ts'
import type { VirtualTime } from './virtual-time.ts'

/** Where everything that leaves the process passes: the only place of delays, lost messages and deaths. */
export type Seam = {
  /** One call of an SDK client; the effect runs once for every request on the wire. */
  sdk<Answer>(call: CallName, effect: Effect<Answer>, refusals: Refusals): Promise<Answer>
  /** One HTTP request: no retries, and no answer until the caller gives up. */
  http<Answer>(call: CallName, effect: Effect<Answer>, options: HttpOptions<Answer>): Promise<Answer>
  /** Time as the code of the running invocation sees it: its clock may be off, and the dead never wake. */
  readonly clock: { nowMs(): number; sleep(milliseconds: number): Promise<void> }
}

export type CallName = { readonly service: string; readonly operation: string }
export type Effect<Answer> = () => Answer | Promise<Answer>
export type Refusals = { readonly throttled: () => Error; readonly conflict?: () => Error }
export type HttpOptions<Answer> = {
  readonly signal?: AbortSignal | undefined
  readonly throttled: () => Answer
  readonly unavailable: () => Answer
  /** When the caller gives up by himself on an answer that never comes, and what he says then. */
  readonly silence?: { readonly afterMs: number; readonly error: () => Error }
}

export type SeamSettings = {
  readonly time: VirtualTime
  readonly plan: FaultPlan
  /** One way, drawn for each message. */
  readonly latencyMs: () => number
  /** Whether a Lambda that was frozen goes on after its time-out; true where nothing is said. */
  readonly frozenSurvive?: boolean
  /** Told of each call, for prices and stories. */
  readonly onCall?: (call: Call, fault: Fault | undefined) => void
}

export function createSeam(settings: SeamSettings): Seam {
  const { time, frozenSurvive = true } = settings
  const announce = announcer(settings)

  const sdk: Seam['sdk'] = (name, effect, refusals) => {
    const invocation = alive()
    if (invocation === 'dead') return never()
    const fault = announce('sdk', name, invocation)
    if (fault === undefined) return undisturbed(settings, invocation, effect)
    return disturbedSdk(fault, invocation, effect, refusals)
  }

  const disturbedSdk = async <Answer>(
    fault: Fault,
    invocation: Invocation | undefined,
    effect: Effect<Answer>,
    refusals: Refusals,
  ): Promise<Answer> => {
    if (await stoppedBefore(fault, invocation, time, frozenSurvive)) return never()
    const answer = await attempts(fault, effect, refusals, invocation)
    await stopAfter(fault, invocation, time, frozenSurvive)
    return answer()
  }

  /** The SDK makes up to three attempts and waits a little longer before each; gives back how the call ends. */
  const attempts = async <Answer>(
    fault: Fault | undefined,
    effect: Effect<Answer>,
    refusals: Refusals,
    invocation: Invocation | undefined,
  ): Promise<() => Answer> => {
    for (let attempt = 1; ; attempt++) {
      const trouble = fault !== undefined && 'times' in fault && attempt > fault.times ? undefined : fault
      const outcome = await sdkAttempt(settings, trouble, effect, refusals)
      if (isDead(invocation)) return never()
      if (!outcome.isRetryable || attempt === 3) return outcome.end
      await time.sleep(50 * 2 ** attempt)
      if (isDead(invocation)) return never()
    }
  }

  const http: Seam['http'] = (name, effect, options) => {
    const invocation = alive()
    if (invocation === 'dead') return never()
    const fault = announce('http', name, invocation)
    if (fault === undefined) return undisturbed(settings, invocation, effect, options.signal)
    return disturbedHttp(fault, invocation, effect, options)
  }

  const disturbedHttp = async <Answer>(
    fault: Fault,
    invocation: Invocation | undefined,
    effect: Effect<Answer>,
    options: HttpOptions<Answer>,
  ): Promise<Answer> => {
    if (await stoppedBefore(fault, invocation, time, frozenSurvive)) return never()
    options.signal?.throwIfAborted()
    const answer = await untilAborted(options.signal, () => httpRequest(settings, fault, effect, options))
    await stopAfter(fault, invocation, time, frozenSurvive)
    return answer()
  }

  return {
    sdk,
    http,
    clock: {
      // As Date.now() does, in whole milliseconds.
      nowMs: () => Math.floor(time.nowMs()) + (currentInvocation()?.skewMs ?? 0),
      sleep: async (milliseconds) => {
        await time.sleep(milliseconds)
        if (alive() === 'dead') await never()
      },
    },
  }
}

/**
 * A request that nothing happens to: there, its effect, and back. Most requests are such, so no step of it waits for a
 * promise that it can do without. What a timer sets off belongs to no invocation.
 */
function undisturbed<Answer>(
  { time, latencyMs }: SeamSettings,
  invocation: Invocation | undefined,
  effect: Effect<Answer>,
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const abort = () => reject(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    const goBack = (tell: () => void) => {
      time.after(latencyMs(), () => {
        signal?.removeEventListener('abort', abort)
        if (invocation === undefined || invocation.state === 'running') tell()
      })
    }
    const fail = (error: unknown) => {
      if (error instanceof SimulationError) time.fail(error)
      goBack(() => reject(error))
    }
    time.after(latencyMs(), () => {
      try {
        const answer = effect()
        if (answer instanceof Promise) answer.then((value) => goBack(() => resolve(value)), fail)
        else goBack(() => resolve(answer))
      } catch (error) {
        fail(error)
      }
    })
  })
}

function isDead(invocation: Invocation | undefined): boolean {
  return invocation?.state === 'dead'
}

/** Code of an invocation that is over, dead or answered, stands still: Lambda freezes what it left running. */
function alive(): Invocation | undefined | 'dead' {
  const invocation = currentInvocation()
  return invocation !== undefined && invocation.state !== 'running' ? 'dead' : invocation
}

function announcer({ plan, onCall }: SeamSettings) {
  let ordinal = 0
  return (
    protocol: Call['protocol'],
    { service, operation }: CallName,
    invocation: Invocation | undefined,
  ): Fault | undefined => {
    ordinal += 1
    const functionName = invocation?.functionName
    const name = `${service} ${operation}`
    const nth = (invocation?.calls.get(name) ?? 0) + 1
    invocation?.calls.set(name, nth)
    const call = { protocol, service, operation, functionName, ordinal, point: `${functionName ?? '-'} ${name} ${nth}` }
    const fault = plan.decide(call)
    onCall?.(call, fault)
    return fault
  }
}

async function stoppedBefore(
  fault: Fault | undefined,
  invocation: Invocation | undefined,
  time: VirtualTime,
  frozenSurvive: boolean,
): Promise<boolean> {
  if (fault?.kind === 'crash-before') invocation?.crash()
  if (fault?.kind === 'frozen-before') await freeze(fault.forMs, invocation, time, frozenSurvive)
  return isDead(invocation)
}

async function stopAfter(
  fault: Fault | undefined,
  invocation: Invocation | undefined,
  time: VirtualTime,
  frozenSurvive: boolean,
): Promise<void> {
  if (fault?.kind === 'crash-after') invocation?.crash()
  if (fault?.kind === 'frozen-after') await freeze(fault.forMs, invocation, time, frozenSurvive)
  if (invocation !== undefined && invocation.state !== 'running') await never()
}

async function freeze(
  forMs: number,
  invocation: Invocation | undefined,
  time: VirtualTime,
  frozenSurvive: boolean,
): Promise<void> {
  if (invocation !== undefined && frozenSurvive) invocation.survivesItsTimeout = true
  await time.sleep(forMs)
}

type Attempt<Answer> = { readonly isRetryable: boolean; readonly end: () => Answer }

async function sdkAttempt<Answer>(
  settings: SeamSettings,
  fault: Fault | undefined,
  effect: Effect<Answer>,
  refusals: Refusals,
): Promise<Attempt<Answer>> {
  const { time, latencyMs } = settings
  const throwing = (error: Error) => ({
    isRetryable: true,
    end: () => {
      throw error
    },
  })
  await time.sleep(latencyMs())
  if (fault?.kind === 'throttled' || fault?.kind === 'unavailable') return throwing(refusals.throttled())
  if (fault?.kind === 'conflict' && refusals.conflict !== undefined)
    return { ...throwing(refusals.conflict()), isRetryable: false }
  if (fault?.kind === 'not-connected') return throwing(connectionError('ECONNREFUSED'))
  if (fault?.kind === 'request-lost') return throwing(connectionError('ECONNRESET'))
  if (fault?.kind === 'late-effect') {
    time.after(fault.afterMs, () => void perform(settings, effect))
    return throwing(connectionError('ECONNRESET'))
  }
  const end = await perform(settings, effect)
  if (fault?.kind === 'answer-lost') return throwing(connectionError('ECONNRESET'))
  await time.sleep(latencyMs())
  return { isRetryable: false, end }
}

async function httpRequest<Answer>(
  settings: SeamSettings,
  fault: Fault | undefined,
  effect: Effect<Answer>,
  { throttled, unavailable, silence }: HttpOptions<Answer>,
): Promise<() => Answer> {
  const { time, latencyMs } = settings
  const noAnswer = async (isSilent: boolean): Promise<never> => {
    if (!isSilent) throw fetchFailed('ECONNRESET')
    if (silence === undefined) return never()
    await time.sleep(silence.afterMs)
    throw silence.error()
  }
  await time.sleep(latencyMs())
  if (fault?.kind === 'throttled') return throttled
  if (fault?.kind === 'unavailable') return unavailable
  if (fault?.kind === 'not-connected') throw fetchFailed('ECONNREFUSED')
  if (fault?.kind === 'request-lost') return noAnswer(fault.isSilent)
  if (fault?.kind === 'late-effect') {
    time.after(fault.afterMs, () => void perform(settings, effect))
    return noAnswer(fault.isSilent)
  }
  if (fault?.kind === 'twice') time.after(fault.afterMs, () => void perform(settings, effect))
  const end = await perform(settings, effect)
  if (fault?.kind === 'answer-lost') return noAnswer(fault.isSilent)
  await time.sleep(latencyMs())
  return end
}

/** How the effect ends, to be told later. A mistake of the simulation stops the clock instead. */
async function perform<Answer>({ time }: SeamSettings, effect: Effect<Answer>): Promise<() => Answer> {
  try {
    const answer = await outsideOfInvocation(effect)
    return () => answer
  } catch (error) {
    if (error instanceof SimulationError) time.fail(error)
    return () => {
      throw error
    }
  }
}

/** What undici throws: https://fetch.spec.whatwg.org/#fetch-method, the reason in `cause.code`. */
function fetchFailed(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
}

/** What the SDK's Node handler throws when the socket ends. */
function connectionError(code: string): Error {
  return Object.assign(new Error(code), { name: 'TimeoutError', code, $metadata: { attempts: 3 } })
}

function untilAborted<Answer>(signal: AbortSignal | undefined, request: () => Promise<Answer>): Promise<Answer> {
  if (signal === undefined) return request()
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    request()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}
