/** What one item came to. */
export interface ItemResult<Plan> {
  readonly target: string
  readonly outcome: 'started' | 'nothing to do' | 'failed' | 'not started'
  readonly plan?: Plan | undefined
  /** Why nothing was done, or what was started. */
  readonly message: string
}

/** How to carry out many of one kind. */
export interface Work<Item, Plan extends { readonly do: string; readonly why: string }> {
  readonly nameOf: (item: Item) => string
  /** Looks at the item as it is now, and changes nothing. */
  readonly plan: (item: Item) => Promise<Plan>
  /** How fast AWS answers who looks: so many as soon as they are asked for, then so many a second. Absent: at any speed. */
  readonly looks?: { readonly atOnce: number; readonly perSecond: number }
  /** Does what was planned; a plan stands in the report, and so holds no content. @returns what was started */
  readonly act: (plan: Plan, item: Item) => Promise<string>
}

export interface Pace {
  /** So many a second at most. */
  readonly rate: number
  readonly dryRun: boolean
  /** Whether somebody wants to stop; what is under way is brought to its end. */
  readonly isStopped: () => boolean
  readonly onResult: (results: readonly ItemResult<unknown>[]) => void
  readonly nowMs: () => number
  readonly pause: (milliseconds: number) => Promise<unknown>
}

const atAnySpeed = { atOnce: 1, perSecond: Number.POSITIVE_INFINITY }

/**
 * Carries out one item after the other, no faster than the rate. One that fails does not stop the others; when somebody
 * stops, the rest is listed as not started. Each item is looked at just before its turn, so that a second run over the
 * same items does only what is left.
 */
export async function runItems<Item, Plan extends { readonly do: string; readonly why: string }>(
  items: readonly Item[],
  { nameOf, plan, act, looks = atAnySpeed }: Work<Item, Plan>,
  pace: Pace,
): Promise<readonly ItemResult<Plan>[]> {
  const results: ItemResult<Plan>[] = []
  let startsAtMs = pace.nowMs()
  const lookMs = 1000 / looks.perSecond
  /** When as many looks as there may be at once could be made again. */
  let restedAtMs = pace.nowMs()
  for (const item of items) {
    const target = nameOf(item)
    if (pace.isStopped()) {
      results.push({ target, outcome: 'not started', message: 'stopped before its turn' })
      continue
    }
    await pauseUntil(restedAtMs - (looks.atOnce - 1) * lookMs)
    restedAtMs = Math.max(restedAtMs, pace.nowMs()) + lookMs
    const result = await runOne(target, item, async () => {
      await pauseUntil(startsAtMs)
      startsAtMs = Math.max(startsAtMs, pace.nowMs()) + 1000 / pace.rate
    })
    results.push(result)
    pace.onResult(results)
  }
  return results

  async function pauseUntil(atMs: number): Promise<void> {
    if (atMs > pace.nowMs()) await pace.pause(atMs - pace.nowMs())
  }

  async function runOne(target: string, item: Item, takeTurn: () => Promise<void>): Promise<ItemResult<Plan>> {
    let planned: Plan | undefined
    try {
      planned = await plan(item)
      if (planned.do === 'nothing') return { target, outcome: 'nothing to do', plan: planned, message: planned.why }
      if (pace.dryRun) return { target, outcome: 'not started', plan: planned, message: `dry run: ${planned.why}` }
      await takeTurn()
      if (pace.isStopped()) return { target, outcome: 'not started', plan: planned, message: 'stopped before its turn' }
      return { target, outcome: 'started', plan: planned, message: await act(planned, item) }
    } catch (error) {
      return {
        target,
        outcome: 'failed',
        plan: planned,
        message: error instanceof Error ? error.message : String(error),
      }
    }
  }
}
