import Big from 'big.js'
import { amountFacets, differing, type Pair, quantityFacets } from './compare.ts'
import { type Difference, type DifferenceClass, type Facet, repairsOf } from './difference.ts'
import type { Group } from './join.ts'
import { type BookRecord, type Side, sides } from './record.ts'

/** What a comparison takes for granted. */
export interface Scope {
  /** Sides whose feed is whole: what is not in it is not there. A side that is not named is not asked. */
  readonly sides: readonly Side[]
  /** What came into being after this may still be on its way. */
  readonly dueBeforeMs: number
}

/**
 * What can be said about one document: what the sides do not agree on, that they agree, or that it is too early to tell. The
 * last two are not the same for whoever has told a difference before.
 */
export type Verdict = Difference | 'agrees' | 'too-early'

/** What the sides do not agree on about one document; undefined when they agree, or when it is too early to tell. */
export function classify(group: Group, scope: Scope): Difference | undefined {
  const verdict = judge(group, scope)
  return typeof verdict === 'string' ? undefined : verdict
}

export function judge(group: Group, scope: Scope): Verdict {
  const pair = { source: chosen(group.source), hub: chosen(group.hub), erp: chosen(group.erp) }
  const twice = twiceFacets(group)
  if (twice.length > 0) return difference('duplicate', group, pair, twice)
  const absence = absenceOf(pair, scope)
  if (absence === 'agrees' || absence === 'too-early') return absence
  if (absence !== undefined) return difference(absence, group, pair, [standingFacet(pair, scope)])
  return contentDifference(group, pair, scope) ?? 'agrees'
}

/** Of a document that the hub and the ERP both have. */
function contentDifference(group: Group, pair: Pair, scope: Scope): Difference | undefined {
  const { source, hub, erp } = pair
  const counts = (record: BookRecord | undefined) => record && String(record.standing === 'in-effect')
  const standing = differing('status', { source: counts(source), hub: counts(hub), erp: counts(erp) })
  // What counts nowhere may be over anything.
  const isCounted = standing !== undefined || hub?.standing === 'in-effect'
  const quantities = isCounted ? quantityFacets(pair) : []
  const amounts = isCounted ? amountFacets(pair) : []
  const isMissing = source === undefined && scope.sides.includes('source') && hub?.standing !== 'ended'
  const facets = [
    ...(standing === undefined && !isMissing ? [] : [standingFacet(pair, scope)]),
    ...quantities,
    ...amounts,
  ]
  if (isMissing) return difference('missing-in-source', group, pair, facets)
  if (standing !== undefined) return difference('status', group, pair, facets)
  if (quantities.length > 0) return difference('quantity', group, pair, facets)
  return amounts.length > 0 ? difference('amount', group, pair, facets) : undefined
}

/** What follows from where a document is and where it is not; undefined: its content decides. */
function absenceOf(
  { source, hub, erp }: Pair,
  { dueBeforeMs }: Scope,
): DifferenceClass | 'agrees' | 'too-early' | undefined {
  const isDue = (record: BookRecord) => (record.sinceMs ?? 0) < dueBeforeMs
  if (hub === undefined) {
    if (erp !== undefined && erp.standing !== 'ended') return isDue(erp) ? 'extra' : 'too-early'
    if (source?.standing !== 'in-effect') return 'agrees'
    return isDue(source) ? 'missing-in-erp' : 'too-early'
  }
  if (hub.standing === 'under-way') return isDue(hub) ? 'late' : 'too-early'
  if (erp !== undefined) return undefined
  return hub.standing === 'in-effect' ? 'missing-in-erp' : 'agrees'
}

/** The record that counts, or else one that is to, or else any. */
function chosen(records: readonly BookRecord[]): BookRecord | undefined {
  const [first] = records
  if (records.length < 2) return first
  const of = (standing: BookRecord['standing']) => records.find((record) => record.standing === standing)
  return of('in-effect') ?? of('under-way') ?? first
}

function twiceFacets(group: Group): readonly Facet[] {
  return sides.flatMap((side) => {
    const records = group[side]
    if (records.length < 2) return []
    const counting = records.filter(({ standing }) => standing === 'in-effect')
    if (counting.length < 2) return []
    return [{ what: 'counts more than once', [side]: counting.map(nameOf).join(', ') }]
  })
}

function standingFacet({ source, hub, erp }: Pair, { sides: asked }: Scope): Facet {
  const said = (side: Side, record: BookRecord | undefined) =>
    asked.includes(side) ? (record?.standing ?? 'absent') : undefined
  return { what: 'status', source: said('source', source), hub: said('hub', hub), erp: said('erp', erp) }
}

const nameOf = ({ number, id, key }: BookRecord) => number ?? id ?? key

function difference(name: DifferenceClass, group: Group, pair: Pair, facets: readonly Facet[]): Difference {
  const { source, hub, erp } = pair
  const named = source ?? hub ?? erp
  if (named === undefined) throw new Error(`Nobody has ${group.key}`)
  const currency = hub?.currency ?? source?.currency ?? erp?.currency
  return {
    class: name,
    key: group.key,
    document: named.document,
    posting: hub?.posting ?? source?.posting ?? erp?.posting,
    onDay: named.onDay,
    company: named.company,
    currency,
    facets,
    amount: currency === undefined ? undefined : surplusOf(group, pair, currency),
    erpIds: group.erp.flatMap(({ id }) => (id === undefined ? [] : [id])),
    repairs: repairsOf[name],
  }
}

/** What counts in the ERP in this currency, less what should. */
function surplusOf(group: Group, { source, hub }: Pair, currency: string): string {
  const counted = (record: BookRecord | undefined) =>
    record?.standing === 'in-effect' && record.currency === currency ? (record.amount ?? '0') : '0'
  const should = source?.amount === undefined ? hub : source
  return group.erp
    .reduce((total, one) => total.plus(counted(one)), new Big(0))
    .minus(counted(should))
    .toFixed()
}
