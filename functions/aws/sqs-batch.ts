import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { count, logger } from './telemetry.ts'

const SqsBatch = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) })

/**
 * Handles each message of a batch by itself: those that fail are delivered again, the others are not.
 * The metric ItemFailed tells of each failure, since the function itself then ends well.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function eachMessage(
  name: string,
  payload: unknown,
  handle: (body: string, messageId: string) => Promise<void>,
) {
  const { Records } = parse(SqsBatch, payload, 'The batch')
  const failed: string[] = []
  for (const { messageId, body } of Records) {
    try {
      await handle(body, messageId)
    } catch (error) {
      failed.push(messageId)
      count('ItemFailed', { function: name })
      logger.error(`A message could not be handled; it is delivered again: ${String(error)}`)
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }
}
