import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import * as z from 'zod'
import { type Difference, isTooEarly } from '#domain/reconciliation/difference.ts'
import { type Group, join } from '#domain/reconciliation/join.ts'
import { type Side, sides } from '#domain/reconciliation/record.ts'
import { ControlTotals, TotalsRow } from '#domain/reconciliation/totals.ts'
import { clock } from '../clock.ts'
import { StoredDifference } from './difference-store.ts'
import { KeptFeed, notRead, openFeed, type Pages } from './kept-feed.ts'

/** What is compared, and how. */
export interface Task {
  /** In the order in which they are read; a side that is not named has nothing. */
  readonly feeds: readonly (readonly [Side, Pages])[]
  /** What a document looks like when the sides that do not show it were asked; undefined: it is none of this comparison's. */
  readonly completed: (found: Group, notes: ReadonlySet<string>) => Promise<Group | undefined>
  /** Notes what is to be remembered of a document, once it has been compared. */
  readonly note?: (found: Group, completed: Group, notes: Set<string>) => void
  /** What the sides do not agree on, as it stands now: a feed may have been read long before. */
  readonly differenceOf: (group: Group) => Promise<Difference | undefined> | Difference | undefined
  /** Nothing is begun after this. */
  readonly stopsAtMs: number
  /** Where what was done by then is kept; whoever goes on reads it. Without it, nobody does. */
  readonly progress?: {
    readonly read: () => Promise<Progress | undefined>
    /** Undefined: it begins anew. */
    readonly store: (progress: Progress | undefined) => Promise<void>
  }
}

/** How far a comparison has come. */
export const Progress = z.object({
  feeds: z.partialRecord(z.enum(sides), KeptFeed),
  /** All keys up to this one are compared. */
  afterKey: z.string().optional(),
  documents: z.int(),
  differences: z.array(StoredDifference),
  totals: z.array(TotalsRow),
  /** What the task has to remember. */
  notes: z.array(z.string()),
})
export type Progress = Omit<z.output<typeof Progress>, 'differences' | 'totals'> & {
  readonly differences: readonly Difference[]
  readonly totals: readonly TotalsRow[]
}

/** What a comparison has come to. */
export interface Compared {
  /** There is more of it, for another invocation. */
  readonly isThrough: boolean
  readonly documents: number
  readonly differences: readonly Difference[]
  readonly totals: readonly TotalsRow[]
  /** What the task has noted. */
  readonly notes: ReadonlySet<string>
}

/** Who is ended by force has lost no more than this. */
const keptEveryMs = 60_000

/** More would be no difference but another mistake: a wrong account, a feed that is not whole. */
const mostDifferences = 1000

/**
 * Reads the feeds to their ends, one after the other, and compares them document by document in key order. When the time
 * is over, or something fails, it leaves what was read and how far it was compared, and the next invocation goes on from
 * there: with nothing twice, nothing left out, and the same totals.
 * @throws Error when there are more differences than there can be
 */
export async function compareFeeds(task: Task): Promise<Compared> {
  const folder = mkdtempSync(joinPath(tmpdir(), 'postonce-runs-'))
  try {
    return await goOn(task, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function goOn(task: Task, folder: string): Promise<Compared> {
  const kept = await task.progress?.read()
  const totals = new ControlTotals(kept?.totals)
  const notes = new Set(kept?.notes)
  const differences: Difference[] = [...(kept?.differences ?? [])]
  let { afterKey, documents } = kept ?? { afterKey: undefined, documents: 0 }
  const open = await Promise.all(
    task.feeds.map(async ([side, pages]) => {
      const place = joinPath(folder, side)
      mkdirSync(place)
      return { side, pages, feed: await openFeed(place, kept?.feeds[side] ?? notRead, task.progress !== undefined) }
    }),
  )
  const keep = async () => {
    if (task.progress === undefined) return
    const feeds: Partial<Record<Side, KeptFeed>> = {}
    for (const { side, feed } of open) feeds[side] = await feed.keep()
    const found = { documents, differences, totals: totals.rows(), notes: [...notes] }
    await task.progress.store({ feeds, ...found, ...(afterKey !== undefined && { afterKey }) })
    keptAtMs = clock.nowMs()
  }
  let keptAtMs = clock.nowMs()
  const goesOn = async () => {
    if (clock.nowMs() >= keptAtMs + keptEveryMs) await keep()
    return clock.nowMs() < task.stopsAtMs
  }
  const cameTo = (isThrough: boolean): Compared => ({
    ...{ isThrough, documents, differences, totals: totals.rows(), notes },
  })
  const stop = async () => {
    await keep()
    return cameTo(false)
  }
  try {
    for (const { feed, pages } of open) if (!(await feed.readOn(pages, notes, goesOn))) return await stop()
    const feedOf = (side: Side) => open.find((one) => one.side === side)?.feed.inKeyOrder() ?? []
    for await (const found of join({ source: feedOf('source'), hub: feedOf('hub'), erp: feedOf('erp') })) {
      if (afterKey !== undefined && found.key <= afterKey) continue
      if (!(await goesOn())) return await stop()
      const group = await task.completed(found, notes)
      const difference = group && (await task.differenceOf(group))
      if (difference !== undefined) differences.push(difference)
      if (differences.length > mostDifferences) throw tooMany(differences)
      if (group !== undefined) {
        documents++
        totals.add(group)
        task.note?.(found, group, notes)
      }
      afterKey = found.key
    }
  } catch (error) {
    // Whatever it was, what was read is read; but when there was too much of something, whoever comes next begins anew.
    if (error instanceof TooManyDifferences || error instanceof TooManyUnderWay) await task.progress?.store(undefined)
    else await keep()
    throw error
  }
  return cameTo(true)
}

function tooMany(differences: readonly Difference[]): Error {
  return differences.some(isTooEarly) ? new TooManyUnderWay() : new TooManyDifferences()
}

/** Each would have to be looked at again and again: the whole comparison waits until most of them are through. */
export class TooManyUnderWay extends Error {
  override readonly name = 'TooManyUnderWay'
  constructor() {
    super(`More than ${mostDifferences} documents differ or are under way by now; it is compared when fewer are.`)
  }
}

/** Not that many documents differ: something else does. */
export class TooManyDifferences extends Error {
  override readonly name = 'TooManyDifferences'
  constructor() {
    super(
      `More than ${mostDifferences} differences: is it the right ERP account, with the right company, and is what was read whole?`,
    )
  }
}
