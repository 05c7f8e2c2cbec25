import * as z from 'zod'
import { completeCase } from '#aws/case-completion.ts'
import { amendedCase, isEnded, type Ownership, updateOwnCase } from '#aws/case-store.ts'
import { type CaseStory, nextEventOf, openPointsOf, ownStory, signalOf } from '#aws/case-story.ts'
import { clock } from '#aws/clock.ts'
import { defineStep } from '#aws/define-step.ts'
import { environment } from '#aws/environment.ts'
import { openInboxItem } from '#aws/inbox-store.ts'
import { markBranchDone } from '#aws/posting-store.ts'
import { consumeSignal, type SignalEnd } from '#aws/signal-store.ts'
import { priceSalesOrder, SalesOrder } from '#domain/documents.ts'
import { RetryableError, SupersededError } from '#domain/errors.ts'
import { type SignalKind, signalKinds } from '#domain/events.ts'
import { partsOf } from '#domain/keys.ts'
import type { NextEvent, Reason } from '#domain/next-event/situation.ts'
import { parse } from '#domain/schema.ts'
import { sourceOf } from '#domain/sources.ts'

const signal = z.enum(signalKinds)

/** The branch that the machine comes from. */
const Done = z.discriminatedUnion('kind', [
  z.object({ kind: signal, number: z.string() }),
  z.object({ kind: z.enum(['payment-allocation', 'outgoing-payment']), number: z.string() }),
  z.object({ kind: z.literal('deadline'), number: z.string() }),
  z.object({ kind: z.literal('refusal'), number: z.string(), code: z.string(), message: z.string() }),
])
type Done = z.output<typeof Done>

/**
 * Marks the branch that the machine comes from as done, then decides what the case does next. When everything is
 * settled it ends the case, unless a signal has come in between.
 */
export const handler = defineStep({
  name: 'PickNextEvent',
  input: { done: Done.nullish() },
  run: async ({ done }, { owner }): Promise<NextEvent> => {
    if (done) await markDone(owner, done)
    // Each round sets a signal aside, or has lost to somebody who changed the case.
    for (let attempt = 1; attempt <= 100; attempt++) {
      const story = await ownStory(owner)
      const { status } = story.case
      if (isEnded(status)) return { kind: 'settled', as: status }
      const next = nextEventOf(story, clock.nowMs())
      if (next.kind === 'settled') {
        if (await completeCase(owner, story.case, next.as)) return next
      } else if (next.kind === 'set-aside') {
        const { kind, number } = next.signal
        await consume(owner, story, kind, number, next.note)
      } else {
        return next
      }
    }
    throw new RetryableError(`The case ${owner.caseKey} was not decided in 100 rounds`, {
      document: owner.caseKey,
    })
  },
})

/** A signal is consumed when its whole branch is through, so that a take-over repeats what was cut short. */
async function markDone(owner: Ownership, done: Done): Promise<void> {
  const story = await ownStory(owner)
  switch (done.kind) {
    case 'payment-allocation':
    case 'outgoing-payment':
      return await unlessEnded(owner, () => markBranchDone(owner, { document: done.kind, number: done.number }))
    case 'deadline':
      await askWhatToDo(owner, story)
      return await tellDeadline(owner, done.number)
    case 'refusal': {
      const [kind = '', ...rest] = done.number.split('/')
      const { code, message } = done
      const number = rest.join('/')
      await askSales(owner, kind, number, { code, message })
      const note = `refused, ${code}`
      return await consume(owner, story, signal.parse(kind), number, note, { refusal: { code, message } })
    }
    case 'closing':
      // The end of an order follows from a cancellation that was refused, too.
      if (story.signals.some(({ kind, number }) => kind === 'closing' && number === done.number)) break
      return await unlessEnded(owner, () =>
        markBranchDone(owner, { document: 'sales-order-closing', number: done.number }),
      )
    case 'change':
      return await amend(owner, story, done.number)
  }
  await consume(owner, story, done.kind, done.number, 'posted and published')
}

/** Somebody has to talk to the customer. */
async function askSales(
  { caseKey }: Ownership,
  kind: string,
  number: string,
  { code, message }: Reason,
): Promise<void> {
  await openInboxItem({
    caseKey,
    kind: kind === 'change' ? 'refused-change' : 'refused-cancellation',
    owner: 'sales',
    question: `${kind === 'change' ? `Version ${number}` : `The cancellation ${number}`} of ${caseKey} was not carried out: ${message}`,
    code,
    signal: { kind, number },
    occurrence: code,
  })
}

/** Asked once: whoever answers that it is to wait on is not asked at each further deadline. */
async function askWhatToDo({ caseKey }: Ownership, story: CaseStory): Promise<void> {
  const { text, owner } = openPointsOf(story)
  const { netTotal: amount, currency } = story.case
  await openInboxItem({
    caseKey,
    kind: 'overdue',
    owner,
    question: `${caseKey} waits longer than it should: ${text}`,
    amount,
    currency,
    ground: { waitingCase: true },
    occurrence: '',
  })
}

async function tellDeadline(owner: Ownership, number: string): Promise<void> {
  await updateOwnCase(owner, {
    update: 'SET deadlinesTold = :told, deadlineAtMs = :next',
    condition: 'deadlinesTold < :told',
    values: { ':told': Number(number), ':next': clock.nowMs() + environment().DEADLINE_MS },
  })
}

/** The version that stands in the ERP now becomes the one of the case. */
async function amend(owner: Ownership, story: CaseStory, number: string): Promise<void> {
  if (story.case.version >= Number(number)) {
    return await consume(owner, story, 'change', number, 'a newer version stands')
  }
  const { data, fingerprint } = await signalOf(story, 'change', number)
  const held = story.signals.find((one) => one.kind === 'change' && one.number === number)?.data
  const salesOrder = parse(SalesOrder, data, `Version ${number} of ${owner.caseKey}`)
  const { netTotal } = priceSalesOrder(salesOrder, sourceOf(partsOf(owner.caseKey).system).rounding)
  const lines = salesOrder.lines.map((line) => ({ line: line.number, quantity: line.quantity }))
  const { currency } = salesOrder
  const parts = amendedCase(owner, { version: Number(number), fingerprint, currency, netTotal, lines }, held)
  const told = {
    before: { version: story.case.version, net: `${story.case.netTotal} ${story.case.currency}` },
    after: { version: Number(number), net: `${netTotal} ${currency}` },
  }
  await consume(owner, story, 'change', number, 'posted and published', { parts, told })
}

async function consume(
  owner: Ownership,
  story: CaseStory,
  kind: SignalKind,
  number: string,
  note: string,
  also: SignalEnd = {},
): Promise<void> {
  const found = story.signals.find((one) => one.kind === kind && one.number === number)
  if (found === undefined) throw new Error(`${owner.caseKey} has no signal ${kind} ${number}`)
  if (found.consumedAtMs !== undefined) return
  await unlessEnded(owner, () => consumeSignal(owner, found, note, also))
}

/** The write also fails when another run of this very step, which Lambda started twice, has ended the case. */
async function unlessEnded(owner: Ownership, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!(error instanceof SupersededError) || !isEnded((await ownStory(owner)).case.status)) throw error
  }
}
