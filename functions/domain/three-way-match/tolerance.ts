import Big from 'big.js'
import * as z from 'zod'
import { Reference } from '#domain/procurement-documents.ts'
import { NonNegativeDecimal } from '#domain/schema.ts'

/** A difference is within tolerance when it is within each of the limits that are given; without any, it must be none. */
export const Tolerance = z.strictObject({
  absolute: NonNegativeDecimal.optional(),
  percent: NonNegativeDecimal.optional(),
})
export type Tolerance = z.output<typeof Tolerance>

const rules = {
  /** Invoiced above received, and above ordered; absolute in the order line's unit. */
  quantity: Tolerance.default({}),
  /** Invoiced above the agreed price; absolute for one price quantity of the order line. */
  price: Tolerance.default({}),
  /** Freight, and charges less allowances, above what the order says. */
  freight: Tolerance.default({}),
  /** All price, freight and charge differences of one document together; without it the lines' own tolerances suffice. */
  total: Tolerance.optional(),
  /** A price below the agreed one: the buyer's luck, or a variance beyond the price tolerance. */
  buyersFavour: z.enum(['matched', 'price-variance']).default('matched'),
  /** A line whose goods are received in part only: a variance for a person, or a wait for the rest. */
  partlyReceived: z.enum(['quantity-variance', 'missing-receipt']).default('quantity-variance'),
}
const MatchRules = z.strictObject(rules)
export type MatchRules = z.output<typeof MatchRules>

const overrides = z.strictObject({
  quantity: Tolerance.optional(),
  price: Tolerance.optional(),
  freight: Tolerance.optional(),
  total: Tolerance.optional(),
  buyersFavour: rules.buyersFavour.unwrap().optional(),
  partlyReceived: rules.partlyReceived.unwrap().optional(),
})

/** The buyer's rules, and what is otherwise for single suppliers. */
export const TolerancePolicy = z.strictObject({
  ...rules,
  /** By the supplier's id; a rule that is given there replaces the general one as a whole. */
  bySupplier: z.record(Reference, overrides).default({}),
})
export type TolerancePolicy = z.output<typeof TolerancePolicy>

/** The rules that hold for one supplier. */
export function rulesFor(policy: TolerancePolicy, supplierId: string): MatchRules {
  const { bySupplier, ...general } = policy
  const own = Object.hasOwn(bySupplier, supplierId) ? bySupplier[supplierId] : undefined
  const given = Object.fromEntries(Object.entries(own ?? {}).filter(([, value]) => value !== undefined))
  return MatchRules.parse({ ...general, ...given })
}

/** How much above `expected` is still accepted; `unit` is what one of the absolute limit is worth there. */
export function allowedAbove(tolerance: Tolerance, expected: Big, unit: Big = new Big(1)): Big {
  const limits: Big[] = []
  if (tolerance.absolute !== undefined) limits.push(unit.times(tolerance.absolute))
  if (tolerance.percent !== undefined) limits.push(expected.abs().times(tolerance.percent).times('0.01'))
  return limits.reduce<Big | undefined>((least, limit) => (least?.lt(limit) ? least : limit), undefined) ?? new Big(0)
}

/** In words, for a finding: `0.05 and 2 %`. */
export function toleranceInWords(tolerance: Tolerance): string {
  const absolute = tolerance.absolute === undefined ? [] : [tolerance.absolute]
  const percent = tolerance.percent === undefined ? [] : [`${tolerance.percent} %`]
  return [...absolute, ...percent].join(' and ') || '0'
}
