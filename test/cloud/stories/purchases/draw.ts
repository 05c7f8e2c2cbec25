import { type Random, seededRandom } from '../../../simulation/random.ts'
import { compare, exact } from '../oracle/decimal.ts'
import { drawReceipts } from './draw-goods.ts'
import { drawChange, drawOrder } from './draw-order.ts'
import { drawRefused } from './draw-refused.ts'
import { drawTurns } from './draw-turns.ts'
import { netOf } from './oracle/amounts.ts'
import type { Happening, PurchaseStory, Requisition } from './story.ts'

/** How the order itself ends. */
const endings = [
  ...Array.from({ length: 9 }, () => 'received' as const),
  ...([
    'over',
    'over',
    'short',
    'closed',
    'closed',
    'cancelled',
    'cancelled',
    'cancelled or received',
    'cancelled late',
    'refused',
  ] as const),
]
const paidIn = ['EUR', 'EUR', 'EUR', 'EUR', 'EUR', 'EUR', 'EUR', 'USD', 'USD', 'JPY', 'KWD'] as const
type Ending = Exclude<(typeof endings)[number], 'refused'>

/**
 * The life of one purchase. Most of it may happen in any order; what may not comes in an act of its own:
 * - a newer version or a cancellation that is to be early comes before goods of which anybody has told, one that is to be
 *   late after them, and before the purchase is at its end;
 * - a receipt of `the rest` comes after those that it is the rest of;
 * - an invoice over goods that went back is waited with until the credit note comes; a wrong one comes alone, and the
 *   right one after a person has disputed it: which of two is posted first would decide which of them is right.
 */
export function drawPurchase(run: string, seed: string, index: number): PurchaseStory {
  const random = seededRandom(`${seed}/purchase/${index}`)
  const number = `${run}-P${index}`
  const frame = { index, number, supplier: `S${number}` }
  const ending = random.pick(endings)
  if (ending === 'refused') return { ...frame, currency: 'EUR', ...drawRefused(random, number) }
  const currency = random.pick(paidIn)
  const first = drawOrder(random, currency, random.chance(0.25))
  const isAsked = currency !== 'EUR' || compare(netOf(first, 2), exact('500.00')) > 0
  const approval = isAsked
    ? random.pick(['reject', 'nobody', ...Array.from({ length: 10 }, () => 'approve' as const)] as const)
    : undefined
  const opening: Happening = { kind: 'requisition', order: first }
  if (approval === 'reject' || approval === 'nobody') {
    const early: Happening[] = approval === 'nobody' ? [{ kind: 'goods-receipt', number: `DN-${number}-1` }] : []
    return {
      ...frame,
      currency,
      approval,
      title: `${approval === 'reject' ? 'declined' : 'never approved'}`,
      acts: [[opening, ...early]],
    }
  }
  const drawn = drawLife(random, number, currency, first, ending)
  const isLarge = drawn.acts
    .flat()
    .some((one) => one.kind === 'requisition' && compare(netOf(one.order, 2), exact('500.00')) > 0)
  return { ...frame, currency, ...(isAsked || isLarge ? { approval: 'approve' as const } : {}), ...drawn }
}

type Life = Pick<PurchaseStory, 'title' | 'acts'>

function drawLife(
  random: Random,
  number: string,
  currency: PurchaseStory['currency'],
  first: Requisition,
  ending: Ending,
): Life {
  const opening: Happening = { kind: 'requisition', order: first }
  const cancelling: Happening = { kind: 'cancellation', number: `CA-${number}` }
  const changed = random.chance(0.25) ? random.pick(['at once', 'ordered', 'racing', 'late'] as const) : undefined
  const newer = changed && drawChange(random, first)
  const change: Happening[] = newer ? [{ kind: 'requisition', order: newer }] : []
  const at = (when: typeof changed) => (changed === when ? change : [])
  if (ending === 'cancelled') {
    const isAtOnce = random.chance(0.3)
    const acts = [
      [opening, ...at('at once'), ...(isAtOnce ? [cancelling] : [])],
      at('ordered'),
      isAtOnce ? [] : [cancelling],
    ]
    return told('cancelled', changed === 'at once' && isAtOnce ? [[opening], [cancelling]] : acts)
  }
  const order = newer !== undefined && (changed === 'at once' || changed === 'ordered') ? newer : first
  const isShort = ending === 'short' || ending === 'closed' || ending === 'cancelled late'
  const goods = drawReceipts(random, number, order, {
    isShort,
    isOver: ending === 'over',
    mayBeRest: changed !== 'racing',
  })
  // Whichever comes first; what would follow from goods that come too late is not told.
  if (ending === 'cancelled or received')
    return told(ending, [
      [opening, ...at('at once')],
      at('ordered'),
      [cancelling, ...(goods.first.length > 0 ? goods.first : goods.rest)],
    ])
  const end: Happening[] =
    ending === 'closed'
      ? [{ kind: 'closing', number: `CL-${number}` }]
      : ending === 'cancelled late'
        ? [cancelling]
        : []
  const turns = drawTurns({ random, number, currency, order }, goods, changed === 'late' || changed === 'racing')
  const isWithOrder = changed === undefined && random.chance(0.5)
  const isEndWithGoods = ending === 'closed' && random.chance(0.4)
  const before = [opening, ...at('at once'), ...turns.early]
  const arriving = [...goods.first, ...at('racing'), ...(isEndWithGoods ? end : []), ...turns.withGoods]
  const acts: readonly (readonly Happening[])[] = [
    isWithOrder ? [...before, ...arriving] : before,
    at('ordered'),
    isWithOrder ? [] : arriving,
    goods.rest,
    [...at('late'), ...(isEndWithGoods ? [] : end)],
    ...turns.afterwards,
  ]
  return told([ending, ...(changed ? [`changed ${changed}`] : []), turns.title].join(', '), acts)
}

function told(title: string, acts: readonly (readonly Happening[])[]): Life {
  return { title, acts: acts.filter((act) => act.length > 0) }
}
