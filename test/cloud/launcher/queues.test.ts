import {
  CancelMessageMoveTaskCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Drill, startDrill } from './drill.ts'

let drill: Drill

beforeAll(async () => {
  drill = await startDrill()
})
afterAll(() => drill.stop())

/** A queue and its dead-letter queue, with so many messages that went there because nobody deleted them. */
async function createDeadLetters(count: number) {
  const deadLetters = await drill.createQueue()
  const source = await drill.createQueue({
    VisibilityTimeout: '0',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 1 }),
  })
  const Entries = Array.from({ length: count }, (_, index) => ({ Id: `m${index}`, MessageBody: `message ${index}` }))
  await drill.sqs.send(new SendMessageBatchCommand({ QueueUrl: source.url, Entries }))
  await drill.eventually(async () => {
    await drill.sqs.send(new ReceiveMessageCommand({ QueueUrl: source.url, MaxNumberOfMessages: 10 }))
    return (await depth(deadLetters.url)) === count ? true : undefined
  })
  return { source, deadLetters }
}

async function depth(QueueUrl: string): Promise<number> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] })
  return Number((await drill.sqs.send(command)).Attributes?.ApproximateNumberOfMessages)
}

async function latestTask(SourceArn: string) {
  return (await drill.sqs.send(new ListMessageMoveTasksCommand({ SourceArn }))).Results?.[0]
}

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
it('moves dead letters back to the queue they came from', async () => {
  const { source, deadLetters } = await createDeadLetters(3)
  await drill.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: deadLetters.arn }))
  const task = await drill.eventually(async () => {
    const latest = await latestTask(deadLetters.arn)
    return latest?.Status === 'COMPLETED' ? latest : undefined
  })
  expect(task).toMatchObject({ ApproximateNumberOfMessagesMoved: 3, ApproximateNumberOfMessagesToMove: 3 })
  expect(task.TaskHandle).toBeUndefined()
  await drill.eventually(async () => {
    const depths = [await depth(deadLetters.url), await depth(source.url)]
    return depths[0] === 0 && depths[1] === 3 ? true : undefined
  })
})

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CancelMessageMoveTask.html
it('moves to another queue at the rate that was asked for, one task at a time, until it is cancelled', async () => {
  const { deadLetters } = await createDeadLetters(5)
  const other = await drill.createQueue()
  const command = { SourceArn: deadLetters.arn, DestinationArn: other.arn, MaxNumberOfMessagesPerSecond: 2 }
  const { TaskHandle } = await drill.sqs.send(new StartMessageMoveTaskCommand(command))
  await expect(drill.sqs.send(new StartMessageMoveTaskCommand(command))).rejects.toThrow('already a task running')
  await drill.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }))
  await drill.eventually(async () => ((await latestTask(deadLetters.arn))?.Status === 'CANCELLED' ? true : undefined))
  await drill.eventually(async () => {
    const [left, moved] = [await depth(deadLetters.url), await depth(other.url)]
    return moved < 5 && left + moved === 5 ? true : undefined
  })
})

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html (non-SQS sources)
it('refuses a queue that is the dead-letter queue of no other queue, such as a rule target’s', async () => {
  const { arn } = await drill.createQueue()
  await expect(drill.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn }))).rejects.toThrow(
    'Source queue must be configured as a Dead Letter Queue.',
  )
})
