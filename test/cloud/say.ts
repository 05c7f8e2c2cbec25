const startedAtMs = Date.now()

/** How a long run tells how far it is, with the seconds since its begin, beside what it prints as its result. */
export function say(text: string): void {
  process.stderr.write(`${((Date.now() - startedAtMs) / 1000).toFixed(0).padStart(5)} s  ${text}\n`)
}
