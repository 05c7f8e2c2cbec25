import { type Random, seededRandom } from '../../simulation/random.ts'
import { drawChange, drawOrder } from './draw-order.ts'
import { drawRefused } from './draw-refused.ts'
import { type Deliveries, drawDeliveries, drawPayments, drawReturns } from './draw-turns.ts'
import type { Happening, OrderVersion, Story } from './story.ts'

/** How the order itself ends. */
const endings = [
  ...Array.from({ length: 9 }, () => 'delivered' as const),
  ...(['cancelled', 'cancelled', 'cancelled or delivered', 'cancelled late', 'cancelled late'] as const),
  ...(['closed', 'closed', 'closed', 'unfinished', 'refused', 'refused'] as const),
]

/**
 * The life of one order. Most of it may happen in any order; what may not comes in an act of its own:
 * - a cancellation that is to be late comes after goods of which the hub has told;
 * - a delivery or a return of `the rest` comes after those that it is the rest of;
 * - what takes goods back or credits, where more may be delivered than ordered or the order changes, comes after the
 *   goods: whether enough has been delivered to take it back is decided when the hub knows of no more;
 * - an amount to credit comes after the goods and their returns: whether so much is invoiced depends on these.
 */
export function drawStory(run: string, seed: string, index: number): Story {
  const random = seededRandom(`${seed}/${index}`)
  const number = `${run}-${index}`
  const frame = { index, number, customer: `K${number}` }
  const ending = random.pick(endings)
  if (ending === 'refused') return { ...frame, ...drawRefused(random, number) }
  const versions = drawVersions(random)
  const [first, last] = [versions[0], versions.at(-1)]
  if (first === undefined || last === undefined) throw new Error('An order has a version')

  const isCancelled = ending === 'cancelled'
  const isLate = ending === 'cancelled late'
  const deliveries: Deliveries = isCancelled
    ? { first: [], rest: [], isOver: false }
    : drawDeliveries(random, number, first, {
        isShort: ending === 'closed' || ending === 'unfinished' || isLate,
        mayBeRest: versions.length === 1,
      })
  const payments = drawPayments(random, number, last, [...deliveries.first, ...deliveries.rest])
  const turns = isCancelled || ending === 'cancelled or delivered' ? [] : drawReturns(random, number, first, deliveries)
  // A refund of the balance waits for the end of the goods by itself, so it may come at any time.
  const isEarly = random.chance(0.5)
  const isOverpaid = payments.isOver || isCancelled || ending === 'cancelled or delivered' || isLate || turns.length > 0
  const balance: Happening[] =
    isOverpaid && random.chance(0.6) ? [{ kind: 'refund', number: `RF-${number}-B`, of: 'balance' }] : []
  const mayGoBack = versions.length === 1 && !deliveries.isOver && deliveries.rest.length === 0 && !isLate
  const back = turns.filter((one) => one.kind === 'return' || one.of === 'return')
  const atOnce = mayGoBack && back.every((one) => one.kind !== 'return' || one.lines !== undefined) ? back : []
  const afterwards = turns.filter((one) => !atOnce.includes(one))

  const orders = versions.map((order): Happening => ({ kind: 'order', order }))
  const end: Happening[] =
    ending === 'closed'
      ? [{ kind: 'closing', number: `CL-${number}` }]
      : isCancelled || isLate || ending === 'cancelled or delivered'
        ? [{ kind: 'cancellation', number: `CA-${number}` }]
        : []
  const acts: Happening[][] = [
    [...orders, ...deliveries.first, ...(isLate ? [] : end), ...payments.first, ...atOnce, ...(isEarly ? balance : [])],
    [...deliveries.rest, ...(isLate ? end : []), ...payments.late, ...(isEarly ? [] : balance)],
    afterwards.filter((one) => one.kind === 'return'),
    afterwards.filter((one) => one.kind !== 'return'),
  ]
  return { ...frame, title: titleOf(ending, versions, acts), acts: acts.filter((act) => act.length > 0) }
}

function drawVersions(random: Random): readonly OrderVersion[] {
  const versions = [drawOrder(random)]
  if (random.chance(0.25)) versions.push(drawChange(random, versions, 2))
  if (versions.length === 2 && random.chance(0.3)) versions.push(drawChange(random, versions, 3))
  return versions
}

function titleOf(ending: string, versions: readonly OrderVersion[], acts: readonly (readonly Happening[])[]): string {
  const count = (kind: Happening['kind']) => acts.flat().filter((one) => one.kind === kind).length
  const parts = [
    ...(versions.length > 1 ? [`${versions.length} versions`] : []),
    ...(['goods-issue', 'payment', 'return', 'refund'] as const)
      .filter((kind) => count(kind) > 0)
      .map((kind) => `${count(kind)} × ${kind}`),
  ]
  return `${ending}: ${parts.join(', ')}${acts.filter((act) => act.length > 0).length > 1 ? ', in acts' : ''}`
}
