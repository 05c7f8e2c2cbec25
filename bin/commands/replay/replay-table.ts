import { CaseItem } from '#aws/case-store.ts'
import { readStory } from '#aws/case-story.ts'
import { readHeld } from '#aws/payload-store.ts'
import { parkedSignals } from '#aws/signal-store.ts'
import { readList, readRange } from '#aws/table.ts'
import { processNames } from '#domain/processes.ts'
import { listCases } from '../cases/list-cases.ts'
import { sendEntries } from '../publish/send-entries.ts'
import { runAndReport } from '../redrive/run-and-report.ts'
import { CommandError } from '../terminal/explain.ts'
import { type EventOutlook, outlookOfEvent } from './event-outlook.ts'
import { eventsOfCase, type KeptEvent } from './events-of-case.ts'

export interface Wanted {
  readonly fromMs: number
  readonly toMs: number
  readonly detailType: string | undefined
  /** Keys that the case may have; undefined for every case. */
  readonly caseKeys: readonly string[] | undefined
}

const limit = 10_000
const readAtOnce = 20

/** The events that the table has of this time, of this kind and of this case, in the order in which they happened. */
export async function findKeptEvents({ fromMs, toMs, detailType, caseKeys }: Wanted): Promise<readonly KeptEvent[]> {
  const keys = caseKeys ?? (await everyKey(toMs))
  const found: KeptEvent[] = []
  for (let at = 0; at < keys.length; at += readAtOnce) {
    const some = await Promise.all(
      keys.slice(at, at + readAtOnce).map(async (key) => eventsOfCase(key, await readRange(key, 'BODY#', 'SIGNAL~'))),
    )
    found.push(...some.flat())
  }
  return found
    .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
    .filter((one) => detailType === undefined || typeOf(one) === detailType)
    .sort((one, other) => one.atMs - other.atMs)
}

/** Cases that were there by then, and what is parked because its case never came. */
async function everyKey(toMs: number): Promise<readonly string[]> {
  const cases = await listCases(processNames, CaseItem.shape.status.options, limit)
  if (cases.length >= limit) {
    throw new CommandError(`There are more than ${limit} cases: name one with --case, or replay the archive.`)
  }
  const parked = await readList(parkedSignals, Number.MAX_SAFE_INTEGER, limit)
  const known = cases.filter(({ acceptedAtMs }) => acceptedAtMs <= toMs).map(({ pk }) => pk)
  return [...new Set([...known, ...parked.map(({ pk }) => String(pk))])]
}

const nameOf = (one: KeptEvent) => ('entry' in one ? one.entry.where : one.where)
const typeOf = (one: KeptEvent) => ('entry' in one ? one.entry.detailType : one.where.split(' ')[1])

/** Publishes what the table has again, no faster than the rate; the accept and posting tables know each of them. */
export async function replayTable(
  wanted: Wanted,
  bus: string,
  pace: { readonly rate: number; readonly dryRun: boolean; readonly file: string | undefined },
) {
  const kept = await findKeptEvents(wanted)
  return await runAndReport<KeptEvent, Plan>(
    kept,
    {
      nameOf,
      plan: async (one) => planOf(one, pace.dryRun),
      act: async (plan, one) => ('entry' in one ? await publish(one, bus) : plan.why),
    },
    { ...pace, verb: pace.dryRun ? 'looked at' : 'published' },
  )
}

interface Plan extends Partial<EventOutlook> {
  readonly do: 'publish-again' | 'nothing'
  readonly why: string
}

/**
 * Looks at the event's case as it is now, where that is to be told; changes nothing. Without, an event is brought however its
 * case stands, also when that cannot be read: the hub knows it again.
 */
async function planOf(one: KeptEvent, isToBeTold: boolean): Promise<Plan> {
  const found = isToBeTold
    ? outlookOfEvent(one.of, await readStory(one.of.caseKey), Date.now())
    : { why: 'it is brought again' }
  return 'entry' in one ? { do: 'publish-again', ...found } : { do: 'nothing', ...found, why: one.cannot }
}

async function publish({ entry, held }: Extract<KeptEvent, { entry: unknown }>, bus: string): Promise<string> {
  const detail = { ...entry.detail, data: await readHeld(held) }
  const { failed } = await sendEntries([{ ...entry, detail }], bus, () => {})
  const [first] = failed
  if (first !== undefined) throw new CommandError(`The bus did not take it: ${first.code} ${first.message}`)
  return 'published again'
}
