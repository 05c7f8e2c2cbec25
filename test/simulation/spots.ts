import type { Profile } from './erp/profiles.ts'
import { type Fault, shortMs } from './faults.ts'
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
  /**
   * Which event comes just then: the last signal of the order, if nothing is said and nobody takes over. Where it is said, all
   * others come in their turn: the order, its changes, its signals.
   */
  readonly meets?: 'change' | 'nothing'
  /** A warehouse begins to pick when the step asks, and puts everything back soon after. */
  readonly isPicked?: true
  /** Nobody stops, redrives, replays or meddles with anything. */
  readonly isAlone?: boolean
  /** The execution is stopped then, or at another call; how long after that the same input is started anew. */
  readonly takeOver?: { readonly point?: string; readonly againMs?: number; readonly isRedriven: boolean }
}

/** How long a take-over takes: accept, the pause before it asks again, accept. One that was told of the end takes over at once. */
const takeOverMs = 5_300
const toldTakeOverMs = 100
/** How soon the hub has mostly heard that an execution was stopped. */
const toldWithinMs = 1_500

/**
 * `ghost`: a Lambda is frozen before a write, and thaws when another execution has the case, or when another event has
 * come. `edge`: a request arrives as late as it may, and somebody else looks just when it should have settled. `rerun`: one
 * run of a step comes to its write when everything that the other run made possible has happened.
 */
export function drawSpot(random: Random, profile: Profile, weather: Weather): Spot | undefined {
  if (weather === 'ghost') {
    if (random.chance(0.4)) return atItsEnd(random)
    const passed = random.pick(owningSpots)
    if (random.chance(0.3)) return { ...passed, fault: { kind: 'frozen-before', forMs: random.integer(200, 3000) } }
    return { ...passed, ...overtaken(random) }
  }
  if (weather === 'rerun') return random.pick(runsAgain)(random)
  if (weather !== 'edge') return undefined
  return { ...random.pick(sendingSpots), ...justSettled(random, profile) }
}

const runsAgain = [
  ...[atItsEnd, atItsEnd, atItsEnd, meetingItsEnd, meetingItsEnd],
  ...[afterItsChange, afterItsRefusal, afterItsRefusal, beforeItIsTold, wokenByAnother, afterItsOwnEnd],
] as const

type TakenOver = Pick<Spot, 'fault'> & {
  readonly takeOver: { readonly againMs: number; readonly isRedriven: boolean }
}

/** A request arrives as late as it may, when another execution is about to look whether it has. */
export function justSettled(random: Random, profile: Profile): TakenOver {
  return {
    fault: { kind: 'late-effect', isSilent: false, afterMs: profile.longestLateMs },
    takeOver: {
      againMs: times.settleSeconds * 1000 - random.integer(1000, 3000),
      isRedriven: false,
    },
  }
}

/** It thaws just when the other one has begun, or long after that. */
export function overtaken(random: Random): TakenOver {
  const againMs = random.integer(200, 20_000)
  const isTold = againMs > toldWithinMs ? random.chance(0.9) : random.chance(0.1)
  const begunMs = againMs + (isTold ? toldTakeOverMs : takeOverMs)
  const forMs = begunMs + random.integer(0, random.pick([300, 300, 1000, 1000, 40_000]))
  const takeOver = { againMs, isRedriven: random.chance(0.5) }
  return { fault: { kind: 'frozen-before', forMs }, takeOver }
}

/**
 * The run is overtaken that is about to end the case (the second write of that run, as the first ends the last branch), to note a
 * version, or that a deadline was told, or to sleep.
 */
function atItsEnd(random: Random): Spot {
  return { ...random.pick(endingSpots), ...overtaken(random) }
}

const endingSpots: readonly (Passed & Pick<Spot, 'meets'>)[] = [
  { point: 'PickNextEvent dynamodb TransactWrite 2', turn: 'plain' },
  { point: 'PickNextEvent dynamodb TransactWrite 1', turn: 'changed', meets: 'nothing' },
  { point: 'PickNextEvent dynamodb Update 1', turn: 'paidLate' },
  { point: 'AwaitEvent dynamodb TransactWrite 1', turn: 'plain' },
]

/** The last event comes just when a run is about to end the case, or has ended it and still says so. */
function meetingItsEnd(random: Random): Spot {
  return {
    point: 'PickNextEvent dynamodb TransactWrite 2',
    turn: 'refunded',
    fault: heldUp(random),
    isAlone: random.chance(0.8),
  }
}

/** For less time than an event needs to be recorded, about as long, or for more. */
export function heldUp(random: Random): Fault {
  const forMs = random.chance(0.7) ? random.integer(1, random.pick([150, 400])) : random.integer(1500, shortMs)
  return { kind: 'frozen-before', forMs }
}

/** Whoever has posted what no signal stands for dies before it can tell of it. */
function beforeItIsTold(random: Random): Spot {
  return { point: 'PostOutgoingPayment dynamodb TransactWrite 2', turn: 'overpaid', ...cutShort(random) }
}

/** The call is made, and nothing after it; another execution goes on from there. */
export function cutShort(random: Random): TakenOver {
  return { fault: { kind: 'crash-after' }, takeOver: { againMs: random.integer(200, 20_000), isRedriven: false } }
}

/** How long it takes until a step that timed out has been repeated. */
export const repeatedMs = (times.lambdaTimeoutSeconds + times.leaseSeconds + 2 * times.skewSeconds) * 1000

/** The run that is about to note a version thaws when its time-out has been repeated, and a newer version noted. */
function afterItsChange(random: Random): Spot {
  return {
    point: 'PickNextEvent dynamodb TransactWrite 1',
    turn: 'changedTwice',
    meets: 'change',
    fault: { kind: 'frozen-before', forMs: repeatedMs + random.integer(1_000, 40_000) },
  }
}

/** A second run of the step begins when the refusal of the first one has been told, and its reason is gone. */
function afterItsRefusal(random: Random): Spot {
  const [step, turn] = random.pick([
    ['CancelSalesOrder', 'cancelled'] as const,
    ['AmendSalesOrder', 'changed'] as const,
    ['AmendSalesOrder', 'changed'] as const,
  ])
  const fault = { kind: 'twice', afterMs: random.integer(900, 4000) } as const
  return { point: `- lambda ${step} 1`, turn, meets: 'nothing', isPicked: true, fault }
}

/** A second run of accept begins when its execution was stopped after the first one, and that is recorded. */
function afterItsOwnEnd(random: Random): Spot {
  return {
    point: '- lambda AcceptSalesOrder 1',
    fault: whenStopIsRecorded(random),
    takeOver: { point: 'AcceptSalesOrder dynamodb TransactWrite 1', isRedriven: false },
  }
}

export function whenStopIsRecorded(random: Random): Fault {
  return { kind: 'twice', afterMs: random.integer(1000, 4000) }
}

/** Whoever is about to wake a case is held up until another event has woken it, and it sleeps again. */
function wokenByAnother(random: Random): Spot {
  return {
    point: 'AcceptSalesOrder states SendTaskSuccess 1',
    turn: 'changedTwice',
    meets: 'change',
    fault: heldUpLong(random),
  }
}

/** Long enough for a whole branch of somebody else. */
export function heldUpLong(random: Random): Fault {
  return { kind: 'frozen-before', forMs: random.integer(1500, 8000) }
}
