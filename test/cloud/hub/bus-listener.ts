import { randomUUID } from 'node:crypto'
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import * as z from 'zod'
import { events } from '#aws/clients/events.ts'
import { queues } from '#aws/clients/queues.ts'
import { partsOf } from '#domain/keys.ts'
import type { LocalEnvironment } from '../../../bin/local/state.ts'

const HubEvent = z.object({
  'detail-type': z.string(),
  detail: z.object({
    metadata: z.object({ id: z.string(), correlationId: z.string(), occurredAt: z.string() }),
    data: z.looseObject({}),
  }),
})
export type HeardEvent = z.output<typeof HubEvent>

/** The number of the order or the purchase that it is about. */
export function numberOf({ detail }: HeardEvent): string {
  return partsOf(detail.metadata.correlationId).number
}

/** Hears what the hub says on the bus from now on, and waits for it without sleeping. */
export async function listenToBus(hub: Pick<LocalEnvironment, 'bus'>) {
  const name = `listener-${randomUUID().slice(0, 8)}`
  const { QueueUrl = '' } = await queues.send(new CreateQueueCommand({ QueueName: name }))
  const { Attributes } = await queues.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))
  const pattern = JSON.stringify({ source: ['postonce'] })
  await events.send(new PutRuleCommand({ Name: name, EventBusName: hub.bus, EventPattern: pattern }))
  await events.send(
    new PutTargetsCommand({ Rule: name, EventBusName: hub.bus, Targets: [{ Id: '1', Arn: Attributes?.QueueArn }] }),
  )
  const heard: HeardEvent[] = []

  const listen = async (): Promise<void> => {
    const { Messages = [] } = await queues.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }),
    )
    if (Messages.length === 0) return
    heard.push(...Messages.map(({ Body = '' }) => HubEvent.parse(JSON.parse(Body))))
    await queues.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    )
  }

  /** What was said about a case so far, by the number of its order or purchase. */
  const about = (number: string) => heard.filter((event) => numberOf(event) === number)

  return {
    /** Everything that was said so far, in the order in which it came. */
    heard,
    about,
    /** Hears what has been said since, up to ten statements; waits for a moment when there is nothing. */
    listen,
    /** Waits until the hub has said this about the order. */
    until: async (detailType: string, number: string, timeoutSeconds = 300): Promise<HeardEvent> => {
      const giveUpAtMs = Date.now() + timeoutSeconds * 1000
      for (let isLast = false; ; ) {
        const found = about(number).find((event) => event['detail-type'] === detailType)
        if (found !== undefined) return found
        if (isLast) {
          const said = about(number).map(({ 'detail-type': type, detail }) => `${type} ${JSON.stringify(detail.data)}`)
          throw new Error(
            `${detailType} of ${number} was not heard within ${timeoutSeconds} s; heard: ${said.join(', ')}`,
          )
        }
        isLast = Date.now() > giveUpAtMs
        await listen()
      }
    },
  }
}
