/** Writes the result: text for people, or JSON for programs. Nothing else ever goes to standard output. */
export function printResult(asJson: boolean, result: unknown, text: () => string): void {
  process.stdout.write(asJson ? `${JSON.stringify(result, null, 2)}\n` : `${text()}\n`)
}

/** One line that is written over on a terminal, and every few seconds elsewhere. */
export function progressLine(): { readonly show: (text: string) => void; readonly end: () => void } {
  const isTerminal = process.stderr.isTTY === true
  let shownAtMs = Date.now()
  return {
    show: (text) => {
      if (isTerminal) process.stderr.write(`\r\u001b[K${text}`)
      else if (Date.now() - shownAtMs >= 5_000) {
        process.stderr.write(`${text}\n`)
        shownAtMs = Date.now()
      }
    },
    end: () => {
      if (isTerminal) process.stderr.write('\r\u001b[K')
    },
  }
}
