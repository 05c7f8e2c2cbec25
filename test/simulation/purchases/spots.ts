import type { Profile } from '../erp/profiles.ts'
import type { Fault } from '../faults.ts'
import { purchaseStep } from '../hub/definition.ts'
import type { Random } from '../random.ts'
import { cutShort, heldUp, heldUpLong, justSettled, overtaken, repeatedMs, whenStopIsRecorded } from '../spots.ts'
import type { Weather } from '../storm.ts'
import type { PurchaseKind } from './purchase.ts'

/** The execution that makes a call is stopped, its input perhaps started anew, and perhaps it is redriven, when the case is the other's. */
export type TakeOver = {
  readonly point: string
  readonly nth?: number
  readonly stopMs: number
  readonly againMs?: number
  readonly redrivenMs?: number
}

/** A call that a purchase of this kind makes. */
type Passed = { readonly point: string; readonly kind: PurchaseKind }

/** Where something happens, and what else just then. */
export type PurchaseSpot = Passed & {
  readonly nth: number
  readonly fault: Fault
  readonly takeOver?: TakeOver
  /** What else is to come (acts.ts) comes just then. */
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
  // What is sent in doubt and repeated is refused.
  at('CancelPurchaseOrder', 'erp cancel-purchase-order 1', 'cancelled while goods arrive'),
  at('AmendPurchaseOrder', 'erp claim-purchase-amendment 1', 'changed while goods arrive'),
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

/**
 * Writes by which a run says that something is over, and from which to which such write: the end of the case (the second write
 * of a run, as the first ends the last branch), of a branch, of a version, which stand in the audit trail; of a wait; and that
 * it goes to sleep.
 */
const toldSpots: readonly (Passed & { readonly least?: number; readonly most: number })[] = [
  { ...at('PickNextEvent', 'dynamodb TransactWrite 2', 'plain'), most: 1 },
  { ...at('PickNextEvent', 'dynamodb TransactWrite 1', 'plain'), most: 3 },
  { ...at('PickNextEvent', 'dynamodb TransactWrite 1', 'changed'), least: 2, most: 2 },
]
const endingSpots: typeof toldSpots = [
  ...toldSpots,
  // Between the take-over and the other's own write there is the least time here.
  { ...at('PickNextEvent', 'dynamodb TransactWrite 2', 'plain'), most: 1 },
  { ...at('PickNextEvent', 'dynamodb Update 1', 'plain'), most: 1 },
  { ...at('AwaitEvent', 'dynamodb TransactWrite 1', 'plain'), most: 3 },
  { ...at('MatchSupplierInvoice', 'dynamodb TransactWrite 2', 'plain'), most: 1 },
]
const endingBeforeAll = at('PickNextEvent', 'dynamodb TransactWrite 2', 'exchanged')

function at(step: string, call: string, kind: PurchaseKind): Passed {
  return { point: `${purchaseStep(step)} ${call}`, kind }
}

const runsAgain = [
  ...[atItsEnd, atItsEnd, atItsEnd, meetingItsEnd, meetingItsEnd],
  ...[afterItsRedrive, afterItsRedrive, afterItsChange, afterItsRefusal, beforeItIsTold],
  ...[wokenByAnother, wokenByAnother, afterItsOwnEnd],
] as const

/** As for orders (spots.ts), at what a purchase passes. */
export function drawPurchaseSpot(random: Random, profile: Profile, weather: Weather): PurchaseSpot | undefined {
  if (weather === 'ghost') {
    if (random.chance(0.5)) return atItsEnd(random)
    const passed = random.pick(owningSpots)
    const nth = random.pick([1, 1, 2, 3, 4])
    if (random.chance(0.2))
      return { ...passed, nth, fault: { kind: 'frozen-before', forMs: random.integer(200, 3000) } }
    return takenOver(passed, nth, overtaken(random))
  }
  if (weather === 'rerun') {
    return random.pick(runsAgain)(random)
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

/** The run that is about to say that something is over is overtaken. */
function atItsEnd(random: Random): PurchaseSpot {
  const { least = 1, most, ...passed } = random.pick(endingSpots)
  return takenOver(passed, random.integer(least, most), overtaken(random))
}

/** Something else comes just when a run is about to end the case, or has ended it. */
function meetingItsEnd(random: Random): PurchaseSpot {
  return { ...endingBeforeAll, nth: 1, fault: heldUp(random), isMet: true }
}

/** The run that is about to say that something is over does so when its own execution was stopped and redriven. */
function afterItsRedrive(random: Random): PurchaseSpot {
  const { least = 1, most, ...passed } = random.pick(toldSpots)
  const nth = random.integer(least, most)
  const redrivenMs = random.integer(500, 3000)
  const fault = { kind: 'frozen-before', forMs: redrivenMs + random.integer(80, random.pick([250, 250, 700])) } as const
  return { ...passed, nth, fault, takeOver: { point: passed.point, nth, stopMs: 0, redrivenMs } }
}

/** Whoever has posted what no signal stands for dies before it can tell of it. */
function beforeItIsTold(random: Random): PurchaseSpot {
  return takenOver(at('PostSupplierPayment', 'dynamodb TransactWrite 2', 'plain'), 1, cutShort(random))
}

/** The run that is about to note a version thaws when its time-out has been repeated, and a newer version noted. */
function afterItsChange(random: Random): PurchaseSpot {
  return {
    ...at('PickNextEvent', 'dynamodb TransactWrite 1', 'changed twice'),
    nth: 2,
    fault: { kind: 'frozen-before', forMs: repeatedMs + random.integer(1_000, 40_000) },
    isMet: true,
  }
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

/** Whoever is about to wake a case is held up until another event has woken it, and it sleeps again. */
function wokenByAnother(random: Random): PurchaseSpot {
  const passed = at('AcceptPurchaseRequisition', 'states SendTaskSuccess 1', 'changed twice')
  return { ...passed, nth: 1, fault: heldUpLong(random), isMet: true }
}

/** A second run of accept begins when its execution was stopped after the first one, and that is recorded. */
function afterItsOwnEnd(random: Random): PurchaseSpot {
  const accept = purchaseStep('AcceptPurchaseRequisition')
  const takeOver = { point: `${accept} dynamodb TransactWrite 1`, stopMs: 0 }
  return { point: `- lambda ${accept} 1`, kind: 'plain', nth: 1, fault: whenStopIsRecorded(random), takeOver }
}
