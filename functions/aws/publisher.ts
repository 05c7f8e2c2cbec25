import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { RetryableError } from '#domain/errors.ts'
import type { HubEvent } from '#domain/events.ts'
import { events } from './clients/events.ts'
import { clock, isoOf } from './clock.ts'
import { environment } from './environment.ts'

/**
 * Publishes one of the hub's own events, from outside of a machine. Its id is deterministic: published at least once,
 * recognisable as one.
 * @throws RetryableError when the bus did not take it
 */
export async function publishHubEvent(
  detailType: HubEvent,
  event: { readonly id: string; readonly caseKey: string; readonly data: unknown },
): Promise<void> {
  const { FailedEntryCount, Entries } = await events.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: environment().BUS_NAME,
          Source: 'postonce',
          DetailType: detailType,
          Detail: JSON.stringify({
            metadata: {
              id: event.id,
              correlationId: event.caseKey,
              schemaVersion: '1',
              occurredAt: isoOf(clock.nowMs()),
            },
            data: event.data,
          }),
        },
      ],
    }),
  )
  if (FailedEntryCount) throw new RetryableError(`The bus did not take ${detailType}: ${Entries?.[0]?.ErrorMessage}`)
}
