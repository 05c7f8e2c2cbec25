import { describe, expect, it } from 'vitest'
import { waitSecondsOf } from '#domain/next-event/wait.ts'

describe('how long a case waits', () => {
  it.each([
    ['until the time has come, and not a moment less', 10_001, 0, 11],
    ['a second at least, when the time is over', 0, 5000, 1],
    ['as usual, when it has nothing to do by itself', undefined, 5000, 60],
    ['no longer than a Task may', 10 ** 15, 0, 99_999_999],
  ])('%s', (_what, wakeAtMs, nowMs, seconds) => {
    expect(waitSecondsOf(wakeAtMs, nowMs, 60_000)).toBe(seconds)
  })
})
