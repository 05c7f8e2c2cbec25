import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { isRecord } from './json.ts'
import type { Random } from './random.ts'
import { notKnown, SimulationError } from './simulation-error.ts'
import type { VirtualTime } from './virtual-time.ts'

export type Message = {
  readonly id: string
  readonly body: string
  readonly attributes: unknown
  readonly sentMs: number
  receiveCount: number
  visibleAtMs: number
}

export type Queue = {
  readonly name: string
  readonly url: string
  readonly arn: string
  /** What is neither handled nor moved, received or not. */
  messages(): readonly Message[]
  send(body: string, attributes?: unknown): Message
  /** Batches go to this Lambda from now on. */
  subscribe(subscription: Subscription): void
}

export type Subscription = {
  /** Resolves with what the handler returned; rejects, or never settles, where it failed. */
  invoke(event: { readonly Records: readonly Record<string, unknown>[] }): Promise<unknown>
  readonly batchSize?: number
  readonly reportBatchItemFailures?: boolean
}

export type QueueSettings = {
  readonly name: string
  readonly time: VirtualTime
  readonly random: Random
  readonly visibilityTimeoutMs?: number
  readonly maxReceiveCount?: number
  readonly deadLetter?: Queue
  /** How often a message is received twice at once, as a standard queue may. */
  readonly duplicateRate?: number
  readonly deliveryMs?: () => number
}

export function createQueue(settings: QueueSettings): Queue {
  const {
    name,
    time,
    random,
    visibilityTimeoutMs = 30_000,
    maxReceiveCount = Number.POSITIVE_INFINITY,
    deadLetter,
    duplicateRate = 0,
    deliveryMs = () => 0,
  } = settings
  const arn = `arn:aws:sqs:us-east-1:000000000000:${name}`
  const messages = new Map<string, Message>()
  let subscription: Subscription | undefined

  const wake = (delayMs: number) => {
    if (subscription !== undefined) time.after(delayMs, () => void receive())
  }

  const receive = async () => {
    if (subscription === undefined) return
    const { batchSize = 10 } = subscription
    const batch: Message[] = []
    for (const message of messages.values()) {
      if (message.visibleAtMs > time.nowMs() || batch.length === batchSize) continue
      if (message.receiveCount >= maxReceiveCount && deadLetter !== undefined) {
        messages.delete(message.id)
        deadLetter.send(message.body, message.attributes)
        continue
      }
      message.receiveCount += 1
      message.visibleAtMs = time.nowMs() + visibilityTimeoutMs
      batch.push(message)
    }
    if (batch.length === 0) return
    time.after(visibilityTimeoutMs, () => batch.some(({ id }) => messages.has(id)) && wake(deliveryMs()))
    const twice = random.chance(duplicateRate)
    if (twice) time.after(deliveryMs(), () => void handle(batch))
    await handle(batch)
  }

  const handle = async (batch: readonly Message[]) => {
    if (subscription === undefined) return
    const { invoke, reportBatchItemFailures = false } = subscription
    try {
      const response = await invoke({ Records: batch.map((message) => recordOf(message, arn)) })
      const failed = reportBatchItemFailures ? failedIds(response, batch) : new Set<string>()
      for (const { id } of batch) if (!failed.has(id)) messages.delete(id)
    } catch (error) {
      // The whole batch comes back when its visibility timeout is over.
      if (error instanceof SimulationError) time.fail(error)
    }
  }

  return {
    name,
    arn,
    url: `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`,
    messages: () => [...messages.values()],
    send: (body, attributes = {}) => {
      const message = {
        id: random.uuid(),
        body,
        attributes,
        sentMs: time.nowMs(),
        receiveCount: 0,
        visibleAtMs: time.nowMs(),
      }
      messages.set(message.id, message)
      wake(deliveryMs())
      return message
    },
    subscribe: (next) => {
      subscription = next
      if (messages.size > 0) wake(deliveryMs())
    },
  }
}

/** One request of the SQS client to any of these queues. */
export function requestOfQueues(queues: readonly Queue[], command: object): () => unknown {
  const $metadata = { httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 }
  const find = (url: string | undefined) => {
    const queue = queues.find((known) => known.url === url)
    if (queue === undefined) throw notKnown(`The queue ${url}`)
    return queue
  }
  if (command instanceof SendMessageCommand) {
    const { QueueUrl, MessageBody = '', MessageAttributes } = command.input
    const queue = find(QueueUrl)
    return () => ({ $metadata, MessageId: queue.send(MessageBody, MessageAttributes).id })
  }
  if (command instanceof SendMessageBatchCommand) {
    const { QueueUrl, Entries = [] } = command.input
    const queue = find(QueueUrl)
    return () => ({
      $metadata,
      Successful: Entries.map(({ Id, MessageBody = '', MessageAttributes }) => ({
        Id,
        MessageId: queue.send(MessageBody, MessageAttributes).id,
      })),
      Failed: [],
    })
  }
  throw notKnown(`SQS' ${command.constructor.name}`)
}

function recordOf(message: Message, eventSourceARN: string): Record<string, unknown> {
  return {
    messageId: message.id,
    receiptHandle: `${message.id}/${message.receiveCount}`,
    body: message.body,
    attributes: { ApproximateReceiveCount: String(message.receiveCount), SentTimestamp: String(message.sentMs) },
    messageAttributes: message.attributes,
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: 'us-east-1',
  }
}

/** A name that is not of the batch, or none, fails all of it, as AWS documents. */
function failedIds(response: unknown, batch: readonly Message[]): ReadonlySet<string> {
  if (response === null || response === undefined) return new Set()
  const failures = isRecord(response) ? (response.batchItemFailures ?? []) : undefined
  if (!Array.isArray(failures)) throw new Error('The batch response is invalid')
  const known = new Set(batch.map(({ id }) => id))
  const failed = failures.map((failure: unknown) => (isRecord(failure) ? failure.itemIdentifier : undefined))
  if (failed.some((id) => typeof id !== 'string' || !known.has(id))) throw new Error('The batch response is invalid')
  return new Set(failed.map(String))
}
