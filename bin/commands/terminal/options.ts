import type * as z from 'zod'
import { violationsOf } from '#domain/schema.ts'
import { InputError } from './explain.ts'

/**
 * What was given with a command.
 * @throws InputError that names the first option that is not valid, its value and the rule
 */
export function readOptions<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const [violation] = violationsOf(schema, given)
  if (violation === undefined) return schema.parse(given)
  const { field, rule, was } = violation
  const option = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  throw new InputError(`--${option} ${rule} (was ${was})`)
}
