import * as z from 'zod'
import { BusinessError, classify, type ErrorClass } from '#domain/errors.ts'
import { parse } from '#domain/schema.ts'
import { expiresAt } from './case-store.ts'
import { clock } from './clock.ts'
import { read, update } from './table.ts'

/** The error of a step, classified where it was thrown. */
export const StoredError = z.object({
  name: z.string(),
  class: z.enum(['retryable', 'in-doubt', 'business', 'poison', 'superseded', 'stopped', 'bug']),
  code: z.string(),
  message: z.string(),
  field: z.string().optional(),
  owner: z.string(),
  system: z.string().optional(),
  document: z.string().optional(),
  stage: z.string(),
  redriveCount: z.int(),
})
export type StoredError = z.output<typeof StoredError>

/** EXECUTION: which case an execution carries, the last error of a step, and which failures were recorded. */
export const ExecutionItem = z.object({
  caseKey: z.string().optional(),
  error: StoredError.optional(),
  /** Redrive counts whose failure was recorded. */
  recorded: z.set(z.number()).optional(),
})

const keyOf = (executionArn: string) => ({ pk: `EXECUTION#${executionArn}`, sk: 'EXECUTION' })

export async function readExecution(executionArn: string) {
  const item = await read(keyOf(executionArn))
  return item === undefined ? undefined : parse(ExecutionItem, item, `The execution ${executionArn}`)
}

/** Stores the classified error on the execution; whoever records the failure moves it to the case. */
export async function storeError(
  executionArn: string,
  redriveCount: number,
  stage: string,
  document: string | undefined,
  error: Error,
): Promise<void> {
  await update({
    key: keyOf(executionArn),
    update: 'SET #error = :error, expiresAt = :expires',
    names: { '#error': 'error' },
    values: {
      ':error': classifiedError(error, stage, redriveCount, document),
      ':expires': expiresAt(clock.nowMs()),
    },
  })
}

/** The stored form of an error. */
export function classifiedError(
  error: Error,
  stage: string,
  redriveCount: number,
  document: string | undefined,
): StoredError {
  const business = error instanceof BusinessError ? error : undefined
  const errorClass: ErrorClass = classify(error)
  const about: unknown = Reflect.get(error, 'document') ?? document
  const system: unknown = Reflect.get(error, 'system')
  return {
    name: error.name,
    class: errorClass,
    code: business?.code ?? error.name,
    message: error.message,
    field: business?.field,
    owner: business?.owner ?? 'integration',
    system: typeof system === 'string' ? system : undefined,
    document: typeof about === 'string' ? about : undefined,
    stage,
    redriveCount,
  }
}

/** Notes that the failure of this execution and redrive was recorded. */
export async function markRecorded(executionArn: string, redriveCount: number): Promise<void> {
  await update({
    key: keyOf(executionArn),
    update: 'SET recordedAt = :now, expiresAt = :expires ADD recorded :redrive',
    values: {
      ':now': clock.nowMs(),
      ':expires': expiresAt(clock.nowMs()),
      ':redrive': new Set([redriveCount]),
    },
  })
}
