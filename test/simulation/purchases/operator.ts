import type { InboxItem } from '#aws/inbox-store.ts'
import { decisionEvent, decisionSource } from '#domain/decision.ts'
import type { Choice } from '#domain/inbox.ts'
import { names } from '../hub/settings.ts'
import type { Hub } from '../hub.ts'
import { isEnded } from '../laws/told.ts'
import { orderOf } from '../operator.ts'
import type { Random } from '../random.ts'
import type { State } from '../state.ts'
import type { Purchase } from './purchase.ts'

/**
 * The person who is told: answers what the cases ask, and redrives what failed or starts it anew.
 * @returns whether there was anything to do
 */
export function operatePurchases(hub: Hub, state: State, purchases: readonly Purchase[], random: Random): boolean {
  return purchases.map((purchase) => operate(hub, state, purchase, random)).some((acted) => acted)
}

function operate(hub: Hub, state: State, purchase: Purchase, random: Random): boolean {
  const open = state.questions.filter(({ pk, status }) => pk === purchase.caseKey && /^(open|proposed)$/.test(status))
  const answered = open.filter((question) => answer(hub, purchase, question, random))
  return answered.length > 0 || resume(hub, state, purchase, random)
}

function resume(hub: Hub, state: State, { number, caseKey }: Purchase, random: Random): boolean {
  const theCase = state.cases.get(caseKey)
  if (isEnded(theCase?.status)) return false
  const own = hub.machines.executions().filter(({ input }) => orderOf(hub, input) === number)
  if (own.some(({ now, arn }) => now.status === 'RUNNING' && arn === theCase?.owner.executionArn)) return false
  const failed = own.filter(({ now }) => /^(FAILED|ABORTED|TIMED_OUT)$/.test(now.status))
  const owner = failed.find(({ arn }) => arn === theCase?.owner.executionArn)
  if (owner !== undefined && random.chance(0.7)) hub.machines.redrive(owner.arn)
  else {
    const [first] = failed
    if (first === undefined) return false
    hub.machines.start(hub.purchaseMachineArn, first.input)
  }
  return true
}

/** What can be had by waiting is waited for: in these stories every document is right in the end. */
const answers: Readonly<Partial<Record<InboxItem['kind'], Choice>>> = { variance: 'wait', overdue: 'ignore' }

function answer(hub: Hub, purchase: Purchase, question: InboxItem, random: Random): boolean {
  const choice = question.kind === 'approval' ? purchase.approval : answers[question.kind]
  if (choice === undefined || !question.choices.includes(choice)) return false
  const data = {
    item: question.id,
    case: question.pk,
    choice,
    reason: 'as agreed',
    // Above an amount a second person has to say the same.
    by: question.status === 'proposed' && question.proposal?.by === 'ann' ? 'bob' : 'ann',
    openedAtMs: question.openedAtMs,
  }
  const detail = { metadata: { id: `decision-${random.uuid()}`, correlationId: question.pk }, data }
  const entry = { EventBusName: names.bus, Source: decisionSource, DetailType: decisionEvent }
  hub.bus.putEvents([{ ...entry, Detail: JSON.stringify(detail) }])
  return true
}
