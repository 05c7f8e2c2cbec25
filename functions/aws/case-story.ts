import type * as z from 'zod'
import type { DocumentKind } from '#domain/documents.ts'
import { type SignalKind, SignalTerms } from '#domain/events.ts'
import { partsOf, sortKey } from '#domain/keys.ts'
import type { CaseFacts, NextEvent, Question, SignalFacts } from '#domain/next-event/situation.ts'
import type { PostingFacts } from '#domain/posted-documents.ts'
import type { PostedDocument } from '#domain/posting.ts'
import { type Process, processes, processOf } from '#domain/processes.ts'
import { parse } from '#domain/schema.ts'
import { CaseItem, type Ownership, superseded } from './case-store.ts'
import { environment } from './environment.ts'
import { readHeld } from './payload-store.ts'
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

/**
 * The case as it stands, if this execution still carries it.
 * @throws SupersededError when it does not
 */
export async function ownStory(owner: Ownership): Promise<CaseStory> {
  const story = await readStory(owner.caseKey)
  const stored = story?.case.owner
  if (story === undefined || stored?.executionArn !== owner.executionArn || stored.epoch !== owner.epoch) {
    throw superseded(owner)
  }
  return story
}

function withPrefix(items: readonly Item[], prefix: string): Item[] {
  return items.filter((item) => String(item.sk).startsWith(prefix))
}

/** The pure decision, taken from the items as they are stored. */
export function nextEventOf(story: CaseStory, nowMs: number): NextEvent {
  const { pickNextEvent } = processes[processOf(story.case.pk)]
  return pickNextEvent(caseFacts(story), signalFacts(story), postingFacts(story), nowMs)
}

/** What the case waits for a person for, as it stands. */
export function questionsOf(story: CaseStory, nowMs: number): readonly Question[] {
  const process: Process = processes[processOf(story.case.pk)]
  return process.questionsOf?.(caseFacts(story), signalFacts(story), postingFacts(story), nowMs) ?? []
}

function caseFacts({ case: theCase }: CaseStory): CaseFacts {
  const { lines, version, needsApproval, deadlineAtMs, deadlinesTold, deadlinesFrom = 0 } = theCase
  const deadlinesMax = environment().DEADLINES_MAX
  return { lines, version, needsApproval, deadlineAtMs, deadlinesTold, deadlinesFrom, deadlinesMax }
}

/** What keeps the case from its end, in words, and who can do most about it. */
export function openPointsOf(story: CaseStory) {
  return processes[processOf(story.case.pk)].openPoints(story.case, signalFacts(story), postingFacts(story))
}

function signalFacts({ signals }: CaseStory): readonly SignalFacts[] {
  return signals.map(({ kind, number, occurredAt, consumedAtMs, refusal, data, needsApproval, match }) => ({
    kind,
    number,
    occurredAt,
    isConsumed: consumedAtMs !== undefined,
    refusal,
    needsApproval,
    match,
    // What is too large for its item is in the bucket; it is decided on without its quantities.
    terms: SignalTerms.safeParse(data).data ?? {},
  }))
}

function postingFacts({ postings }: CaseStory): readonly PostingFacts[] {
  return postings.map((posting) => ({ ...posting, isDone: posting.doneAtMs !== undefined }))
}

/**
 * The order of the case as it stands in the ERP: that of the newest amendment, or the one that was created first.
 * @throws Error when there is none
 */
export function currentOrder(story: CaseStory, kind: 'sales-order' | 'purchase-order'): PostedDocument {
  const posted = story.postings.filter(({ status }) => status === 'posted')
  const amendments = posted.filter((one) => one.kind === `${kind}-amendment`)
  const newest = amendments.reduce(
    (best, one) => (Number(one.number) > Number(best?.number ?? 0) ? one : best),
    amendments[0],
  )
  const document = (newest ?? posted.find((one) => one.kind === kind))?.document
  if (document === undefined)
    throw new Error(`${kind} ${partsOf(story.case.pk).number} of ${story.case.pk} is not posted`)
  return document
}

export function currentSalesOrder(story: CaseStory): PostedDocument {
  return currentOrder(story, 'sales-order')
}

/** A posted document of the case. @throws Error when it is not posted */
export function documentOf(story: CaseStory, kind: DocumentKind, number: string): PostedDocument {
  const found = story.postings.find((one) => one.kind === kind && one.number === number && one.status === 'posted')
  if (found?.document === undefined) throw new Error(`${kind} ${number} of ${story.case.pk} is not posted`)
  return found.document
}

/** A signal of the case with what it says. @throws Error when there is none */
export async function signalOf(story: CaseStory, kind: SignalKind, number: string): Promise<SignalItem> {
  const signal = story.signals.find((one) => one.kind === kind && one.number === number)
  if (signal === undefined) throw new Error(`${story.case.pk} has no signal ${kind} ${number}`)
  return { ...signal, data: await readHeld(signal.data) }
}
