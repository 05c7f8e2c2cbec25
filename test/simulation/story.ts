import type { Profile } from './erp/profiles.ts'
import { times } from './hub/settings.ts'
import type { Random } from './random.ts'
import { type Spot, sendingSpots } from './spots.ts'
import type { Weather } from './storm.ts'
import { contradictionsOf, type Entry, signalsOf, submission } from './story/entries.ts'
import { drawOrder, type Order } from './story/order.ts'

/** What happens to the hub from outside, drawn from the seed: events, and what people and archives do at any moment. */
export type Story = { readonly orders: readonly Order[]; readonly plays: readonly Play[] }

/**
 * At its moment, or soon after the first such call after it, so that what must not come between comes between. An event
 * comes in any case, when everything else is over if that call never is.
 */
export type Play = {
  readonly atMs: number
  readonly afterCall?: { readonly point: string; readonly delayMs: number }
} & (
  | { readonly kind: 'publish'; readonly entry: Entry; readonly order: string }
  | { readonly kind: 'replay' }
  | { readonly kind: 'new-execution'; readonly order: string }
  | { readonly kind: 'stop' | 'redrive'; readonly which: number }
  | { readonly kind: 'touch' | 'undo-confirm' | 'begin-picking' | 'end-picking'; readonly order: string }
)

export function drawStory(random: Random, profile: Profile, weather: Weather, spot: Spot | undefined): Story {
  const paceMs = random.pick([5_000, 60_000, 900_000])
  const orders = Array.from({ length: random.chance(0.08) ? 2 : 1 }, (_, i) => drawOrder(random, i + 1, spot?.turn))
  const plays = orders.flatMap((order) => [
    ...eventsOf(random, order, paceMs, spot),
    ...meddling(random, order, paceMs, profile, weather, spot),
    ...(spot?.takeOver === undefined ? [] : takeOverAt(order.number, spot.takeOver.point ?? spot.point, spot.takeOver)),
  ])
  return { orders, plays: plays.sort((one, other) => one.atMs - other.atMs) }
}

function eventsOf(random: Random, order: Order, paceMs: number, spot: Spot | undefined): Play[] {
  const entries = [submission(order), ...signalsOf(order)]
  const newest = order.changes.at(-1)?.version
  const isInTurn = spot?.meets !== undefined
  const changes = order.changes.map(({ version }): Play => {
    const atMs = random.integer(0, paceMs) + (isInTurn ? paceMs : 0)
    const publish = { atMs, kind: 'publish', order: order.number, entry: submission(order, version) } as const
    if (spot?.meets === 'change' && version === newest)
      return { ...publish, atMs: 0, afterCall: { point: spot.point, delayMs: 0 } }
    return { ...publish, ...(!isInTurn && random.chance(0.5) && tight(random)) }
  })
  const isMet = spot !== undefined && spot.takeOver === undefined && !spot.meets && order.contradictions.length === 0
  const atSpot = isMet ? entries.at(-1) : undefined
  const first = entries.flatMap((entry): Play[] => {
    const copies = random.chance(0.1) ? 2 : 1
    const lateMs = order.isPaidLate && entry.detailType === 'PaymentReceived' ? overdueMs : 0
    const laterMs = lateMs + (isInTurn && entry !== entries[0] ? 2 * paceMs + repeatedMs : 0)
    return Array.from({ length: copies }, () => ({
      atMs: laterMs + random.integer(0, paceMs),
      kind: 'publish' as const,
      entry,
      order: order.number,
      ...(entry !== entries[0] && order.contradictions.length === 0 && random.chance(0.1) && tight(random)),
      ...(entry === atSpot && { afterCall: { point: spot?.point ?? '', delayMs: 0 } }),
    }))
  })
  const contradictions = contradictionsOf(order).map((entry): Play => {
    const latest = Math.max(...first.map(({ atMs }) => atMs))
    return { atMs: latest + hoursMs, kind: 'publish', entry, order: order.number }
  })
  return [...first, ...changes, ...contradictions]
}

/** When a step that timed out has been repeated: goods that leave before that end all changes. */
const repeatedMs = 300_000
/** When every event from before has been recorded, however often its delivery failed. */
const hoursMs = 3 * 3_600_000
/** Longer than the deadline of a case, but not than a Redrive is possible. */
const overdueMs = times.deadlineSeconds * 1000 + hoursMs

/** Just when the case is read, and written on what was read. */
function tight(random: Random): Pick<Play, 'afterCall'> {
  return { afterCall: { point: random.pick(tightSpots), delayMs: random.integer(0, 250) } }
}

