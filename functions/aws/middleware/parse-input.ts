import type * as z from 'zod'
import { parse } from '#domain/schema.ts'
import type { StepMiddleware } from './step-request.ts'

/**
 * The border: what comes in is read by a schema once, and trusted after that.
 * @throws PoisonMessageError naming field, value and rule
 */
export function parseInput(schema: z.ZodType, stage: string): StepMiddleware {
  return {
    before: (request) => {
      request.event = parse(schema, request.event, `The input of ${stage}`)
    },
  }
}
