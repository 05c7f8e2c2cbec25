import type { Profile } from '../erp/profiles.ts'
import type { Fault } from '../faults.ts'
import { purchaseStep } from '../hub/definition.ts'
import type { Random } from '../random.ts'
import { justSettled, overtaken } from '../spots.ts'
import type { Weather } from '../storm.ts'
import type { PurchaseKind } from './purchase.ts'

/** The execution that makes a call is stopped, its input started anew, and perhaps it is redriven when the case is the other's. */
export type TakeOver = {
  readonly point: string
  readonly nth?: number
  readonly stopMs: number
  readonly againMs: number
  readonly redrivenMs?: number
}

/** A call that a purchase of this kind makes. */
type Passed = { readonly point: string; readonly kind: PurchaseKind }

/** Where something happens, and what else just then. */
export type PurchaseSpot = Passed & {
  readonly nth: number
  readonly fault: Fault
  readonly takeOver?: TakeOver
  /** What comes in the place of what went back comes just then. */
  readonly isMet?: true
  /** Goods that are on their way are put back as soon as something was told after that. */
  readonly isPutBack?: true
}

/** Calls at which a Lambda that goes on alone does the most harm. */
export const sendingSpots: readonly Passed[] = [
  at('CreatePurchaseOrder', 'erp create-purchase-order 1', 'plain'),
  at('CreatePurchaseOrder', 'erp confirm-purchase-order 1', 'plain'),
  at('PostGoodsReceipt', 'erp post-goods-receipt 1', 'plain'),
  at('PostSupplierInvoice', 'erp create-supplier-invoice 1', 'plain'),
  at('PostSupplierInvoice', 'erp post-supplier-invoice 1', 'plain'),
  at('PostSupplierPayment', 'erp pay-supplier 1', 'plain'),
  at('PostSupplierReturn', 'erp post-supplier-return 1', 'returned'),
  at('PostSupplierCreditNote', 'erp create-supplier-credit-note 1', 'returned'),
  at('AllocateSupplierCredit', 'erp pay-supplier 1', 'returned'),
  at('AmendPurchaseOrder', 'erp claim-purchase-amendment 1', 'changed'),
  at('CancelPurchaseOrder', 'erp cancel-purchase-order 1', 'cancelled'),
  at('ClosePurchaseOrder', 'erp close-purchase-order 1', 'short'),
]

/** Writes of those who may not own the case any more when they come to it. */
const owningSpots: readonly Passed[] = [
  at('PickNextEvent', 'dynamodb TransactWrite 1', 'plain'),
  at('PickNextEvent', 'dynamodb TransactWrite 1', 'plain'),
  at('PickNextEvent', 'dynamodb TransactWrite 1', 'changed'),
  at('PickNextEvent', 'dynamodb TransactWrite 1', 'declined'),
  at('PickNextEvent', 'dynamodb TransactWrite 1', 'returned'),
  at('PickNextEvent', 'dynamodb TransactWrite 1', 'exchanged'),
  at('PickNextEvent', 'dynamodb Update 1', 'plain'),
  at('AwaitEvent', 'dynamodb TransactWrite 1', 'plain'),
  at('MatchSupplierInvoice', 'dynamodb TransactWrite 2', 'plain'),
  at('MatchSupplierInvoice', 'dynamodb TransactWrite 2', 'in parts'),
  at('AmendPurchaseOrder', 'dynamodb TransactWrite 1', 'changed'),
  at('AmendPurchaseOrder', 'dynamodb TransactWrite 2', 'changed'),
  at('CancelPurchaseOrder', 'dynamodb TransactWrite 1', 'cancelled'),
  at('ClosePurchaseOrder', 'dynamodb TransactWrite 1', 'short'),
  at('PostGoodsReceipt', 'dynamodb TransactWrite 1', 'plain'),
  at('PostSupplierInvoice', 'dynamodb TransactWrite 1', 'plain'),
  at('PostSupplierPayment', 'dynamodb TransactWrite 1', 'plain'),
  at('PostSupplierReturn', 'dynamodb TransactWrite 1', 'returned'),
  at('AllocateSupplierCredit', 'dynamodb TransactWrite 1', 'returned'),
]

/** The write that ends the case follows on the one that ends its last branch. */
const ending = at('PickNextEvent', 'dynamodb TransactWrite 2', 'plain')
const endingBeforeAll = at('PickNextEvent', 'dynamodb TransactWrite 2', 'exchanged')

function at(step: string, call: string, kind: PurchaseKind): Passed {
  return { point: `${purchaseStep(step)} ${call}`, kind }
}

/** As for orders (spots.ts), at what a purchase passes. */
export function drawPurchaseSpot(random: Random, profile: Profile, weather: Weather): PurchaseSpot | undefined {
  if (weather === 'ghost') {
    const passed = random.pick(owningSpots)
    const nth = random.pick([1, 1, 2, 3, 4])
    if (random.chance(0.2))
      return { ...passed, nth, fault: { kind: 'frozen-before', forMs: random.integer(200, 3000) } }
    return takenOver(passed, nth, overtaken(random))
  }
  if (weather === 'rerun') {
    return random.pick([atItsEnd, atItsEnd, afterItsRefusal])(random)
  }
  return weather === 'edge' ? takenOver(random.pick(sendingSpots), 1, justSettled(random, profile)) : undefined
}

function takenOver(
  passed: Passed,
  nth: number,
  { fault, takeOver: { againMs, isRedriven } }: ReturnType<typeof overtaken>,
): PurchaseSpot {
  const redriven = isRedriven ? { redrivenMs: againMs + 15_000 } : {}
  return { ...passed, nth, fault, takeOver: { point: passed.point, nth, stopMs: 0, againMs, ...redriven } }
}

/** The run that is about to end the case is overtaken, or finds that something else has come. */
function atItsEnd(random: Random): PurchaseSpot {
  if (random.chance(0.5)) return takenOver(ending, 1, overtaken(random))
  return { ...endingBeforeAll, nth: 1, fault: { kind: 'frozen-before', forMs: random.integer(1, 2000) }, isMet: true }
}

/** A second run of the step begins when the refusal of the first one has been told, and its reason is gone. */
function afterItsRefusal(random: Random): PurchaseSpot {
  const [step, kind] = random.pick([
    ['CancelPurchaseOrder', 'cancelled while goods arrive'] as const,
    ['AmendPurchaseOrder', 'changed while goods arrive'] as const,
  ])
  const fault = { kind: 'twice', afterMs: random.integer(900, 4000) } as const
  return { point: `- lambda ${purchaseStep(step)} 1`, kind, nth: 1, fault, isPutBack: true }
}
