import { RetryableError, SupersededError } from '#domain/errors.ts'
import { type SignalKind, signalKinds } from '#domain/events.ts'
import type { NextEvent, Reason, SignalName } from '#domain/next-event/situation.ts'
import { askQuestions } from './ask-questions.ts'
import { completeCase } from './case-completion.ts'
import { isEnded, type Ownership, updateOwnCase } from './case-store.ts'
import { type CaseStory, nextEventOf, openPointsOf, ownStory } from './case-story.ts'
import { clock } from './clock.ts'
import { environment } from './environment.ts'
import { measureLatency } from './flow-latency.ts'
import { openInboxItem } from './inbox-store.ts'
import { consumeSignal, type SignalEnd } from './signal-store.ts'

/** Takes a newer version of what is not in the ERP yet in place of the one before. */
export type Replace = (story: CaseStory, version: string) => Promise<void>

/**
 * Decides what the case does next. When everything is settled it ends the case, unless a signal has come in between.
 * @param known the case as it was just read; its end is conditional on the signals in it
 * @throws RetryableError when the case changes faster than it can be decided
 */
export async function pickNext(owner: Ownership, known?: CaseStory, replace?: Replace): Promise<NextEvent> {
  let first = known
  // Each round sets a signal aside, or has lost to somebody who changed the case.
  for (let attempt = 1; attempt <= 100; attempt++) {
    const story = first ?? (await ownStory(owner))
    first = undefined
    const { status } = story.case
    if (isEnded(status)) return { kind: 'settled', as: status }
    const next = nextEventOf(story, clock.nowMs())
    if (next.kind === 'settled') {
      if (await completeCase(owner, story.case, next.as)) return next
    } else if (next.kind === 'set-aside') {
      const { kind, number } = next.signal
      await consume(owner, story, kind, number, next.note)
    } else if (next.kind === 'replacement') {
      if (replace === undefined) throw new Error(`${owner.caseKey}: nothing of it is replaced before it is in the ERP`)
      await replace(story, next.number)
    } else if (next.kind === 'nothing-yet') {
      await askQuestions(story, next.asks ?? [])
      return { kind: next.kind, wakeAtMs: next.wakeAtMs }
    } else {
      return next
    }
  }
  throw new RetryableError(`The case ${owner.caseKey} was not decided in 100 rounds`, { document: owner.caseKey })
}

/**
 * A signal is consumed when its whole branch is through, so that a take-over repeats what was cut short.
 * @returns when, if this run has written it
 */
export async function consume(
  owner: Ownership,
  story: CaseStory,
  kind: SignalKind,
  number: string,
  note: string,
  also: SignalEnd = {},
): Promise<number | undefined> {
  const found = story.signals.find((one) => one.kind === kind && one.number === number)
  if (found === undefined) throw new Error(`${owner.caseKey} has no signal ${kind} ${number}`)
  if (found.consumedAtMs !== undefined) return undefined
  return await unlessEnded(owner, () => consumeSignal(owner, found, note, also))
}

/** … and measures how long that has taken. */
export async function consumeDone(
  owner: Ownership,
  story: CaseStory,
  signal: SignalName,
  also: SignalEnd = {},
): Promise<number | undefined> {
  const consumedAtMs = await consume(owner, story, signal.kind, signal.number, 'posted and published', also)
  if (consumedAtMs !== undefined) measureLatency(owner, story, signal)
  return consumedAtMs
}

/** A refusal was told: `number` names the signal, `change/2`. */
export async function consumeRefused(owner: Ownership, story: CaseStory, request: string, reason: Reason) {
  const [named = '', ...rest] = request.split('/')
  const kind = signalKinds.find((one) => one === named)
  if (kind === undefined) throw new Error(`${request} names no signal`)
  await consume(owner, story, kind, rest.join('/'), `refused, ${reason.code}`, { refusal: reason })
}

/**
 * Somebody has to talk to the customer, or to the supplier, when a change or a cancellation came too late. What a person
 * has declined or disputed asks nobody again.
 */
export async function askAboutRefusal(
  { caseKey }: Ownership,
  about: 'sales' | 'purchasing',
  request: string,
  { code, message }: Reason,
): Promise<void> {
  const [kind = '', ...rest] = request.split('/')
  if (kind !== 'change' && kind !== 'cancellation') return
  const number = rest.join('/')
  await openInboxItem({
    caseKey,
    kind: kind === 'change' ? 'refused-change' : 'refused-cancellation',
    owner: about,
    question: `${kind === 'change' ? `Version ${number}` : `The cancellation ${number}`} of ${caseKey} was not carried out: ${message}`,
    code,
    signal: { kind, number },
    occurrence: code,
  })
}

/**
 * A deadline was told. What to do is asked once: whoever answers that it is to wait on is not asked at each further
 * deadline.
 */
export async function missedDeadline(owner: Ownership, story: CaseStory, number: string): Promise<void> {
  const points = openPointsOf(story)
  const { netTotal: amount, currency } = story.case
  await openInboxItem({
    caseKey: owner.caseKey,
    kind: 'overdue',
    owner: points.owner,
    question: `${owner.caseKey} waits longer than it should: ${points.text}`,
    amount,
    currency,
    ground: { waitingCase: true },
    occurrence: '',
  })
  await updateOwnCase(owner, {
    update: 'SET deadlinesTold = :told, deadlineAtMs = :next',
    condition: 'deadlinesTold < :told',
    values: { ':told': Number(number), ':next': clock.nowMs() + environment().DEADLINE_MS },
  })
}

/** The write also fails when another run of this very step, which Lambda started twice, has ended the case. */
export async function unlessEnded<Result>(owner: Ownership, write: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof SupersededError) || !isEnded((await ownStory(owner)).case.status)) throw error
    return undefined
  }
}
