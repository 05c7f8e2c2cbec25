import { BusinessError, classify } from '#domain/errors.ts'
import { storeError } from '../execution-store.ts'
import { asHubError } from '../sdk-errors.ts'
import { count, logger } from '../telemetry.ts'
import type { StepInternal, StepMiddleware } from './step-request.ts'

/**
 * Outermost: one log line and one metric for each outcome. A classified error is stored on its execution before it is
 * thrown, under the name that the machine's Retry and Catch match.
 */
export function reportOutcome(stage: string): StepMiddleware {
  return {
    after: ({ internal }) => {
      count('StepSucceeded', { stage })
      logger.info(`${stage} succeeded`, { correlationId: correlationIdOf(internal.about), stage })
    },
    onError: async (request) => {
      const { internal } = request
      const failure = asHubError(request.error)
      request.error = failure
      const errorClass = classify(failure)
      logger.warn(`${stage} failed: ${failure.message}`, {
        correlationId: correlationIdOf(internal.about),
        stage,
        class: errorClass,
        code: failure instanceof BusinessError ? failure.code : failure.name,
        cause: failure.cause instanceof Error ? failure.cause.message : undefined,
      })
      if (errorClass === 'superseded') return
      count('StepFailed', { stage, class: errorClass })
      const { about } = internal
      if (about !== undefined) await store(about, stage, failure)
    },
  }
}

/** The error that is about to be thrown counts for more than that it could not be stored. */
async function store(about: NonNullable<StepInternal['about']>, stage: string, failure: Error): Promise<void> {
  try {
    await storeError(about.executionArn, about.redriveCount, stage, about.caseKey, failure)
  } catch (error) {
    logger.error(`The error of ${stage} could not be stored: ${String(error)}`, {
      correlationId: correlationIdOf(about),
    })
  }
}

function correlationIdOf(about: StepInternal['about']): string | undefined {
  return about?.caseKey ?? about?.executionArn
}
