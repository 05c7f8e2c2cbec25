import * as z from 'zod'
import { completeCase } from '#aws/case-completion.ts'
import { type Ownership, superseded, updateOwnCase } from '#aws/case-store.ts'
import { type CaseStory, nextEventOf, readStory } from '#aws/case-story.ts'
import { clock } from '#aws/clock.ts'
import { sendDeadLetter } from '#aws/dead-letters.ts'
import { defineStep } from '#aws/define-step.ts'
import { environment } from '#aws/environment.ts'
import { consumeSignal, type SignalItem } from '#aws/signal-store.ts'
import { RetryableError, SupersededError } from '#domain/errors.ts'
import type { NextEvent } from '#domain/pick-next-event.ts'

const Done = z.object({ kind: z.string(), number: z.string() })

/**
 * Marks the branch that the machine comes from as done, then decides what the case does next. When everything is
 * settled it completes the case, unless a signal has come in between.
 */
export const handler = defineStep({
  name: 'PickNextEvent',
  input: { done: Done.nullish() },
  writesToErp: false,
  run: async ({ done }, { owner }): Promise<NextEvent> => {
    if (done) await markDone(owner, done, await ownStory(owner))
    for (let attempt = 1; attempt <= 10; attempt++) {
      const story = await ownStory(owner)
      if (story.case.status === 'completed') return { kind: 'settled' }
      const next = nextEventOf(story, clock.nowMs())
      if (next.kind === 'settled') {
        if (await completeCase(owner, story.case)) return next
      } else if (next.kind === 'change') {
        await refuseChange(owner, story, next.number)
      } else {
        return next
      }
    }
    throw new RetryableError(`The case ${owner.caseKey} changes faster than it can be decided`, {
      document: owner.caseKey,
    })
  },
})

/** The case as it stands, if this execution still carries it. */
async function ownStory(owner: Ownership): Promise<CaseStory> {
  const story = await readStory(owner.caseKey)
  const stored = story?.case.owner
  if (story === undefined || stored?.executionArn !== owner.executionArn || stored.epoch !== owner.epoch) {
    throw superseded(owner)
  }
  return story
}

/** A signal is consumed when its whole branch is through, so that a take-over repeats what was cut short. */
async function markDone(owner: Ownership, done: z.output<typeof Done>, story: CaseStory): Promise<void> {
  if (done.kind === 'deadline') {
    await updateOwnCase(owner, {
      update: 'SET deadlinesTold = :told, deadlineAtMs = :next',
      condition: 'deadlinesTold < :told',
      values: { ':told': Number(done.number), ':next': clock.nowMs() + environment().DEADLINE_MS },
    })
    return
  }
  const signal = story.signals.find((one) => one.kind === done.kind && one.number === done.number)
  if (signal === undefined) throw new Error(`${owner.caseKey} has no signal ${done.kind} ${done.number}`)
  if (signal.consumedAtMs === undefined) await consume(owner, signal, 'posted and published')
}

/** The write also fails when another run of this very step, which Lambda started twice, has completed the case. */
async function consume(owner: Ownership, signal: SignalItem, note: string): Promise<void> {
  try {
    await consumeSignal(owner, signal, note)
  } catch (error) {
    if (!(error instanceof SupersededError) || (await ownStory(owner)).case.status !== 'completed') throw error
  }
}

/** A newer version of an order that is under way is for a person, for now. */
async function refuseChange(owner: Ownership, story: CaseStory, version: string): Promise<void> {
  const signal = story.signals.find((one) => one.kind === 'change' && one.number === version)
  if (signal === undefined) return
  await sendDeadLetter({
    id: `${owner.caseKey}/change/${version}`,
    caseKey: owner.caseKey,
    stage: 'PickNextEvent',
    class: 'business',
    code: 'CHANGE_NOT_SUPPORTED',
    owner: 'sales',
    message: `Version ${version} of ${owner.caseKey} came while the order was under way. Change it in the ERP by hand.`,
  })
  await consume(owner, signal, 'refused: a change of an order under way is for a person')
}
