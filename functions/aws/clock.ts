/**
 * The one clock of the functions. An object, so that the simulation can put virtual time in its place.
 */
export const clock = {
  nowMs: (): number => Date.now(),
  sleep: (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}

/** ISO 8601 timestamp of a moment. */
export function isoOf(atMs: number): string {
  return new Date(atMs).toISOString()
}
