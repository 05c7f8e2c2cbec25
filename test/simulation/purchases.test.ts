import { describe, expect, it } from 'vitest'
import { withoutErp } from '../../lib/await-erp.ts'
import { erpDownAt } from './erp-down.ts'
import { failEach } from './fail-each.ts'
import { faultAt, noFaults } from './faults.ts'
import { profiles } from './history.ts'
import { purchaseDefinition, purchaseStep } from './hub/definition.ts'
import { names } from './hub/settings.ts'
import { executionsWhilePaused } from './kit/outage-world.ts'
import { addReachedExits, exitsMissed } from './machine/coverage.ts'
import { readDefinition } from './machine/definition.ts'
import { kinds, type PurchaseKind } from './purchases/purchase.ts'
import { type PurchaseOptions, runPurchases } from './purchases/run-purchases.ts'

describe('purchases under faults, duplicates and people', () => {
  it.each(Object.values(profiles))('break no law with an ERP of profile $name', async (profile) => {
    for (let index = 0; index < 25; index++) {
      const seed = `ci-${index}`
      const { violations } = await runPurchases({ seed, profile })
      expect({ seed, violations }).toEqual({ seed, violations: [] })
    }
  })
})

describe('the books after a purchase', () => {
  it.each(kinds)('agree, of a purchase that is %s, document by document and in total', async (kind) => {
    const profile = profiles['natural-key']
    const { compared, books } = await runPurchases({
      ...{ seed: 'books', profile, kinds: [kind], plan: noFaults, isCalm: true, isCompared: true },
    })
    const { purchaseOrders, goodsReceipts, supplierReturns, supplierBills, supplierPayments } = books
    const documents = [purchaseOrders, goodsReceipts, supplierReturns, supplierBills, supplierPayments]
    expect(compared?.differences).toEqual([])
    // What was refused is no document of the ERP.
    expect(compared?.documents).toBeGreaterThanOrEqual(documents.reduce((sum, { length }) => sum + length, 0))
    for (const { hub, erp } of compared?.totals ?? []) expect(hub).toEqual(erp)
  })
})

/** What no history reaches, and why. */
const unreachable = {
  'RouteNextEvent default': 'every kind that PickNextEvent knows has a choice',
  'UnknownEvent failed': 'only the default leads there',
}

/** A purchase that passes each step, to take the case from the execution there. */
const passedBy: Readonly<Record<string, PurchaseKind>> = {
  PickNextEvent: 'plain',
  AwaitEvent: 'plain',
  CreatePurchaseOrder: 'plain',
  PostGoodsReceipt: 'plain',
  MatchSupplierInvoice: 'plain',
  PostSupplierInvoice: 'plain',
  PostSupplierPayment: 'plain',
  PostSupplierReturn: 'returned',
  PostSupplierCreditNote: 'returned',
  AllocateSupplierCredit: 'returned',
  AmendPurchaseOrder: 'changed',
  CancelPurchaseOrder: 'cancelled',
  ClosePurchaseOrder: 'short',
}

type Told = Pick<PurchaseOptions, 'kinds' | 'plan' | 'takeOver'> & { readonly title: string }

const histories: readonly Told[] = [
  ...kinds.flatMap((kind) => [
    { title: kind, kinds: [kind], plan: noFaults },
    { title: `${kind}, in which every step fails in every way`, kinds: [kind], plan: failEach() },
  ]),
  ...Object.entries(passedBy).map(([step, kind]) => {
    const point = `${purchaseStep(step)} dynamodb TransactWrite 1`
    const plan = faultAt(point, { kind: 'frozen-before', forMs: 30_000 })
    const takeOver = { point, stopMs: 0, againMs: 1, redrivenMs: 17_000 }
    return { title: `${step} loses its case and is redriven`, kinds: [kind], plan, takeOver }
  }),
  ...Object.entries(passedBy)
    .filter(([step]) => !withoutErp.test(step))
    .map(([step, kind]) => {
      const plan = erpDownAt(purchaseStep(step), 3)
      return { title: `${step} finds the ERP down`, kinds: [kind], plan }
    }),
  {
    title: 'CreatePurchaseOrder finds the ERP down for a working day',
    ...{ kinds: ['plain'], plan: erpDownAt(purchaseStep('CreatePurchaseOrder'), 250) },
  },
  {
    title: 'CreatePurchaseOrder finds the ERP down, and its case is taken over',
    ...{ kinds: ['plain'], plan: erpDownAt(purchaseStep('CreatePurchaseOrder'), 3, { freezes: true }) },
    takeOver: {
      ...{ point: `${purchaseStep('AwaitEvent')} dynamodb TransactWrite 1`, stopMs: 0, againMs: 1, redrivenMs: 17_000 },
    },
  },
]

describe('every way out of every state of a purchase', () => {
  it('is taken by some history, but for those that nothing reaches', async () => {
    const reached = new Set<string>()
    addReachedExits(reached, await executionsWhilePaused(names.purchaseMachine))
    for (const { title, ...options } of histories) {
      const profile = profiles['natural-key']
      const { executions, violations } = await runPurchases({ seed: 'exits', profile, isCalm: true, ...options })
      expect({ title, violations }).toEqual({ title, violations: [] })
      addReachedExits(reached, executions)
    }
    expect(exitsMissed(readDefinition(purchaseDefinition), reached)).toEqual(Object.keys(unreachable))
  })
})
