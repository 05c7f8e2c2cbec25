import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classify, judge } from '#domain/reconciliation/classify.ts'
import { differenceClasses } from '#domain/reconciliation/difference.ts'
import { join } from '#domain/reconciliation/join.ts'
import { mergeSorted } from '#domain/reconciliation/merge-sorted.ts'
import { reconcile } from '#domain/reconciliation/reconcile.ts'
import { type BookRecord, byKey, type Side, sides, standings } from '#domain/reconciliation/record.ts'

const dueBeforeMs = 1000
const scope = { sides, dueBeforeMs }
const record = (more: Partial<BookRecord> = {}): BookRecord => ({
  ...{ key: 'K', document: 'customer-invoice', onDay: '2026-11-24', company: 'Postonce', standing: 'in-effect' },
  ...{ amount: '10.00', currency: 'EUR', sinceMs: 0, ...more },
})
const group = (of: Partial<Record<Side, Partial<BookRecord> | undefined>>) => ({
  key: 'K',
  source: of.source ? [record(of.source)] : [],
  hub: of.hub ? [record(of.hub)] : [],
  erp: of.erp ? [record(of.erp)] : [],
})
const on = {}
const young = { sinceMs: 2000 }

describe('what one document comes to', () => {
  it.each([
    ['all agree', { source: on, hub: on, erp: on }, 'agrees'],
    ['nobody wants it any more', { source: { standing: 'ended' } }, 'agrees'],
    ['the source has told of it just now', { source: young }, 'too-early'],
    ['the hub is about to post it', { source: on, hub: { ...young, standing: 'under-way' } }, 'too-early'],
    ['the ERP has had it since just now', { erp: young }, 'too-early'],
  ] as const)('is not agreed on when it is too early to tell: %s', (_why, of, verdict) => {
    expect(judge(group(of), scope)).toBe(verdict)
  })

  it.each([
    ['all agree', { source: on, hub: on, erp: on }, undefined],
    ['the hub posted it, the ERP has lost it', { source: on, hub: on }, 'missing-in-erp'],
    ['the hub never heard of it', { source: on }, 'missing-in-erp'],
    ['the hub has not heard of it yet', { source: young }, undefined],
    ['only the ERP has it', { erp: on }, 'extra'],
    ['the ERP has it, but the hub has not noted it yet', { erp: young }, undefined],
    ['what is only in the ERP was taken back', { erp: { standing: 'ended' } }, undefined],
    ['the source has withdrawn it', { hub: on, erp: on }, 'missing-in-source'],
    ['the ERP has only a draft', { source: on, hub: on, erp: { standing: 'under-way' } }, 'status'],
    ['the ERP has taken it back', { source: on, hub: on, erp: { standing: 'ended' } }, 'status'],
    [
      'the hub has taken it back, the ERP has not',
      { source: { standing: 'ended' }, hub: { standing: 'ended' }, erp: on },
      'status',
    ],
    [
      'it is taken back everywhere, whatever it was over',
      { source: { standing: 'ended' }, hub: { standing: 'ended' }, erp: { standing: 'ended', amount: '3' } },
      undefined,
    ],
    ['a cent', { source: on, hub: on, erp: { amount: '10.01' } }, 'amount'],
    ['the same number written otherwise', { source: on, hub: on, erp: { amount: '10' } }, undefined],
    ['another currency', { source: on, hub: on, erp: { currency: 'USD' } }, 'amount'],
    [
      'a quantity, and the amount with it',
      {
        source: on,
        hub: { lines: [{ line: '1', quantity: '2' }] },
        erp: { lines: [{ line: '1', quantity: '3' }], amount: '15' },
      },
      'quantity',
    ],
    [
      'a line in two parts',
      {
        source: on,
        hub: { lines: [{ line: '1', quantity: '2' }] },
        erp: {
          lines: [
            { line: '1', quantity: '1.5' },
            { line: '1', quantity: '0.5' },
          ],
        },
      },
      undefined,
    ],
    ['it is on its way for too long', { source: on, hub: { standing: 'under-way' } }, 'late'],
    ['it is on its way', { source: on, hub: { standing: 'under-way', ...young } }, undefined],
  ] as const)('%s', (_, of, expected) => {
    expect(classify(group(of), scope)?.class).toBe(expected)
  })

  it('does not ask a side whose feed is not there', () => {
    expect(classify(group({ hub: on, erp: on }), { sides: ['hub', 'erp'], dueBeforeMs })).toBeUndefined()
  })

  it('says how much too much the ERP has, and what each side says', () => {
    const twice = {
      ...group({ source: on, hub: on }),
      erp: [record({ id: '1' }), record({ id: '2', amount: '12.50' })],
    }
    expect(classify(twice, scope)).toMatchObject({
      class: 'duplicate',
      amount: '12.5',
      erpIds: ['1', '2'],
      facets: [{ erp: '1, 2' }],
    })
    expect(classify(group({ source: on, hub: on, erp: { amount: '9.99' } }), scope)).toMatchObject({
      amount: '-0.01',
      facets: [{ what: 'amount', source: '10.00', hub: '10.00', erp: '9.99' }],
    })
  })
})

