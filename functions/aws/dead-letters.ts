import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { signatureOf } from '#domain/failure-signature.ts'
import { queues } from './clients/queues.ts'
import { required } from './environment.ts'

/** Something that needs a person. */
export interface DeadLetter {
  /** The same dead letter sent again bears the same id. */
  readonly id: string
  readonly caseKey?: string | undefined
  readonly executionArn?: string | undefined
  /** The question of the inbox that asks for a decision on it. */
  readonly item?: string | undefined
  /** The state or function that it comes from, and the system that said no. */
  readonly stage: string
  readonly system?: string | undefined
  readonly class: string
  readonly code: string
  readonly owner: string
  readonly message: string
}

/** Sends a dead letter with the signature that groups what has the same cause; whoever is on call is alarmed by the queue's depth and age. */
export async function sendDeadLetter(letter: DeadLetter): Promise<void> {
  const signature = signatureOf(letter)
  await queues.send(
    new SendMessageCommand({
      QueueUrl: required('DEAD_LETTER_QUEUE_URL'),
      MessageBody: JSON.stringify({ ...letter, signature }),
      MessageAttributes: {
        signature: { DataType: 'String', StringValue: signature },
        class: { DataType: 'String', StringValue: letter.class },
      },
    }),
  )
}
