import type { BlockResult, Failure, HistoryCount, Subject } from './run-block.ts'

export type ProfileCount = Subject & {
  readonly schedules: number
  readonly failures: readonly Failure[]
  /** How many cases ended as what. */
  readonly outcomes: Readonly<Record<string, number>>
  readonly faults: number
  readonly calls: number
  /** Of all moments of all histories: whoever tells the same again comes to the same. */
  readonly digest: number
}

/** Adds up what blocks came to, in their order whatever the order was in which they ended. */
export type Sum = {
  add(index: number, result: BlockResult): void
  /** Whether so many histories have failed that no more are wanted. */
  isEnough(): boolean
  /** Histories that have ended so far, and how many of them failed. */
  progress(): { readonly done: number; readonly failed: number }
  /** Up to the failure that was enough; where it was interrupted, of every block that had ended. */
  count(): ProfileCount
  reached(): Iterable<string>
}

export function sumBlocks(subject: Subject, maximumFailures: number): Sum {
  const results: BlockResult[] = []
  let [done, failed] = [0, 0]

  /** In the order of the seeds, so that the number of threads decides nothing. */
  const counted = () => {
    const blocks: { readonly histories: readonly HistoryCount[]; readonly reached: readonly string[] }[] = []
    let failures = 0
    for (const result of results) {
      if (failures >= maximumFailures) break
      if (result === undefined) continue
      const end = endOf(result.histories, maximumFailures - failures)
      blocks.push({ histories: result.histories.slice(0, end), reached: result.reached })
      failures += result.histories.slice(0, end).filter((history) => history.failure !== undefined).length
    }
    return blocks
  }

  return {
    add: (index, result) => {
      results[index] = result
      done += result.histories.length
      failed += result.histories.filter(({ failure }) => failure !== undefined).length
    },
    isEnough: () => failed >= maximumFailures,
    progress: () => ({ done, failed }),
    count: () => {
      const histories = counted().flatMap((block) => block.histories)
      const outcomes: Record<string, number> = {}
      for (const outcome of histories.flatMap((history) => history.outcomes))
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      return {
        ...subject,
        schedules: histories.length,
        failures: histories.flatMap(({ failure }) => failure ?? []),
        outcomes,
        faults: histories.reduce((sum, { faults }) => sum + faults, 0),
        calls: histories.reduce((sum, { calls }) => sum + calls, 0),
        digest: histories.reduce((sum, { digest }) => (Math.imul(sum, 31) + digest) | 0, 0),
      }
    },
    reached: () => counted().flatMap(({ reached }) => reached),
  }
}

/** Where to stop counting: behind so many failures. */
function endOf(histories: readonly HistoryCount[], failures: number): number {
  let seen = 0
  for (const [index, { failure }] of histories.entries()) {
    if (failure !== undefined) seen += 1
    if (seen === failures) return index + 1
  }
  return histories.length
}
