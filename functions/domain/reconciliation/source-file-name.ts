import { PoisonMessageError } from '#domain/errors.ts'
import { IsoDate } from '#domain/schema.ts'

const dayMs = 86_400_000

/**
 * The days that a source's file is whole for, by its name: `2026-11-24/orders.csv` or `2026-11-01_2026-11-30/orders.jsonl`.
 * @throws PoisonMessageError that names the file and the rule
 */
export function daysOfSourceFile(name: string): { readonly sinceMs: number; readonly untilMs: number } {
  const [, from = '', to = from] = /^([\d-]{10})(?:_([\d-]{10}))?\/[^/]+\.(?:csv|jsonl)$/.exec(name) ?? []
  const isDay = (text: string) => IsoDate.safeParse(text).success
  if (!isDay(from) || !isDay(to) || from > to) {
    throw new PoisonMessageError(
      `The name of the file must be the day that it is whole for, or the first and the last, such as 2026-11-24/orders.csv or 2026-11-01_2026-11-30/orders.jsonl (was "${name}")`,
    )
  }
  return { sinceMs: Date.parse(from), untilMs: Date.parse(to) + dayMs }
}