const tightSpots = [
  'PostIncomingPayment dynamodb TransactWrite 1',
  'PostIncomingPayment dynamodb TransactWrite 2',
  'CancelSalesOrder dynamodb TransactWrite 1',
  'PickNextEvent dynamodb TransactWrite 1',
  'PickNextEvent dynamodb TransactWrite 2',
  'PickNextEvent dynamodb Query 1',
  'AwaitEvent dynamodb TransactWrite 1',
  'RecordSignal dynamodb TransactWrite 1',
  'CreateSalesOrder dynamodb TransactWrite 2',
] as const

/** What nobody expects: the same input started anew, executions stopped and redriven, an archive replayed, a clerk. */
function meddling(
  random: Random,
  { number: order, isCancelled, changes, goodsIssues }: Order,
  paceMs: number,
  profile: Profile,
  weather: Weather,
  spot: Spot | undefined,
): Play[] {
  if (spot?.isAlone) return []
  const at = () => random.integer(0, paceMs * 2)
  const plays: Play[] = []
  if (random.chance(0.2)) plays.push({ kind: 'new-execution', atMs: at(), order })
  if (random.chance(0.15)) plays.push({ kind: 'stop', atMs: at(), which: random.next() })
  if (random.chance(0.15)) plays.push({ kind: 'redrive', atMs: at(), which: random.next() })
  if (random.chance(0.15)) plays.push(...stopAndGoOn(random, at()))
  if (random.chance(0.1)) plays.push({ kind: 'replay', atMs: at() })
  if (random.chance(weather === 'doubt' ? 0.9 : 0.1)) plays.push(...takeOver(random, order))
  // What is put back after a cancellation does not leave after all.
  const isPicked = isCancelled ? goodsIssues.length === 0 : changes.length > 0
  if (isPicked && (spot?.isPicked || random.chance(0.3))) plays.push(...picking(random, order, isCancelled, spot))
  const isClerkKnown = profile.name === 'natural-key' || profile.name === 'if-unchanged'
  if (isClerkKnown && random.chance(0.1)) plays.push({ kind: 'touch', atMs: at(), order })
  if (isClerkKnown && random.chance(0.05)) plays.push({ kind: 'undo-confirm', ...undoAt(random, at()), order })
  return plays
}

/** A warehouse begins to pick just before the hub wants to change or cancel the order, and puts it all back later. */
function picking(random: Random, order: string, isCancelled: boolean, spot: Spot | undefined): Play[] {
  const point = `${isCancelled ? 'CancelSalesOrder' : 'AmendSalesOrder'} dynamodb TransactWrite 1`
  const begun = random.integer(0, 60)
  const longestMs = spot?.isPicked ? 700 : random.pick([1000, 600_000])
  const ended = begun + random.integer(spot?.isPicked ? 150 : 1, longestMs)
  return [
    { kind: 'begin-picking', atMs: 0, order, afterCall: { point, delayMs: begun } },
    { kind: 'end-picking', atMs: 0, order, afterCall: { point, delayMs: ended } },
  ]
}

/** At any moment, or soon after the hub has confirmed. */
function undoAt(random: Random, atMs: number): Pick<Play, 'atMs' | 'afterCall'> {
  if (random.chance(0.3)) return { atMs }
  return {
    atMs: 0,
    afterCall: { point: 'CreateSalesOrder erp confirm-sales-order 1', delayMs: random.integer(20, 60_000) },
  }
}

/** Whoever has stopped an execution by mistake redrives it before anybody has heard that it ended. */
function stopAndGoOn(random: Random, atMs: number): Play[] {
  const which = random.next()
  return [
    { kind: 'stop', atMs, which },
    { kind: 'redrive', atMs: atMs + random.integer(500, 8000), which: 0.999 },
  ]
}

/** The execution of the Lambda that is held up at a spot is stopped, the case taken over meanwhile, and the first redriven. */
export function takeOverAt(
  order: string,
  point: string,
  { againMs, isRedriven }: NonNullable<Spot['takeOver']>,
): Play[] {
  const stop = { kind: 'stop', atMs: 0, which: 0, afterCall: { point, delayMs: 0 } } as const
  if (againMs === undefined) return [stop]
  const redrive = { kind: 'redrive', atMs: 0, which: 0, afterCall: { point, delayMs: againMs + 15_000 } } as const
  return [
    ...(isRedriven ? [redrive] : []),
    stop,
    { kind: 'new-execution', atMs: 0, order, afterCall: { point, delayMs: againMs } },
  ]
}

/** Stops the execution while a step of it sends, and starts the same input anew: the old Lambda goes on, unaware. */
function takeOver(random: Random, order: string): Play[] {
  const { point } = random.pick(sendingSpots)
  const delayMs = random.integer(0, 1000)
  const again = { point, delayMs: delayMs + random.integer(1, random.pick([2000, 30_000])) }
  return [
    { kind: 'stop', atMs: 0, which: random.next(), afterCall: { point, delayMs } },
    { kind: 'new-execution', atMs: 0, order, afterCall: again },
  ]
}
