import { compare, type Exact, exact, minus, zero } from '../../oracle/decimal.ts'
import { sumOf } from '../../oracle/prices.ts'
import { hasTold, type Told } from '../../oracle/told.ts'
import { currencies, type Happening, happeningsOf, type PurchaseStory, type Requisition } from '../story.ts'
import { grossOf } from './amounts.ts'

/** How the races of a purchase ended. */
export interface Decided {
  /** The version that stands in the end. */
  readonly order: Requisition
  readonly isOrdered: boolean
  /** Versions that took the place of an order in the ERP. */
  readonly amendments: readonly number[]
  readonly isCancelled: boolean
  readonly isClosed: boolean
  readonly wrong: readonly string[]
}

type Of = Pick<PurchaseStory, 'acts' | 'currency' | 'approval'>

/**
 * What only the real world can decide, and the hub has to be believed in, within what may be:
 * - a newer version against the order's first one: it was told as amended, or the order was created in it;
 * - a newer version, or a cancellation, against goods of the same act: it counts if it was told as posted;
 * - a cancellation against the order of the same act: whether it was ordered before, if `PurchaseOrderCreated` was told;
 * - the end of a purchase against the last goods of the same act: it was closed if that was told.
 */
export function decide(story: Of, told: readonly Told[]): Decided {
  const versions = happeningsOf(story, 'requisition').map(({ order }) => order)
  const amendments = told.filter(({ type }) => type === 'PurchaseOrderAmended').map(({ about }) => Number(about))
  const created = told.find(({ type }) => type === 'PurchaseOrderCreated')
  const { digits } = currencies[story.currency]
  const first = versions.find((order) =>
    isNear(grossOf({ ...order, taxIsOf: 'document' }, digits), created?.amount, digits),
  )
  const newest = versions.reduce((best, one) => (one.version > best.version ? one : best))
  const order = versions.find(({ version }) => version === Math.max(0, ...amendments)) ?? first ?? newest
  const isOrdered = created !== undefined
  const actOf = (kind: 'cancellation' | 'closing' | 'goods-receipt') =>
    story.acts.findIndex((act) => act.some((one) => one.kind === kind))
  const [unwanted, closed, goods] = [actOf('cancellation'), actOf('closing'), actOf('goods-receipt')]
  const isFirst = unwanted >= 0 && (goods < 0 || unwanted < goods)
  const isCancelled = isFirst || (unwanted >= 0 && hasTold(told, 'PurchaseOrderCancellationPosted'))
  const isLate = unwanted >= 0 && !isCancelled
  const mayBeClosed = isLate || closed >= 0
  const isClosed =
    mayBeClosed && isOrdered && (!hasArrived(story, order) || hasTold(told, 'PurchaseOrderClosingPosted'))
  return {
    order,
    isOrdered,
    amendments,
    isCancelled,
    isClosed: isClosed && !isCancelled,
    wrong: [
      ...(isOrdered && first === undefined
        ? [`it was ordered over ${created.amount}, which nobody has asked for`]
        : []),
      ...wrongVersions(story, order, told),
    ],
  }
}

/** The ERP computes the tax of an order, and rounds otherwise than a supplier would; versions differ by more. */
function isNear(gross: Exact, amount: string | undefined, digits: number): boolean {
  if (amount === undefined) return false
  const mostOfRounding: Exact = { units: 5n, digits }
  const difference = minus(gross, exact(amount))
  return compare(difference, mostOfRounding) <= 0 && compare(minus(zero, difference), mostOfRounding) <= 0
}

/** A newer version that comes before goods stands; one that comes after them does not. */
function wrongVersions(story: Of, order: Requisition, told: readonly Told[]): readonly string[] {
  if (!hasTold(told, 'PurchaseOrderCreated')) return []
  const goods = story.acts.findIndex((act) => act.some(({ kind }) => kind === 'goods-receipt'))
  const versions = story.acts.flatMap((act, index) =>
    act.flatMap((one) => (one.kind === 'requisition' ? [{ version: one.order.version, index }] : [])),
  )
  const least = Math.max(...versions.filter(({ index }) => goods < 0 || index < goods).map(({ version }) => version), 1)
  const most = Math.max(...versions.filter(({ index }) => goods < 0 || index <= goods).map(({ version }) => version), 1)
  return order.version >= least && order.version <= most
    ? []
    : [`version ${order.version} stands, should be ${least === most ? least : `${least} to ${most}`}`]
}

/** Whether the receipts of a story leave nothing to come; one without lines takes what the others leave. */
export function hasArrived(story: Pick<PurchaseStory, 'acts'>, order: Requisition): boolean {
  const receipts = happeningsOf(story, 'goods-receipt')
  if (receipts.some(({ lines }) => lines === undefined)) return true
  const here = receipts.flatMap(({ lines = [] }) => lines)
  return order.lines.every(({ number, quantity }) => compare(sumOf(here, number), exact(quantity)) >= 0)
}

/** Whether a newer version may come when the purchase has been withdrawn or closed: with that, or after it. */
export function mayEndBeforeItsChange({ acts }: Pick<PurchaseStory, 'acts'>): boolean {
  const end = acts.findIndex((act) => act.some(({ kind }) => kind === 'cancellation' || kind === 'closing'))
  const isChange = (one: Happening) => one.kind === 'requisition' && one.order.version > 1
  return end >= 0 && acts.slice(end).some((act) => act.some(isChange))
}
