import { defineHandler } from '#aws/define-step.ts'
import { storePayload } from '#aws/payload-store.ts'
import { eachEvent } from '#aws/sqs-batch.ts'
import { startExecution } from '#aws/start-execution.ts'
import { count, logger } from '#aws/telemetry.ts'
import { PoisonMessageError } from '#domain/errors.ts'
import { startingEvents } from '#domain/events.ts'
import type { ProcessName } from '#domain/processes.ts'

/**
 * What an execution may begin with: the 256 KiB of Step Functions less what the machine adds for its first Task.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const maxInputBytes = 255 * 1024

/**
 * Starts the machine with each event that the bus could not start it with: a large one by a reference to its payload,
 * any other as it is. The accept table makes it safe to start one that came through after all.
 */
export const handler = defineHandler('StartUndelivered', async (payload) => {
  return await eachEvent('StartUndelivered', payload, async (event, text) => {
    const bytes = Buffer.byteLength(text)
    const process = processStartedBy(event['detail-type'])
    await startExecution(process, bytes > maxInputBytes ? await storePayload(text) : JSON.parse(text))
    count('UndeliveredStarted', {})
    logger.info(`Started with ${event['detail-type']} ${event.id} of ${event.source}, ${bytes} bytes`)
  })
})

function processStartedBy(detailType: string): ProcessName {
  if (!isStarting(detailType)) throw new PoisonMessageError(`detail-type "${detailType}" starts no process`)
  return startingEvents[detailType].process
}

function isStarting(name: string): name is keyof typeof startingEvents {
  return Object.hasOwn(startingEvents, name)
}
