import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import * as z from 'zod'
import { BusinessError, classify, OutcomeUnknownError } from '#domain/errors.ts'
import { partsOf } from '#domain/keys.ts'
import { parse } from '#domain/schema.ts'
import { type Ownership, reopenCase } from './case-store.ts'
import { clock } from './clock.ts'
import { required } from './environment.ts'
import { acquireErpSlot, type ErpSlot } from './erp-slot.ts'
import { storeError } from './execution-store.ts'
import { count, logger, tracer } from './telemetry.ts'

/** What the machine tells every step: which execution runs it, and for which case. */
export const Execution = z.object({ arn: z.string().min(1), redriveCount: z.int().nonnegative().default(0) })
export const CaseReference = z.object({ key: z.string().min(1), number: z.string(), epoch: z.int().positive() })

/** What a step works with. */
export interface StepContext {
  readonly owner: Ownership
  readonly system: string
  /** When the Lambda will be ended. */
  readonly endsAtMs: number
}

export interface StepDefinition<Input extends z.ZodRawShape, Output> {
  /** The state's name. */
  readonly name: string
  /** What the machine passes besides execution and case. */
  readonly input: Input
  /** Whether the step writes to the ERP, and so needs its slot. */
  readonly writesToErp: boolean
  readonly run: (input: z.output<z.ZodObject<Input>>, context: StepContext) => Promise<Output>
}

/** A Lambda handler as the runtime calls it. */
export type StepHandler = (payload: unknown, lambda: LambdaContext) => Promise<unknown>
export type LambdaContext = Pick<Context, 'getRemainingTimeInMillis' | 'awsRequestId' | 'functionName'>

/**
 * A step of a machine: parses its input, takes the ERP slot, runs, counts, logs, and names its error so that the
 * machine's Retry and Catch match it. The classified error is stored before it is thrown.
 */
export function defineStep<Input extends z.ZodRawShape, Output>(
  definition: StepDefinition<Input, Output>,
): StepHandler {
  const schema = z.object({ execution: Execution, case: CaseReference })
  const own = z.object(definition.input)
  return defineHandler(definition.name, async (payload, lambda) => {
    const base = parse(schema, payload, `The input of ${definition.name}`)
    const owner: Ownership = {
      caseKey: base.case.key,
      executionArn: base.execution.arn,
      epoch: base.case.epoch,
      redriveCount: base.execution.redriveCount,
    }
    return await reportingTo(owner.executionArn, owner.redriveCount, definition.name, owner.caseKey, async () => {
      const input = parse(own, payload, `The input of ${definition.name}`)
      await reopenCase(owner)
      const context = {
        owner,
        system: partsOf(owner.caseKey).system,
        endsAtMs: clock.nowMs() + lambda.getRemainingTimeInMillis(),
      }
      if (!definition.writesToErp) return await definition.run(input, context)
      return await withErpSlot(lambda.awsRequestId, () => definition.run(input, context))
    })
  })
}

/** The outermost layer of every handler: tracing and a clean log, by middy. */
export function defineHandler(name: string, run: StepHandler): StepHandler {
  const handler = middy<unknown, unknown, Error, Context>()
    .use({
      before: () => {
        tracer.annotateColdStart()
        tracer.addServiceNameAnnotation()
      },
    })
    .handler(async (payload, lambda) => await run(payload, lambda))
  return async (payload, lambda) => {
    const result: unknown = await Reflect.apply(handler, undefined, [payload, lambda])
    logger.debug(`${name} returned`)
    return result
  }
}

/** Runs one stage of a case; counts and logs how it ends, and stores the error of an execution before it is thrown. */
export async function reportingTo<Output>(
  executionArn: string,
  redriveCount: number,
  stage: string,
  document: string | undefined,
  run: () => Promise<Output>,
): Promise<Output> {
  try {
    const output = await run()
    count('StepSucceeded', { stage })
    logger.info(`${stage} succeeded`, { correlationId: document ?? executionArn, stage })
    return output
  } catch (error) {
    const errorClass = classify(error)
    const failure = error instanceof Error ? error : new Error(String(error))
    logger.warn(`${stage} failed: ${failure.message}`, {
      correlationId: document ?? executionArn,
      stage,
      class: errorClass,
      code: error instanceof BusinessError ? error.code : failure.name,
      cause: failure.cause instanceof Error ? failure.cause.message : undefined,
    })
    if (errorClass !== 'superseded') {
      count('StepFailed', { stage, class: errorClass })
      await storeError(executionArn, redriveCount, stage, document, failure)
    }
    throw error
  }
}

async function withErpSlot<Output>(holder: string, run: () => Promise<Output>): Promise<Output> {
  const slot: ErpSlot = await acquireErpSlot(required('ERP_ACCOUNT'), holder)
  let outcomeUnknown = false
  try {
    return await run()
  } catch (error) {
    outcomeUnknown = error instanceof OutcomeUnknownError
    throw error
  } finally {
    await slot.release(outcomeUnknown)
  }
}
