import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { queues } from './clients/queues.ts'
import { required } from './environment.ts'

/** Something that needs a person. The signature groups what has the same cause. */
export interface DeadLetter {
  /** The same dead letter sent again bears the same id. */
  readonly id: string
  readonly caseKey?: string | undefined
  readonly executionArn?: string | undefined
  /** State or stage, class and code: what a person mends once for all that share it. */
  readonly signature: string
  readonly class: string
  readonly code: string
  readonly owner: string
  readonly message: string
}

/** Sends a dead letter; whoever is on call is alarmed by the queue's depth and age. */
export async function sendDeadLetter(letter: DeadLetter): Promise<void> {
  await queues.send(
    new SendMessageCommand({
      QueueUrl: required('DEAD_LETTER_QUEUE_URL'),
      MessageBody: JSON.stringify(letter),
      MessageAttributes: {
        signature: { DataType: 'String', StringValue: letter.signature },
        class: { DataType: 'String', StringValue: letter.class },
      },
    }),
  )
}
