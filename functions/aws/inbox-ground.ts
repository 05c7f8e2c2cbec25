import { changeOf } from '#domain/inbox.ts'
import { parse } from '#domain/schema.ts'
import { isEnded } from './case-store.ts'
import { type CaseStory, questionsOf, readStory } from './case-story.ts'
import { clock } from './clock.ts'
import type { InboxItem } from './inbox-store.ts'
import { readDifference } from './reconciliation/difference-store.ts'
import { SignalItem } from './signal-store.ts'
import { read } from './table.ts'

/** What a question of the inbox is about, as it stands now. */
export interface Background {
  readonly story: CaseStory | undefined
  readonly posting: CaseStory['postings'][number] | undefined
  readonly signal: SignalItem | undefined
  /** What has changed since the question was asked; undefined when it still stands. */
  readonly change: string | undefined
}

/** Reads the ground of a question, strongly consistent. */
export async function readBackground(item: InboxItem): Promise<Background> {
  const story = await readStory(item.pk)
  const posting = story?.postings.find(
    (one) => one.kind === item.posting?.document && one.number === item.posting.number,
  )
  const signal = await signalOf(item, story)
  const change = changeOf(item.ground, {
    case: story?.case,
    posting,
    signal: signal && { isConsumed: signal.consumedAtMs !== undefined },
    asks: story && !isEnded(story.case.status) ? questionsOf(story, clock.nowMs()) : [],
    difference: item.ground.difference && (await readDifference(item.ground.difference.key)),
  })
  return { story, posting, signal, change }
}

/** The signal of a question; one without a case is no part of any story. */
async function signalOf({ pk, signal }: InboxItem, story: CaseStory | undefined): Promise<SignalItem | undefined> {
  if (signal === undefined) return undefined
  if (story !== undefined) return story.signals.find((one) => one.kind === signal.kind && one.number === signal.number)
  const item = await read({ pk, sk: `SIGNAL#${signal.kind}#${signal.number}` })
  return item === undefined ? undefined : parse(SignalItem, item, `The signal ${signal.kind} ${signal.number} of ${pk}`)
}
