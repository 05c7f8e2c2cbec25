import type { Rounding } from './money.ts'

/** What the hub must know of a system that publishes events. */
export interface Source {
  readonly system: string
  /** How this source rounds a line's amount; its totals are checked under the same rule. */
  readonly rounding: Rounding
  /** Whether it rounds the tax of each line, or of all lines of a rate together. */
  readonly taxRounding: 'by line' | 'by rate'
}

/**
 * Sources with rules of their own. Northwind publishes no totals of its own, so it takes the rule of the ERP that
 * books it: Tryton rounds half to even. A source that is not listed rounds half up, and
 * the tax by rate, as shops do.
 */
const sources: readonly Source[] = [{ system: 'northwind', rounding: 'half-even', taxRounding: 'by rate' }]

/** The rules of a source, by the `source` of its events. */
export function sourceOf(system: string): Source {
  return sources.find((source) => source.system === system) ?? { system, rounding: 'half-up', taxRounding: 'by rate' }
}
