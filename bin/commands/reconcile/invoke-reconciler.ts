import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { CommandError } from '../terminal/explain.ts'

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
): Promise<z.output<Answer>> {
  // Loaded only here: no other command needs them.
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda')
  const client = new LambdaClient({ requestHandler: { requestTimeout: 15 * 60_000 }, maxAttempts: 1 })
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName: await nameOf(environment), Payload: JSON.stringify(asked) }),
  )
  const text = Payload === undefined ? '' : Buffer.from(Payload).toString('utf8')
  if (FunctionError !== undefined) throw new CommandError(`The books could not be compared: ${text.slice(0, 500)}`)
  return parse(schema, JSON.parse(text), 'What the reconciliation says')
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
