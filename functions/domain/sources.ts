import type { Rounding } from './money.ts'

/** What the hub must know of a system that publishes events. */
export interface Source {
  readonly system: string
  /** How this source rounds a line's amount; its totals are checked under the same rule. */
  readonly rounding: Rounding
}

/**
 * Sources with rules of their own. Northwind publishes no totals of its own, so it takes the rule of the ERP that
 * books it: Tryton rounds half to even. A source that is not listed rounds half up, as shops do.
 */
const sources: readonly Source[] = [{ system: 'northwind', rounding: 'half-even' }]

/** The rules of a source, by the `source` of its events. */
export function sourceOf(system: string): Source {
  return sources.find((source) => source.system === system) ?? { system, rounding: 'half-up' }
}
