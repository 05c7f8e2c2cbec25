import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import * as z from 'zod'
import { BusinessError } from '#domain/errors.ts'
import { type PostingName, partsOf, postingKeyOf } from '#domain/keys.ts'
import { parse } from '#domain/schema.ts'
import type { Ownership } from './case-store.ts'
import { clock } from './clock.ts'
import { withErpSlot } from './erp-budget/gate.ts'
import { forLongWait } from './erp-budget/long-wait.ts'
import { slotRequest } from './erp-budget/request.ts'
import { refuseWhileDown } from './erp-budget/slot.ts'
import { postingDayOf } from './erp-budget/standstill.ts'
import { Execution, ownCase } from './middleware/own-case.ts'
import { reportOutcome } from './middleware/report-outcome.ts'
import type { StepInternal, StepMiddleware } from './middleware/step-request.ts'
import type { MovedDay } from './posting-store.ts'

/** What a step works with. */
export interface StepContext {
  readonly owner: Ownership
  readonly system: string
  /** When the Lambda will be ended. */
  readonly endsAtMs: number
  /** The one posting that the step is for. */
  readonly posting: PostingName | undefined
  /** The day to which a document of that date is posted. @throws ErpBusyError while its period is closed */
  readonly postingDay: (date: string) => string
  /** What the calendar has made of that date, if it has moved it. */
  readonly movedDay: () => MovedDay | undefined
}

export interface StepDefinition<Input extends z.ZodRawShape, Output> {
  /** The state's name. */
  readonly name: string
  /** What the machine passes besides execution and case. */
  readonly input: Input
  /** The posting that it brings into the ERP, whose slot it then needs; a step without one writes nothing there. */
  readonly posts?: (input: z.output<z.ZodObject<Input>>, caseNumber: string) => PostingName
  /** Of which flow, where several bring such a document. */
  readonly flow?: (input: z.output<z.ZodObject<Input>>) => string
  /** Whether what it has decided brings something into the ERP: then a case that has waited for it is told to wait on. */
  readonly leadsToErp?: (output: Output) => boolean
  readonly run: (input: z.output<z.ZodObject<Input>>, context: StepContext) => Promise<Output>
}

/** A Lambda handler as the runtime calls it. */
export type Handler = (payload: unknown, context: Context) => Promise<unknown>

/**
 * A step of a machine. The order of what every step has: report the outcome ⊃ parse the input ⊃ own the case ⊃ hold
 * a slot of the ERP's budget ⊃ run.
 */
export function defineStep<Input extends z.ZodRawShape, Output>(definition: StepDefinition<Input, Output>): Handler {
  const { name, run, posts, flow, leadsToErp } = definition
  const schema = z.object(definition.input)
  const inputs = new WeakMap<StepInternal, z.output<typeof schema>>()
  const parseInput: StepMiddleware = {
    before: ({ event, internal }) => {
      inputs.set(internal, parse(schema, event, `The input of ${name}`))
    },
  }
  return compose(name, [parseInput, ownCase(name)], async (_payload, internal, context) => {
    const { owner } = internal
    const input = inputs.get(internal)
    if (owner === undefined || input === undefined) throw new Error(`${name} runs without an owner or an input`)
    const { system, number } = partsOf(owner.caseKey)
    const posting = posts?.(input, number)
    const endsAtMs = clock.nowMs() + context.getRemainingTimeInMillis()
    const step = { owner, system, endsAtMs, posting }
    try {
      const { askedSinceMs } = internal
      const holder = context.awsRequestId
      if (posting === undefined) {
        const output = await run(input, { ...step, postingDay: (date) => date, movedDay: () => undefined })
        if (askedSinceMs === undefined || !leadsToErp?.(output)) return output
        await refuseWhileDown(slotRequest({ holder, askedSinceMs, endsAtMs }))
        return output
      }
      const request = slotRequest({ holder, askedSinceMs, endsAtMs, posting, flow: flow?.(input) })
      let moved: MovedDay | undefined
      const postingDay = (date: string) => {
        const on = postingDayOf(date, request)
        moved = on === date ? undefined : { from: date, to: on }
        return on
      }
      return await withErpSlot(request, async () => await run(input, { ...step, postingDay, movedDay: () => moved }))
    } catch (error) {
      const told = forLongWait(error, internal.canSleep === true)
      throw posting === undefined ? told : aboutPosting(told, postingKeyOf(owner.caseKey, posting))
    }
  })
}

/** A refusal that names no document, or the case alone, is about the step's posting: whoever decides has to know which. */
function aboutPosting(error: unknown, key: string): unknown {
  if (!(error instanceof BusinessError) || error.document?.startsWith(key)) return error
  const { code, message, field, owner, system, cause } = error
  return new BusinessError({ code, message, field, owner }, { document: key, system, cause })
}

/** The first step of a machine, which has no case yet: its outcome is about the execution. */
export function defineAccept<Input extends z.ZodType>(
  name: string,
  input: Input,
  run: (input: z.output<Input>) => Promise<unknown>,
): Handler {
  const about: StepMiddleware = {
    before: ({ event, internal }) => {
      const { execution } = parse(Started, event, `The input of ${name}`)
      internal.about = { executionArn: execution.arn, redriveCount: execution.redriveCount }
    },
  }
  return compose(name, [about], async (payload) => await run(parse(input, payload, `The input of ${name}`)))
}

/** A Lambda that no machine calls: a queue or a schedule does. It is told when it will be ended. */
export function defineHandler(name: string, run: (payload: unknown, endsAtMs: number) => Promise<unknown>): Handler {
  return compose(
    name,
    [],
    async (payload, _internal, context) => await run(payload, clock.nowMs() + context.getRemainingTimeInMillis()),
  )
}

const Started = z.object({ execution: Execution })

/** Made once for all invocations; what the middlewares of one know of each other belongs to its context. */
function compose(
  name: string,
  middlewares: readonly StepMiddleware[],
  run: (payload: unknown, internal: StepInternal, context: Context) => Promise<unknown>,
): Handler {
  const internals = new WeakMap<Context, StepInternal>()
  const remember: StepMiddleware = {
    before: ({ context, internal }) => {
      internals.set(context, internal)
    },
  }
  // Middy would end a Lambda shortly before its time with an error of its own, whose name no Retry knows.
  const handler = middy<unknown, unknown, Error, Context, StepInternal>({ timeoutEarlyInMillis: 0 })
    .use([remember, reportOutcome(name), ...middlewares])
    .handler(async (event, context) => await run(event, internals.get(context) ?? {}, context))
  return async (payload, context) => await handler(payload, context)
}
