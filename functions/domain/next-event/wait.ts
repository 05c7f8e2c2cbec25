/** The most that a Task may wait. https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html */
const mostSeconds = 99_999_999

/**
 * How long a case waits before it looks at itself again: never less than until it has something to do, so that it does not
 * wake for nothing.
 * @param usualMs where it has nothing to do by itself
 */
export function waitSecondsOf(wakeAtMs: number | undefined, nowMs: number, usualMs: number): number {
  const seconds = Math.ceil(((wakeAtMs ?? nowMs + usualMs) - nowMs) / 1000)
  return Math.min(Math.max(seconds, 1), mostSeconds)
}
