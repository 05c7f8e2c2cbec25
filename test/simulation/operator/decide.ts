import type { InboxItem } from '#aws/inbox-store.ts'
import { decisionEvent, decisionSource } from '#domain/decision.ts'
import type { Choice } from '#domain/inbox.ts'
import { names } from '../hub/settings.ts'
import type { Hub } from '../hub.ts'
import type { Random } from '../random.ts'
import type { State } from '../state.ts'
import type { Order } from '../story/order.ts'
import { documentInEffect, finishByHand } from './by-hand.ts'

/** Longer than any late effect, frozen Lambda or retry: what is not there by then never comes. */
export const aftermathMs = 3_600_000

/** The last question that a failure of the case has asked and nobody has answered. */
export function openQuestion({ questions }: State, { caseKey }: Order): InboxItem | undefined {
  return questions
    .filter(({ pk, ground }) => pk === caseKey && ground.execution !== undefined)
    .filter(({ status, refused }) => (status === 'open' || status === 'proposed') && refused?.code !== 'STALE')
    .sort((one, other) => other.openedAtMs - one.openedAtMs)[0]
}

/**
 * Answers a question of the inbox after looking in the books. Above an amount a second person has to say the same.
 * @returns whether anything was decided
 */
export function decide(hub: Hub, state: State, order: Order, question: InboxItem, random: Random): boolean {
  const answer = answerTo(hub, state, order, question)
  if (answer === undefined || !question.choices.includes(answer.choice)) return false
  const proposedBy = question.status === 'proposed' ? question.proposal?.by : undefined
  const data = {
    item: question.id,
    case: question.pk,
    reason: 'looked in the ERP',
    by: proposedBy === 'ann' ? 'bob' : 'ann',
    openedAtMs: question.openedAtMs,
    ...answer,
  }
  const detail = { metadata: { id: `decision-${random.uuid()}`, correlationId: question.pk }, data }
  hub.bus.putEvents([
    {
      EventBusName: names.bus,
      Source: decisionSource,
      DetailType: decisionEvent,
      Detail: JSON.stringify(detail),
    },
  ])
  return true
}

type Answer = { readonly choice: Choice; readonly document?: string }

function answerTo(hub: Hub, state: State, order: Order, { kind, posting: name, pk, proposal }: InboxItem) {
  const posting =
    name && state.postings.find((one) => one.pk === pk && one.sk === `POSTING#${name.document}#${name.number}`)
  const again: Answer = { choice: 'post-again' }
  if (kind === 'refusal' || posting === undefined) return again
  if (proposal !== undefined) return proposed(proposal)
  const found = documentInEffect(hub.books, posting)
  if (found !== undefined) return adopt(found)
  if (kind === 'conflict') {
    const done = finishByHand(hub.books, posting, order, state.postings)
    return done === undefined ? again : adopt(done)
  }
  if (hub.time.nowMs() < (posting.sentAtMs ?? 0) + aftermathMs) return undefined
  return { choice: 'not-posted' } satisfies Answer
}

function adopt(document: string): Answer {
  return { choice: 'adopt', document }
}

function proposed({ choice, document }: NonNullable<InboxItem['proposal']>): Answer {
  return { choice, ...(document !== undefined && { document }) }
}
