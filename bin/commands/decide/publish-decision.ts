import { setTimeout as sleep } from 'node:timers/promises'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { events } from '#aws/clients/events.ts'
import { environment } from '#aws/environment.ts'
import { readInboxItem } from '#aws/inbox-store.ts'
import { type Decision, decisionEvent, decisionSource } from '#domain/decision.ts'
import { CommandError } from '../terminal/explain.ts'

/** @throws CommandError when the bus does not take it */
export async function publishDecision(eventId: string, decision: Decision): Promise<void> {
  const { FailedEntryCount, Entries } = await events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: environment().BUS_NAME,
          Source: decisionSource,
          DetailType: decisionEvent,
          Detail: JSON.stringify({
            metadata: {
              id: eventId,
              correlationId: decision.case,
              schemaVersion: '1',
              occurredAt: new Date().toISOString(),
            },
            data: decision,
          }),
        },
      ],
    }),
  )
  if (FailedEntryCount) throw new CommandError(`The bus did not take the decision: ${Entries?.[0]?.ErrorMessage}`)
}

export interface DecisionResult {
  readonly became: 'applied' | 'proposed' | 'refused' | 'not known yet'
  readonly text: string
}

const waitSeconds = 60

/** Looks at the question until it says what became of this decision; a decision is applied within seconds. */
export async function awaitOutcome(
  eventId: string,
  { item: id, case: caseKey, choice }: Decision,
  pause: () => Promise<unknown> = () => sleep(500),
): Promise<DecisionResult> {
  for (let looks = 0; looks < waitSeconds * 2; looks++) {
    const item = await readInboxItem(caseKey, id)
    if (item?.decision?.id === eventId) {
      const next = choice === 'close-case' ? 'the case is closed' : 'the case goes on if it stood still for it'
      return { became: 'applied', text: `${id} is decided: ${choice}; ${next}. npx postonce trace ${caseKey}` }
    }
    if (item?.proposal?.id === eventId) {
      return { became: 'proposed', text: `${choice} is proposed. Another person has to decide the same for ${id}.` }
    }
    if (item?.refused?.id === eventId) {
      const { code, message } = item.refused
      return { became: 'refused', text: `Nothing was done, ${code}: ${message}. See: npx postonce inbox ${id}` }
    }
    await pause()
  }
  return {
    became: 'not known yet',
    text: `The decision is published, but not applied after ${waitSeconds} s. It will be, or becomes a dead letter; see: npx postonce inbox ${id}`,
  }
}
