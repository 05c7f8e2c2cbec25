import { createTimerHeap, type Timer } from './timer-heap.ts'

/**
 * One clock for everything that waits. Time moves only when nobody has anything left to do: the next timer is due when
 * all microtasks of the one before have drained, so that a seed decides every interleaving and a month costs no second.
 */
export type VirtualTime = {
  nowMs(): number
  sleep(milliseconds: number): Promise<void>
  /** Calls the action after that time; the answer cancels it. */
  after(milliseconds: number, action: () => void): () => void
  /** The clock waits for real asynchronous work (a thread pool, a file) instead of passing it by. */
  outside<Value>(work: Promise<Value>): Promise<Value>
  /** Runs until no timer is left, or until that moment; gives back how many timers were due. */
  run(limits?: { readonly untilMs?: number; readonly maximumTimers?: number }): Promise<number>
  /** Ends the run with this error: for what must not be taken for part of the story. */
  fail(error: unknown): void
  /** Changes with the moments of all timers so far: two runs of one seed must agree. */
  digest(): number
}

export function createVirtualTime(startMs: number = Date.UTC(2026, 0, 5, 8)): VirtualTime {
  const timers = createTimerHeap()
  let nowMs = startMs
  let order = 0
  let outside = 0
  let digest = 0
  let running = false
  let failure: { readonly error: unknown } | undefined

  const schedule = (milliseconds: number, action: () => void): Timer => {
    if (!(milliseconds >= 0)) throw new Error(`A timer cannot be due in ${milliseconds} ms`)
    order += 1
    const timer: Timer = { dueMs: nowMs + milliseconds, order, action }
    timers.push(timer)
    return timer
  }

  const dueBefore = (untilMs: number): Timer | undefined => {
    const timer = timers.peek()
    return timer === undefined || timer.dueMs > untilMs ? undefined : timer
  }

  const run: VirtualTime['run'] = async ({ untilMs = Number.POSITIVE_INFINITY, maximumTimers = 10_000_000 } = {}) => {
    if (running) throw new Error('The clock runs already')
    running = true
    let count = 0
    try {
      for (;;) {
        await tick()
        if (count % 100 === 0 || outside > 0 || dueBefore(untilMs) === undefined) await turnedUntil(() => outside === 0)
        if (failure !== undefined) throw failure.error
        const timer = dueBefore(untilMs)
        if (timer === undefined) break
        timers.pop()
        const action = timer.action
        if (action === undefined) continue
        count += 1
        if (count > maximumTimers) throw new Error(`More than ${maximumTimers} timers were due: something never ends`)
        nowMs = timer.dueMs
        digest = (Math.imul(digest, 31) + timer.order + (nowMs % 1_000_003)) | 0
        action()
      }
      if (Number.isFinite(untilMs)) nowMs = Math.max(nowMs, untilMs)
      return count
    } finally {
      running = false
    }
  }

  return {
    nowMs: () => nowMs,
    sleep: (milliseconds) => new Promise((resolve) => schedule(milliseconds, resolve)),
    after: (milliseconds, action) => {
      const timer = schedule(milliseconds, action)
      return () => {
        timer.action = undefined
      }
    },
    outside: async (work) => {
      outside += 1
      try {
        return await work
      } finally {
        outside -= 1
      }
    },
    run,
    fail: (error) => {
      failure ??= { error }
    },
    digest: () => digest,
  }
}

/**
 * A tick that is asked for now comes when all microtasks have drained, theirs included. Whoever asks for a tick himself,
 * or needs a turn of the event loop, gets one every hundred timers, and before anything ends.
 */
async function turnedUntil(isEnough: () => boolean): Promise<void> {
  do {
    await turn()
    await turn()
  } while (!isEnough())
}

function tick(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
