import { applyDecision } from '#aws/apply-decision.ts'
import { defineHandler } from '#aws/define-step.ts'
import { eachEvent } from '#aws/sqs-batch.ts'
import { count, logger } from '#aws/telemetry.ts'
import { Decision } from '#domain/decision.ts'
import { type BusEvent, EventDetail } from '#domain/events.ts'
import { parse } from '#domain/schema.ts'

/**
 * Carries out what people have decided about the questions of the inbox. A decision that is refused is noted on its
 * question, which stays open; one about a question that nobody asked becomes a dead letter.
 */
export const handler = defineHandler('ApplyDecision', async (payload) => {
  return await eachEvent('ApplyDecision', payload, applyOne)
})

async function applyOne(event: BusEvent): Promise<void> {
  const { metadata, data } = parse(EventDetail, event.detail, `The detail of event ${event.id} of ${event.source}`)
  const decision = parse(Decision, data, `The decision in event ${metadata.id} of ${event.source}`)
  const outcome = await applyDecision(metadata.id, decision)
  const about = { correlationId: decision.case, item: decision.item, choice: decision.choice, by: decision.by }
  if (typeof outcome === 'string') {
    if (outcome !== 'duplicate') count('DecisionApplied', {})
    logger.info(`The decision ${metadata.id} is ${outcome}`, about)
  } else {
    count('DecisionRefused', {})
    logger.warn(`The decision ${metadata.id} was refused: ${outcome.code} ${outcome.message}`, about)
  }
}
