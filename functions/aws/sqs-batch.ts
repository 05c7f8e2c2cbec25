import * as z from 'zod'
import { PoisonMessageError } from '#domain/errors.ts'
import { BusEvent } from '#domain/events.ts'
import { parse } from '#domain/schema.ts'
import { sendDeadLetter } from './dead-letters.ts'
import { count, countFailure, logger } from './telemetry.ts'

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

/**
 * Handles each event of a batch by itself. What cannot be understood becomes a dead letter; what fails otherwise is
 * delivered again.
 */
export async function eachEvent(
  name: string,
  payload: unknown,
  handle: (event: BusEvent, text: string) => Promise<void>,
) {
  return await eachMessage(name, payload, async (text, messageId) => {
    try {
      await handle(parse(BusEvent, JSON.parse(text), 'The event'), text)
    } catch (error) {
      if (!(error instanceof PoisonMessageError || error instanceof SyntaxError)) throw error
      countFailure('poison')
      await sendDeadLetter({
        id: messageId,
        caseKey: error instanceof PoisonMessageError ? error.document : undefined,
        stage: name,
        class: 'poison',
        code: 'PoisonMessageError',
        owner: 'integration',
        message: error.message,
      })
    }
  })
}
