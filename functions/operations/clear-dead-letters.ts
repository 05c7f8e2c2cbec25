import { clearDeadLetters } from '#aws/clear-dead-letters.ts'
import { clock } from '#aws/clock.ts'
import { defineHandler } from '#aws/define-step.ts'
import { required } from '#aws/environment.ts'
import { count, logger, measureSeconds } from '#aws/telemetry.ts'

/** Letters looked at in one run; SQS hands them out in no order, so that the others come in a later one. */
const limit = 5_000

/**
 * Takes away the dead letters whose cause was mended: their case has gone on, ended well, or is somebody else's. So the
 * alarm that somebody is needed ends by itself. Tells the age of the oldest letter that stands: SQS no longer counts a
 * message in its own age metric after it has been received three times.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export const handler = defineHandler('ClearDeadLetters', async () => {
  const { cleared, standing, unknown } = await clearDeadLetters(required('DEAD_LETTER_QUEUE_URL'), limit, 'postonce')
  for (const { held, why } of cleared) {
    count('DeadLetterCleared', {})
    logger.info(`Took a dead letter away: ${why}`, { correlationId: held.letter.caseKey ?? held.letter.id })
  }
  for (const { held, error } of unknown) {
    logger.error(`Nothing could be found out about a dead letter: ${String(error)}`, { correlationId: held.letter.id })
  }
  const nowMs = clock.nowMs()
  const left = [...standing, ...unknown.map(({ held }) => held)]
  const oldestMs = Math.min(nowMs, ...left.map(({ sentAtMs }) => sentAtMs))
  measureSeconds('DeadLetterAge', Math.round((nowMs - oldestMs) / 1000), {})
  // All others are done; whoever is told looks into the log.
  if (unknown.length > 0) throw new Error(`Nothing could be found out about ${unknown.length} dead letters`)
  return { cleared: cleared.length, left: left.length }
})
