import type * as z from 'zod'
import { parse } from './schema.ts'

/**
 * An event for a case that exists, which becomes a signal of it.
 * @param document what the case is of
 * @param numbersOf the case's number, and the event's own document number
 */
export function signalEvent<const Kind extends string, const Document extends string, T extends z.ZodType>(
  kind: Kind,
  document: Document,
  data: T,
  numbersOf: (data: z.output<T>) => readonly [of: string, number: string],
) {
  return {
    kind,
    document,
    data,
    /** @throws PoisonMessageError that names each field, its value and the rule it breaks */
    read: (value: unknown, what: string) => {
      const read = parse(data, value, what)
      const [of, number] = numbersOf(read)
      return { kind, of, number, data: read }
    },
  }
}
