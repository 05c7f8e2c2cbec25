import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import { type Letter, readLetter } from '#domain/dead-letter.ts'
import { queues } from './clients/queues.ts'

/** A dead letter that was received: until it is given back, nobody else sees it. */
export interface HeldLetter {
  readonly letter: Letter
  readonly messageId: string
  readonly receipt: string
  readonly sentAtMs: number
}

/** What became of looking through the queue. */
export interface LetterBox {
  readonly letters: readonly HeldLetter[]
  /** There were more than were looked at. */
  readonly hasMore: boolean
}

const receiversAtOnce = 8
/** Whoever dies while he holds letters hides them no longer than this. */
const visibilitySeconds = 60

/**
 * Receives the letters of the queue, each message once, and holds them. A receive looks at some of the queue's servers
 * only unless it waits, so each one waits a second, and an answer with nothing new ends its receiver.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
 */
export async function holdLetters(queueUrl: string, limit: number): Promise<LetterBox> {
  const held = new Map<string, HeldLetter>()
  const receiveAll = async () => {
    while (held.size < limit) {
      const { Messages = [] } = await queues.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 1,
          VisibilityTimeout: visibilitySeconds,
          MessageAttributeNames: ['ERROR_CODE', 'ERROR_MESSAGE'],
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      )
      const before = held.size
      for (const message of Messages) {
        const one = heldOf(message)
        held.set(one.messageId, one)
      }
      if (held.size === before) return
    }
  }
  await Promise.all(Array.from({ length: receiversAtOnce }, receiveAll))
  return { letters: [...held.values()], hasMore: held.size >= limit }
}

function heldOf({ Body = '', MessageId = '', ReceiptHandle = '', Attributes, MessageAttributes }: Message): HeldLetter {
  return {
    letter: readLetter(Body, MessageId, {
      code: MessageAttributes?.ERROR_CODE?.StringValue,
      message: MessageAttributes?.ERROR_MESSAGE?.StringValue,
    }),
    messageId: MessageId,
    receipt: ReceiptHandle,
    sentAtMs: Number(Attributes?.SentTimestamp ?? 0),
  }
}

/** Lets the queue, its alarm and everybody else see the letters again at once. */
export async function giveBackLetters(queueUrl: string, letters: readonly HeldLetter[]): Promise<void> {
  await inTens(letters, async (ten) => {
    const Entries = ten.map(({ receipt }, at) => ({ Id: `${at}`, ReceiptHandle: receipt, VisibilityTimeout: 0 }))
    // One that is not given back comes back by itself when its time is over.
    await queues.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }))
  })
}

/** @throws Error when one of them could not be deleted; it is seen again then */
export async function deleteLetters(queueUrl: string, letters: readonly HeldLetter[]): Promise<void> {
  await inTens(letters, async (ten) => {
    const Entries = ten.map(({ receipt }, at) => ({ Id: `${at}`, ReceiptHandle: receipt }))
    const { Failed = [] } = await queues.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }))
    const [first] = Failed
    if (first !== undefined) throw new Error(`SQS did not delete a dead letter: ${first.Code} ${first.Message}`)
  })
}

async function inTens<T>(items: readonly T[], work: (ten: readonly T[]) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += 10) await work(items.slice(at, at + 10))
}
