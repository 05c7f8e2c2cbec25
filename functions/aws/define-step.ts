import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import * as z from 'zod'
import { partsOf } from '#domain/keys.ts'
import { parse } from '#domain/schema.ts'
import type { Ownership } from './case-store.ts'
import { clock } from './clock.ts'
import { holdErpSlot } from './middleware/hold-erp-slot.ts'
import { CaseReference, Execution, ownCase } from './middleware/own-case.ts'
import { parseInput } from './middleware/parse-input.ts'
import { reportOutcome } from './middleware/report-outcome.ts'
import type { StepInternal, StepMiddleware } from './middleware/step-request.ts'
import { tracer } from './telemetry.ts'

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
export type Handler = (payload: unknown, context: Context) => Promise<unknown>

/**
 * A step of a machine. The order of what every step has: report the outcome ⊃ parse the input ⊃ own the case ⊃ hold
 * the ERP's slot ⊃ run.
 */
export function defineStep<Input extends z.ZodRawShape, Output>(definition: StepDefinition<Input, Output>): Handler {
  const { name, run, writesToErp } = definition
  const own = z.object(definition.input)
  const schema = z.object({ ...definition.input, execution: Execution, case: CaseReference })
  const middlewares = [parseInput(schema, name), ownCase(name), ...(writesToErp ? [holdErpSlot()] : [])]
  return compose(name, middlewares, async (payload, { internal }, context) => {
    const { owner } = internal
    if (owner === undefined) throw new Error(`${name} runs without an owner`)
    return await run(parse(own, payload, `The input of ${name}`), {
      owner,
      system: partsOf(owner.caseKey).system,
      endsAtMs: clock.nowMs() + context.getRemainingTimeInMillis(),
    })
  })
}

/** The first step of a machine, which has no case yet: its outcome is about the execution. */
export function defineAccept<Input extends z.ZodType>(
  name: string,
  input: Input,
  run: (input: z.output<Input>) => Promise<unknown>,
): Handler {
  const about: StepMiddleware = {
    before: ({ event, internal }) => {
      const { execution } = parse(z.object({ execution: Execution }), event, `The input of ${name}`)
      internal.about = { executionArn: execution.arn, redriveCount: execution.redriveCount }
    },
  }
  return compose(name, [about], async (payload) => await run(parse(input, payload, `The input of ${name}`)))
}

/** A Lambda that no machine calls: a queue or a schedule does. */
export function defineHandler(name: string, run: (payload: unknown) => Promise<unknown>): Handler {
  return compose(name, [], async (payload) => await run(payload))
}

function compose(
  name: string,
  middlewares: readonly StepMiddleware[],
  run: (payload: unknown, request: { readonly internal: StepInternal }, context: Context) => Promise<unknown>,
): Handler {
  return async (payload, context) => {
    const internal: StepInternal = {}
    const capture: StepMiddleware = {
      before: (request) => {
        request.internal = internal
      },
    }
    // Middy would end a Lambda shortly before its time with an error of its own, whose name no Retry knows.
    const handler = middy<unknown, unknown, Error, Context, StepInternal>({ timeoutEarlyInMillis: 0 })
      .use(captureLambdaHandler(tracer, { captureResponse: false }))
      .use([capture, reportOutcome(name), ...middlewares])
      .handler(async (event, lambda) => await run(event, { internal }, lambda))
    return await handler(payload, context)
  }
}
