import { AsyncLocalStorage } from 'node:async_hooks'
import type { VirtualTime } from './virtual-time.ts'

/** One run of a handler. A dead one never goes on; what it had sent has its effect all the same. */
export type Invocation = {
  readonly id: number
  readonly functionName: string
  readonly startMs: number
  readonly endsAtMs: number
  readonly timeoutMs: number
  /** How far this Lambda's clock is off. */
  readonly skewMs: number
  /** Calls so far by operation, to name each one. */
  readonly calls: Map<string, number>
  state: 'running' | 'ended' | 'dead'
  /** Frozen and thawed: it goes on although its time-out was reported. */
  survivesItsTimeout: boolean
  crash(): void
}

export type InvocationSettings = {
  readonly functionName: string
  readonly timeoutMs: number
  readonly skewMs?: number
  /** How long the caller waits until it hears of a crash. */
  readonly crashReportMs?: number
  /** What the caller is told of a crash. */
  readonly crashName?: 'Lambda.Unknown' | 'Runtime.ExitError'
}

const running = new AsyncLocalStorage<Invocation | undefined>()
let invocations = 0

/** The invocation that the code which calls this belongs to. */
export function currentInvocation(): Invocation | undefined {
  return running.getStore()
}

/** What a call sets going elsewhere is no part of the Lambda that called, and goes on without it. */
export function outsideOfInvocation<Result>(work: () => Result): Result {
  return running.run(undefined, work)
}

/** Runs a handler as a Lambda: its result, its own error, its time-out or its crash, whichever the caller hears of first. */
export function withInvocation<Result>(
  time: VirtualTime,
  settings: InvocationSettings,
  handler: (invocation: Invocation) => Promise<Result>,
): Promise<Result> {
  const { functionName, timeoutMs, skewMs = 0, crashReportMs = 1000, crashName = 'Runtime.ExitError' } = settings
  invocations += 1
  return new Promise((resolve, reject) => {
    const report = (name: string, message: string) => reject(Object.assign(new Error(message), { name }))
    const startMs = time.nowMs()
    const endsAtMs = startMs + timeoutMs
    const cancelTimeout = time.after(timeoutMs, () => {
      if (invocation.state === 'dead') return
      if (!invocation.survivesItsTimeout) invocation.state = 'dead'
      report('Sandbox.Timedout', `${functionName} timed out after ${timeoutMs / 1000} seconds`)
    })
    const invocation: Invocation = {
      id: invocations,
      functionName,
      timeoutMs,
      startMs,
      endsAtMs,
      skewMs,
      calls: new Map(),
      state: 'running',
      survivesItsTimeout: false,
      crash: () => {
        if (invocation.state !== 'running') return
        invocation.state = 'dead'
        cancelTimeout()
        time.after(crashReportMs, () => report(crashName, `${functionName} exited with signal: killed`))
      },
    }
    const end = (conclude: () => void) => {
      if (invocation.state !== 'running') return
      invocation.state = 'ended'
      cancelTimeout()
      conclude()
    }
    running.run(invocation, handler, invocation).then(
      (result) => end(() => resolve(result)),
      (error: unknown) => end(() => reject(error)),
    )
  })
}

/** A promise for whoever is dead: what stands after it never runs. */
export function never(): Promise<never> {
  return new Promise(() => undefined)
}
