import { happeningsOf, type OrderVersion, type Story } from '../story.ts'
import { cents, compare, exact } from './decimal.ts'
import { orderTotal, sumOf } from './prices.ts'
import { hasTold, type Told } from './told.ts'

/** How the races of a story ended. */
export interface Decided {
  /** The version that stands in the end. */
  readonly order: OrderVersion
  readonly amendments: readonly number[]
  readonly isCancelled: boolean
  readonly isClosed: boolean
}

/**
 * What only the real world can decide, and the hub has to be believed in:
 * - a change against goods that leave, a cancellation, or the order's own first version: a version counts if it was told
 *   as amended, or if the sales order was created with its total;
 * - a cancellation against goods that leave: it counts if it was told as posted. With no goods it must have been;
 * - the end of the order against the last of its goods: it was closed if that was told. With goods missing it must have been.
 */
export function decide(story: Pick<Story, 'acts'>, told: readonly Told[]): Decided | undefined {
  const versions = happeningsOf(story, 'order').map(({ order }) => order)
  const order = standing(versions, told)
  if (order === undefined) return undefined
  const amendments = told.filter(({ type }) => type === 'SalesOrderAmended').map(({ about }) => Number(about))
  const issues = happeningsOf(story, 'goods-issue')
  const isUnwanted = happeningsOf(story, 'cancellation').length > 0
  const isCancelled = isUnwanted && (issues.length === 0 || hasTold(told, 'SalesOrderCancellationPosted'))
  const mayBeClosed = !isCancelled && (isUnwanted || happeningsOf(story, 'closing').length > 0)
  const isClosed = mayBeClosed && (!hasLeft(story, order) || hasTold(told, 'SalesOrderClosingPosted'))
  return { order, amendments, isCancelled, isClosed }
}

function standing(versions: readonly OrderVersion[], told: readonly Told[]): OrderVersion | undefined {
  if (versions.length <= 1) return versions[0]
  const amended = told.filter(({ type }) => type === 'SalesOrderAmended').map(({ about }) => Number(about))
  if (amended.length > 0) return versions.find(({ version }) => version === Math.max(...amended))
  const created = told.find(({ type }) => type === 'SalesOrderCreated')
  return versions.find((version) => cents(orderTotal(version)) === created?.amount)
}

/** Whether the deliveries of a story leave nothing of the order; one without lines takes what the others leave. */
export function hasLeft(story: Pick<Story, 'acts'>, order: OrderVersion): boolean {
  const issues = happeningsOf(story, 'goods-issue')
  if (issues.some(({ lines }) => lines === undefined)) return true
  const gone = issues.flatMap(({ lines = [] }) => lines)
  return order.lines.every(({ number, quantity }) => compare(sumOf(gone, number), exact(quantity)) >= 0)
}