const anyRecord = fc.record({
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  standing: fc.constantFrom(...standings),
  amount: fc.constantFrom('1.00', '2.00', '2'),
  sinceMs: fc.constantFrom(0, 2000),
})
const anyFeed = fc.array(anyRecord, { maxLength: 12 }).map((some) => some.map(record).sort(byKey))
const anyFeeds = fc.record({ source: anyFeed, hub: anyFeed, erp: anyFeed })

describe('whatever the feeds hold', () => {
  it('is joined without losing a record, one difference a key at most, each of a class that is known', async () => {
    await fc.assert(
      fc.asyncProperty(anyFeeds, async (feeds) => {
        const keys: string[] = []
        const { records } = await reconcile(feeds, scope, (one) => {
          expect(differenceClasses).toContain(one.class)
          expect(one.repairs.length).toBeGreaterThan(0)
          keys.push(one.key)
        })
        expect(records).toEqual({ source: feeds.source.length, hub: feeds.hub.length, erp: feeds.erp.length })
        expect(new Set(keys).size).toBe(keys.length)
      }),
    )
  })

  it('agrees with itself: the same feed on all sides has no difference but what is there twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(anyRecord, { selector: ({ key }) => key }), async (some) => {
        const feed = some.map((one) => record({ ...one, sinceMs: 2000 })).sort(byKey)
        const { differences } = await reconcile({ source: feed, hub: feed, erp: feed }, scope, () => {})
        expect(differences).toBe(0)
      }),
    )
  })

  it('has totals of which each side adds up to all that counts there', async () => {
    await fc.assert(
      fc.asyncProperty(anyFeeds, async (feeds) => {
        const { totals } = await reconcile(feeds, scope, () => {})
        for (const side of sides) {
          const counting = feeds[side].filter(({ standing }) => standing === 'in-effect')
          expect(totals.reduce((count, row) => count + row[side].count, 0)).toBe(counting.length)
          expect(totals.reduce((sum, row) => sum + Number(row[side].amount), 0)).toBe(
            counting.reduce((sum, { amount }) => sum + Number(amount), 0),
          )
        }
      }),
    )
  })

  it('is refused when a feed is not in order', async () => {
    const feed = [record({ key: 'b' }), record({ key: 'a' })]
    await expect(all(join({ source: [], hub: feed, erp: [] }))).rejects.toThrow(
      'The feed of the hub is not in order: a comes after b',
    )
  })

  it('comes out in order of runs that each are', async () => {
    const run = async function* (records: readonly BookRecord[]) {
      yield* records
    }
    await fc.assert(
      fc.asyncProperty(fc.array(anyFeed, { maxLength: 5 }), async (runs) => {
        const merged = await all(mergeSorted(runs.map(run)))
        expect(merged.map(({ key }) => key)).toEqual(
          runs
            .flat()
            .map(({ key }) => key)
            .sort(),
        )
      }),
    )
  })
})

async function all<One>(many: AsyncIterable<One>): Promise<readonly One[]> {
  const ones: One[] = []
  for await (const one of many) ones.push(one)
  return ones
}
