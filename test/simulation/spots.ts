import type { Profile } from './erp/profiles.ts'
import type { Fault } from './faults.ts'
import { times } from './hub/settings.ts'
import type { Random } from './random.ts'
import type { Weather } from './storm.ts'

/** Calls at which a Lambda that goes on alone does the most harm. */
export const sendingSpots = [
  'CreateSalesOrder erp create-sales-order 1',
  'CreateSalesOrder erp confirm-sales-order 1',
  'PostGoodsIssue erp post-goods-issue 1',
  'CreateCustomerInvoice erp create-customer-invoice 1',
  'PostIncomingPayment erp post-payment 1',
  'AllocatePayment erp allocate-payment 1',
  'PostOutgoingPayment erp post-payment 1',
  'CreateCreditNote erp create-credit-note 1',
  'PostGoodsReturn erp post-goods-return 1',
  'AmendSalesOrder erp claim-amendment 1',
  'CancelSalesOrder erp cancel-sales-order 1',
] as const

/** Writes of those who may not own the case any more when they come to it. */
const owningSpots = [
  'PickNextEvent dynamodb TransactWrite 1',
  'PickNextEvent dynamodb TransactWrite 2',
  'PickNextEvent dynamodb Update 1',
  'AwaitEvent dynamodb TransactWrite 1',
  'AmendSalesOrder dynamodb TransactWrite 1',
  'AmendSalesOrder dynamodb TransactWrite 2',
  'CancelSalesOrder dynamodb TransactWrite 1',
  'CloseSalesOrder dynamodb TransactWrite 1',
  'AllocatePayment dynamodb TransactWrite 1',
  'PostGoodsReturn dynamodb TransactWrite 1',
  'PostOutgoingPayment dynamodb TransactWrite 1',
  'CreateCreditNote dynamodb TransactWrite 1',
] as const

/** Where something happens the first time that it is passed, and how long after that the same input is started anew. */
export type Spot = {
  readonly point: string
  readonly fault: Fault
  readonly againMs: number
  readonly isRedriven: boolean
}

/** How long a take-over takes: accept, the pause before it asks again, accept. One that was told of the end takes over at once. */
const takeOverMs = 5_600
const toldTakeOverMs = 150

/**
 * `ghost`: a Lambda is frozen before a write, and thaws when another execution has the case. `edge`: a request arrives as
 * late as it may, and somebody else looks just when it should have settled.
 */
export function drawSpot(random: Random, profile: Profile, weather: Weather): Spot | undefined {
  if (weather === 'ghost') {
    // It thaws just when the other one has begun, or long after that.
    const againMs = random.integer(200, 20_000)
    const begunMs = againMs + random.pick([toldTakeOverMs, takeOverMs])
    const forMs = begunMs + random.integer(0, random.pick([1500, 40_000]))
    return {
      point: random.pick(owningSpots),
      isRedriven: random.chance(0.5),
      fault: { kind: 'frozen-before', forMs },
      againMs,
    }
  }
  if (weather !== 'edge') return undefined
  return {
    point: random.pick(sendingSpots),
    isRedriven: false,
    fault: { kind: 'late-effect', isSilent: false, afterMs: profile.longestLateMs },
    againMs: times.settleSeconds * 1000 - takeOverMs + random.integer(-3000, 3000),
  }
}
