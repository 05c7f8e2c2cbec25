/** One line that is written over on a terminal, and now and then one elsewhere. */
export type Progress = {
  tell(profile: string, done: number, failed: number, seconds: number): void
  /** Leaves the line free for what comes next. */
  clear(): void
}

const everyMs = { terminal: 500, elsewhere: 10_000 }

/** @param schedules of each profile; `profiles`: how many there are, for the time that all of them need */
export function showProgress(schedules: number, profiles: number): Progress {
  const isTerminal = process.stderr.isTTY
  let begun = 0
  let current: string | undefined
  let shownMs = performance.now()
  return {
    tell: (profile, done, failed, seconds) => {
      if (profile !== current) begun += 1
      current = profile
      if (performance.now() - shownMs < (isTerminal ? everyMs.terminal : everyMs.elsewhere)) return
      shownMs = performance.now()
      const rate = done / seconds
      const left = schedules - done + (profiles - begun) * schedules
      const text = `${profile}: ${done} of ${schedules}, ${rate.toFixed(0)}/s, ${duration(left / rate)} left for all, ${failed} violated`
      process.stderr.write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`)
    },
    clear: () => {
      if (isTerminal) process.stderr.write('\r\u001b[K')
    },
  }
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
