import Big from 'big.js'
import { expect, it } from 'vitest'
import { type Difference, type DifferenceClass, differenceClasses } from '#domain/reconciliation/difference.ts'
import { reconcile } from '#domain/reconciliation/reconcile.ts'
import { type BookRecord, byKey, sides } from '#domain/reconciliation/record.ts'
import { agreeing, type Document, dueBeforeMs, random, spoil } from './books.ts'

const count = 100_000
const differences = 200
const scope = { sides, dueBeforeMs }

it('finds 200 random differences of eight kinds among 100,000 documents, and no other, to the cent', async () => {
  const next = random(7)
  const documents = Array.from({ length: count }, (_, index) => agreeing(index, next))
  const spoilt = spoilSome(documents, next)
  const found = new Map<string, Difference>()
  const feed = (side: (typeof sides)[number]) => documents.flatMap((document) => document[side]).sort(byKey)
  const result = await reconcile({ source: feed('source'), hub: feed('hub'), erp: feed('erp') }, scope, (one) => {
    found.set(one.key, one)
  })

  const classes = (of: Iterable<readonly [string, DifferenceClass]>) =>
    [...of].sort(([one], [other]) => (one < other ? -1 : 1))
  expect(classes([...found].map(([key, one]) => [key, one.class] as const))).toEqual(classes(spoilt))
  expect(result.differences).toBe(differences)
  for (const side of sides) {
    const all = documents.flatMap((document) => document[side]).filter(({ standing }) => standing === 'in-effect')
    expect(result.totals.reduce((count, row) => count + row[side].count, 0)).toBe(all.length)
    for (const row of result.totals.filter(({ currency }) => currency !== '')) {
      expect(new Big(row[side].amount).toFixed(2)).toBe(centsOf(all, row))
    }
  }
  // What the totals differ by is what the differences say, no more and no less.
  const gap = result.totals
    .map(({ hub, erp }) => new Big(erp.amount).minus(hub.amount))
    .reduce((one, other) => one.plus(other))
  const said = [...found.values()].reduce((sum, one) => sum.plus(againstHub(one, documents)), new Big(0))
  expect(gap.toFixed(2)).toBe(said.toFixed(2))
})

function spoilSome(documents: Document[], next: () => number): ReadonlyMap<string, DifferenceClass> {
  const spoilt = new Map<string, DifferenceClass>()
  while (spoilt.size < differences) {
    const index = Math.floor(next() * documents.length)
    const document = documents[index]
    const key = document?.source[0]?.key
    const how = differenceClasses[spoilt.size % differenceClasses.length]
    if (document === undefined || key === undefined || how === undefined || spoilt.has(key)) continue
    const [erp] = document.erp
    if (how === 'amount' && erp?.amount === undefined) continue
    if (how === 'quantity' && erp?.lines === undefined) continue
    documents[index] = spoil(document, how, next)
    spoilt.set(key, how)
  }
  return spoilt
}

const sums = new Map<readonly BookRecord[], ReadonlyMap<string, bigint>>()

/** In whole cents, which the engine does not use. */
function centsOf(records: readonly BookRecord[], row: Pick<BookRecord, 'document' | 'onDay' | 'currency'>): string {
  const nameOf = (one: Pick<BookRecord, 'document' | 'onDay' | 'currency'>) =>
    `${one.document} ${one.onDay} ${one.currency}`
  const known = sums.get(records) ?? new Map<string, bigint>()
  if (known.size === 0) {
    const cells = new Map<string, bigint>()
    for (const one of records)
      cells.set(nameOf(one), (cells.get(nameOf(one)) ?? 0n) + BigInt((one.amount ?? '0').replace('.', '')))
    sums.set(records, cells)
  }
  return (Number(sums.get(records)?.get(nameOf(row)) ?? 0n) / 100).toFixed(2)
}

function againstHub({ key }: Difference, documents: readonly Document[]): Big {
  documentOf ??= new Map(
    documents.flatMap((one) => sides.flatMap((side) => one[side].map((record) => [record.key, one] as const))),
  )
  const { hub = [], erp = [] } = documentOf.get(key) ?? {}
  const sum = (records: readonly BookRecord[]) =>
    records
      .filter(({ standing }) => standing === 'in-effect')
      .reduce((total, one) => total.plus(one.amount ?? '0'), new Big(0))
  return sum(erp).minus(sum(hub))
}
let documentOf: Map<string, Document> | undefined
