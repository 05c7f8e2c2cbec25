import type { Profile } from './erp/profiles.ts'
import type { Fault } from './faults.ts'
import { times } from './hub/settings.ts'
import type { Random } from './random.ts'
import type { Weather } from './storm.ts'
import type { TurnName } from './story/order.ts'

/** Calls at which a Lambda that goes on alone does the most harm, with what has to happen to an order that it passes them. */
export const sendingSpots: readonly Passed[] = [
  { point: 'CreateSalesOrder erp create-sales-order 1' },
  { point: 'CreateSalesOrder erp confirm-sales-order 1' },
  { point: 'PostGoodsIssue erp post-goods-issue 1' },
  { point: 'CreateCustomerInvoice erp create-customer-invoice 1' },
  { point: 'PostIncomingPayment erp post-payment 1' },
  { point: 'AllocatePayment erp allocate-payment 1' },
  { point: 'PostOutgoingPayment erp post-payment 1', turn: 'overpaid' },
  { point: 'CreateCreditNote erp create-credit-note 1', turn: 'returned' },
  { point: 'PostGoodsReturn erp post-goods-return 1', turn: 'returned' },
  { point: 'AmendSalesOrder erp claim-amendment 1', turn: 'changed' },
  { point: 'CancelSalesOrder erp cancel-sales-order 1', turn: 'cancelled' },
]

/** Writes of those who may not own the case any more when they come to it; the one that ends each branch most often. */
const owningSpots: readonly Passed[] = [
  { point: 'PickNextEvent dynamodb TransactWrite 1' },
  { point: 'PickNextEvent dynamodb TransactWrite 1' },
  { point: 'PickNextEvent dynamodb TransactWrite 1', turn: 'changed' },
  { point: 'PickNextEvent dynamodb TransactWrite 2', turn: 'refunded' },
  { point: 'PickNextEvent dynamodb TransactWrite 2', turn: 'refunded' },
  { point: 'PickNextEvent dynamodb Update 1', turn: 'paidLate' },
  { point: 'AwaitEvent dynamodb TransactWrite 1' },
  { point: 'AmendSalesOrder dynamodb TransactWrite 1', turn: 'changed' },
  { point: 'AmendSalesOrder dynamodb TransactWrite 2', turn: 'changed' },
  { point: 'CancelSalesOrder dynamodb TransactWrite 1', turn: 'cancelled' },
  { point: 'CloseSalesOrder dynamodb TransactWrite 1', turn: 'closed' },
  { point: 'AllocatePayment dynamodb TransactWrite 1' },
  { point: 'PostGoodsReturn dynamodb TransactWrite 1', turn: 'returned' },
  { point: 'PostOutgoingPayment dynamodb TransactWrite 1', turn: 'overpaid' },
  { point: 'CreateCreditNote dynamodb TransactWrite 1', turn: 'returned' },
]

type Passed = { readonly point: string; readonly turn?: TurnName }

/** Where something happens the first time that it is passed. */
export type Spot = Passed & {
  readonly fault: Fault
  /** How long after that the same input is started anew; where it is not, the order's last event comes just then. */
  readonly takeOver?: { readonly againMs: number; readonly isRedriven: boolean }
}

/** How long a take-over takes: accept, the pause before it asks again, accept. One that was told of the end takes over at once. */
const takeOverMs = 5_600
const toldTakeOverMs = 150

/**
 * `ghost`: a Lambda is frozen before a write, and thaws when another execution has the case, or when another event has
 * come. `edge`: a request arrives as late as it may, and somebody else looks just when it should have settled.
 */
export function drawSpot(random: Random, profile: Profile, weather: Weather): Spot | undefined {
  if (weather === 'ghost') {
    const passed = random.pick(owningSpots)
    if (random.chance(0.3)) return { ...passed, fault: { kind: 'frozen-before', forMs: random.integer(200, 3000) } }
    // It thaws just when the other one has begun, or long after that.
    const againMs = random.integer(200, 20_000)
    const begunMs = againMs + random.pick([toldTakeOverMs, takeOverMs])
    const forMs = begunMs + random.integer(0, random.pick([700, 1500, 40_000]))
    const takeOver = { againMs, isRedriven: random.chance(0.5) }
    return { ...passed, fault: { kind: 'frozen-before', forMs }, takeOver }
  }
  if (weather !== 'edge') return undefined
  return {
    ...random.pick(sendingSpots),
    fault: { kind: 'late-effect', isSilent: false, afterMs: profile.longestLateMs },
    takeOver: {
      againMs: times.settleSeconds * 1000 - takeOverMs + random.integer(-3000, 3000),
      isRedriven: false,
    },
  }
}
