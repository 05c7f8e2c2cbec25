import type * as z from 'zod'
import { sortKey } from '#domain/keys.ts'
import { type NextEvent, pickNextEvent } from '#domain/pick-next-event.ts'
import { parse } from '#domain/schema.ts'
import { CaseItem } from './case-store.ts'
import { environment } from './environment.ts'
import { type PostingItem, parsePosting } from './posting-store.ts'
import { SignalItem } from './signal-store.ts'
import { type Item, readRange } from './table.ts'

/** Everything that a decision about a case needs, from one strongly consistent Query of its item collection. */
export interface CaseStory {
  readonly case: CaseItem
  readonly signals: readonly SignalItem[]
  readonly postings: readonly (z.output<typeof PostingItem> & { readonly kind: string; readonly number: string })[]
}

export async function readStory(caseKey: string): Promise<CaseStory | undefined> {
  const items = await readRange(caseKey, sortKey.case, 'SIGNAL~')
  const caseItem = items.find((item) => item.sk === sortKey.case)
  if (caseItem === undefined) return undefined
  return {
    case: parse(CaseItem, caseItem, `The case ${caseKey}`),
    signals: withPrefix(items, 'SIGNAL#').map((item) => parse(SignalItem, item, `A signal of ${caseKey}`)),
    postings: withPrefix(items, 'POSTING#').map((item) => {
      const [, kind = '', ...number] = String(item.sk).split('#')
      return { ...parsePosting(item, `A posting of ${caseKey}`), kind, number: number.join('#') }
    }),
  }
}

function withPrefix(items: readonly Item[], prefix: string): Item[] {
  return items.filter((item) => String(item.sk).startsWith(prefix))
}

/** The pure decision, taken from the items as they are stored. */
export function nextEventOf(story: CaseStory, nowMs: number): NextEvent {
  return pickNextEvent(
    {
      lines: story.case.lines,
      deadlineAtMs: story.case.deadlineAtMs,
      deadlinesTold: story.case.deadlinesTold,
      deadlinesMax: environment().DEADLINES_MAX,
    },
    story.signals.map((signal) => ({
      kind: signal.kind,
      number: signal.number,
      occurredAt: signal.occurredAt,
      consumed: signal.consumedAtMs !== undefined,
      amount: signal.amount,
      begun: signal.shares !== undefined || isBegun(story, signal),
    })),
    story.postings.flatMap(({ kind, number, status, document }) =>
      status === 'posted' && document !== undefined ? [{ kind, number, document }] : [],
    ),
    nowMs,
  )
}

/** Whether a posting of this signal has been claimed: then its document may stand in the ERP already, in part. */
function isBegun({ postings }: CaseStory, { kind, number }: SignalItem): boolean {
  return postings.some((posting) => posting.kind === kind && posting.number === number)
}
