import { DeleteRuleCommand, PutRuleCommand, PutTargetsCommand, RemoveTargetsCommand } from '@aws-sdk/client-eventbridge'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import * as z from 'zod'
import { events } from '#aws/clients/events.ts'
import { queues } from '#aws/clients/queues.ts'
import { hubEvents } from '#domain/events.ts'
import { caseKeyOf } from '#domain/keys.ts'
import { parse } from '#domain/schema.ts'
import { source } from './demo-order.ts'

const documents = ['sales-order', 'purchase-requisition'] as const

/** One of the hub's own events, as a subscriber sees it. */
const HubMessage = z.object({
  'detail-type': z.enum(hubEvents),
  detail: z.object({
    metadata: z.object({ id: z.string(), correlationId: z.string() }),
    data: z.looseObject({
      deliveryNote: z.string().optional(),
      payment: z.string().optional(),
      /** Of a supplier. */
      invoice: z.string().optional(),
      creditNote: z.string().optional(),
      return: z.string().optional(),
      /** Of the return or refund that a credit note is for. */
      number: z.string().optional(),
      as: z.enum(['completed', 'cancelled', 'closed']).optional(),
      code: z.string().optional(),
      message: z.string().optional(),
      document: z
        .looseObject({ id: z.string(), number: z.string().optional(), amount: z.string().optional() })
        .optional(),
    }),
  }),
})
export type HubMessage = z.output<typeof HubMessage>

/** What the hub says of the orders of one run. */
export interface Subscription {
  /** Waits up to some seconds; each message is handed out at least once. */
  receive(): Promise<readonly HubMessage[]>
  remove(): Promise<void>
}

/** Subscribes as any program would: a queue and a rule of its own on the hub's bus. */
export async function subscribe(bus: string, run: string): Promise<Subscription> {
  const name = `postonce-demo-${run}`
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: name }))
  const attributes = await queues.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))
  const arn = attributes.Attributes?.QueueArn ?? ''
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: arn },
    ],
  })
  await queues.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))
  const EventPattern = JSON.stringify({
    source: ['postonce'],
    detail: {
      metadata: { correlationId: documents.map((document) => ({ prefix: caseKeyOf(source, document, `${run}-`) })) },
    },
  })
  await events.send(new PutRuleCommand({ Name: name, EventBusName: bus, EventPattern }))
  await events.send(new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets: [{ Id: 'queue', Arn: arn }] }))
  return {
    receive: () => receive(QueueUrl ?? ''),
    remove: async () => {
      await events.send(new RemoveTargetsCommand({ Rule: name, EventBusName: bus, Ids: ['queue'] }))
      await events.send(new DeleteRuleCommand({ Name: name, EventBusName: bus }))
      await queues.send(new DeleteQueueCommand({ QueueUrl }))
    },
  }
}

async function receive(QueueUrl: string): Promise<readonly HubMessage[]> {
  const { Messages = [] } = await queues.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }),
  )
  const messages = Messages.map(({ Body = '' }) => parse(HubMessage, JSON.parse(Body), 'An event of the hub'))
  if (Messages.length > 0) {
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }))
    await queues.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
  }
  return messages
}
