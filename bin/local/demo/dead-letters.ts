import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import * as z from 'zod'
import { queues } from '#aws/clients/queues.ts'
import type { DemoOrder } from './demo-order.ts'

/** A dead letter as far as the demo looks; events that no target took have another shape, and are not the demo's. */
const DeadLetter = z.object({
  caseKey: z.string().optional(),
  class: z.string(),
  code: z.string(),
  owner: z.string(),
  message: z.string(),
})
export type DeadLetter = z.output<typeof DeadLetter>

/** Looks at up to ten dead letters and leaves them where they are: whoever looks around later finds them, too. */
export async function peekDeadLetters(QueueUrl: string): Promise<readonly DeadLetter[]> {
  const { Messages = [] } = await queues.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2, VisibilityTimeout: 15 }),
  )
  return Messages.flatMap(({ Body = '' }) => {
    const letter = DeadLetter.safeParse(parseJson(Body))
    return letter.success ? [letter.data] : []
  })
}

/** Whether a dead letter is about this order; one that could not be understood has no case, but names the event. */
export function isAbout(letter: DeadLetter, { caseKey, number }: DemoOrder): boolean {
  if (letter.caseKey !== undefined) return letter.caseKey === caseKey || letter.caseKey.startsWith(`${caseKey}/`)
  return new RegExp(`${number}(?!\\d)`).test(letter.message)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
