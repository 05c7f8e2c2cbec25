import { setTimeout } from 'node:timers/promises'
import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { CommandError } from '../terminal/explain.ts'

const betweenTriesMs = 3000
/** A little more than 15 minutes, which a run of the clock may take. */
const longestWait = 320
/** For who only looks: half a minute. */
export const shortWait = 10

const Outputs = z.object({ ReconcilerName: z.string() })

/** What became of a repair. */
export const Repaired = z.object({ became: z.enum(['repaired', 'refused', 'changed']), text: z.string() })

/** What was, or would be, repaired by the hub itself. */
export const Applied = z.object({
  repaired: z.array(
    z.object({
      ...{ key: z.string(), class: z.string(), posting: z.string().optional(), repair: z.string().optional() },
      became: z.enum(['would be repaired', 'is under way', 'repaired', 'asked']),
      text: z.string().optional(),
    }),
  ),
})
export type Applied = z.output<typeof Applied>

/** What became of the files of the sources. */
export const SourceFiles = z.object({
  files: z.array(
    z.object({
      ...{ file: z.string(), became: z.enum(['compared', 'begun', 'refused', 'failed']) },
      ...{ documents: z.int().optional(), differences: z.int().optional(), text: z.string().optional() },
    }),
  ),
})
export type SourceFiles = z.output<typeof SourceFiles>

/** What a run says. */
export const Comparison = z.object({
  /** Otherwise it is to be gone on with, until the same moment. */
  isThrough: z.boolean(),
  untilMs: z.number(),
  documents: z.int(),
  gone: z.int(),
  totals: z.array(
    z.object({
      ...{ document: z.string(), onDay: z.string(), company: z.string(), currency: z.string() },
      hub: z.object({ count: z.int(), amount: z.string() }),
      erp: z.object({ count: z.int(), amount: z.string() }),
    }),
  ),
})
export type Comparison = z.output<typeof Comparison>

/**
 * Calls the function that compares the books, which alone knows the ERP, and waits for its answer.
 * @throws CommandError with the function's own error
 */
export async function invokeReconciler<Answer extends z.ZodType>(
  environment: string,
  asked: unknown,
  schema: Answer,
  mostTries = longestWait,
): Promise<z.output<Answer>> {
  // Loaded only here: no other command needs them.
  const { InvokeCommand, LambdaClient, TooManyRequestsException } = await import('@aws-sdk/client-lambda')
  const client = new LambdaClient({ requestHandler: { requestTimeout: 15 * 60_000 }, maxAttempts: 1 })
  const command = new InvokeCommand({ FunctionName: await nameOf(environment), Payload: JSON.stringify(asked) })
  const { FunctionError, Payload } = await whenFree(
    async () => await client.send(command),
    (error) => error instanceof TooManyRequestsException,
    { mostTries, pause: () => setTimeout(betweenTriesMs), say: (text) => process.stderr.write(`${text}\n`) },
  )
  const text = Payload === undefined ? '' : Buffer.from(Payload).toString('utf8')
  if (FunctionError !== undefined) throw new CommandError(failureOf(text))
  return parse(schema, JSON.parse(text), 'What the reconciliation says')
}

const Failed = z.object({ errorMessage: z.string() })

/** What a function that has failed says of it, without where in its code that was. */
export function failureOf(text: string): string {
  const failed = Failed.safeParse(jsonOf(text))
  return `ReconcileBooks ended with an error: ${failed.success ? failed.data.errorMessage : text.slice(0, 500)}`
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

interface Patience {
  readonly mostTries: number
  readonly pause: () => Promise<unknown>
  readonly say: (text: string) => void
}

/**
 * One at a time compares the books: the clock's run may be under way, and ends within Lambda's time. Whoever waits is told.
 * @throws CommandError when it is still under way at the end
 */
export async function whenFree<Answer>(
  invoke: () => Promise<Answer>,
  isBusy: (error: unknown) => boolean,
  { mostTries, pause, say }: Patience,
): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await invoke()
    } catch (cause) {
      if (!isBusy(cause)) throw cause
      if (tries === mostTries)
        throw new CommandError('ReconcileBooks is at work for somebody else; try again when it is through.', { cause })
      if (tries === 1) say('ReconcileBooks is at work for somebody else; waiting for it …')
      await pause()
    }
  }
}

async function nameOf(environment: string): Promise<string> {
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation')
  const { Stacks = [] } = await new CloudFormationClient({}).send(
    new DescribeStacksCommand({ StackName: 'PostonceHub' }),
  )
  const outputs = Stacks[0]?.Outputs ?? []
  const values = Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue]))
  return parse(Outputs, values, `The outputs of the stack PostonceHub (${environment})`).ReconcilerName
}
