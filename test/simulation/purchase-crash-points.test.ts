import { describe, expect, it } from 'vitest'
import { lambdasOf, readMachine } from '../../lib/state-machine.ts'
import type { Profile } from './erp/profiles.ts'
import { type Fault, faultAt, noFaults } from './faults.ts'
import { profiles } from './history.ts'
import { purchaseStep } from './hub/definition.ts'
import type { PurchaseKind } from './purchases/purchase.ts'
import { runPurchases } from './purchases/run-purchases.ts'

const faults: readonly Fault[] = [
  { kind: 'crash-before' },
  { kind: 'crash-after' },
  { kind: 'answer-lost', isSilent: false, times: 3 },
]
/** A stamp in doubt, and a look-up that waits. */
const hardest = [profiles['if-unchanged'], profiles['look-up']] as const

/** Purchases that together pass every branch; each call is tried in the first that makes it, so the shortest go first. */
const ends = [
  ['cancelled', 'cancelled'],
  ['declined', 'cancelled'],
  ['withdrawn', 'cancelled'],
  ['changed', 'completed'],
  ['short', 'closed'],
  ['plain', 'completed'],
  ['in parts', 'completed'],
  ['replaced', 'completed'],
  ['accepted', 'completed'],
  ['disputed', 'completed'],
  ['returned', 'completed'],
  ['changed too late', 'completed'],
  ['cancelled too late', 'closed'],
  ['changed while goods arrive', 'completed'],
  ['cancelled while goods arrive', 'completed'],
] as const satisfies readonly (readonly [PurchaseKind, string])[]

interface Tried {
  readonly kind: PurchaseKind
  readonly profile: Profile
  readonly outcome: string | undefined
  /** The calls that no purchase before it makes; what never speaks to the ERP is tried with one profile. */
  readonly points: readonly string[]
}

const deciding = new Set(['ApplyDecision', purchaseStep('MatchSupplierInvoice')])
const calm = { seed: 'crash', isCalm: true } as const
const tried: Tried[] = []
const seen = new Set<string>()
for (const profile of hardest) {
  const before = new Set<string>()
  for (const [kind] of ends) {
    const { points, outcomes, violations } = await runPurchases({ ...calm, profile, kinds: [kind], plan: noFaults })
    if (violations.length > 0) throw new Error(`${kind}: ${JSON.stringify(violations)}`)
    const asking = [...points].filter((point) => point.includes(' erp ')).map(functionOf)
    const isOther = (point: string) => seen.size === 0 && decidesOtherwise(kind) && deciding.has(functionOf(point))
    const isNew = (point: string) =>
      isOther(point) || (!before.has(point) && (!seen.has(point) || asking.includes(functionOf(point))))
    tried.push({ kind, profile, outcome: outcomes[0], points: [...points].filter(isNew).sort() })
    for (const point of points) before.add(point)
  }
  for (const point of before) seen.add(point)
}

/** The calls of an approval are those of a decision on a variance, too, and what is at stake is not. */
function decidesOtherwise(kind: PurchaseKind): boolean {
  return kind === 'accepted' || kind === 'disputed'
}

function functionOf(point: string): string {
  return point.slice(0, point.indexOf(' '))
}

it('tries every call of the machine of purchases, of each step and of those beside it', () => {
  expect(tried.map(({ kind, outcome }) => [kind, outcome])).toEqual([...ends, ...ends])
  expect(seen.size).toBeGreaterThan(250)
  const steps = lambdasOf(readMachine('procure-to-pay')).map(purchaseStep)
  for (const step of steps)
    expect([...seen]).toContainEqual(expect.stringMatching(`^${step} dynamodb TransactWrite 1$`))
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'procure-to-pay/PostGoodsReceipt erp post-goods-receipt 1',
      'procure-to-pay/PostSupplierReturn erp post-supplier-return 1',
      'procure-to-pay/PostSupplierInvoice erp post-supplier-invoice 1',
      'procure-to-pay/PostSupplierCreditNote erp post-supplier-credit-note 1',
      'procure-to-pay/AmendPurchaseOrder erp withdraw-purchase-order 1',
      'procure-to-pay/CancelPurchaseOrder erp cancel-purchase-order 1',
      'procure-to-pay/ClosePurchaseOrder erp close-purchase-order 1',
      'procure-to-pay/PostSupplierPayment erp pay-supplier 1',
      'procure-to-pay/AllocateSupplierCredit erp pay-supplier 1',
      'procure-to-pay/MatchSupplierInvoice dynamodb TransactWrite 2',
      'ApplyDecision dynamodb TransactWrite 1',
      'RecordSignal dynamodb TransactWrite 1',
    ]),
  )
})

describe.each(tried.filter(({ points }) => points.length > 0))(
  'a purchase: $kind, with an ERP of profile $profile.name',
  ({ kind, profile, outcome, points }) => {
    it.each(points)('survives that the Lambda dies before or after, or the answer is lost, at %s', async (point) => {
      for (const fault of faults) {
        const history = await runPurchases({ ...calm, profile, kinds: [kind], plan: faultAt(point, fault) })
        const { violations, outcomes, faults: met } = history
        const survived = { fault, met: 1, violations: [], outcomes: [outcome] }
        expect({ fault, met: met.length, violations, outcomes }).toEqual(survived)
      }
    })
  },
)
