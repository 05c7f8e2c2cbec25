import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { nobody } from '#aws/case-store.ts'
import { names } from './hub/settings.ts'
import type { Hub } from './hub.ts'
import { parseJson } from './json.ts'
import { isToldEnded } from './laws/told.ts'
import { isDeliveredAfterCancellation } from './laws.ts'
import type { Execution } from './machine/execution.ts'
import type { Random } from './random.ts'
import type { Posting, State } from './state.ts'
import type { Order } from './story/order.ts'

/** Tells the hub's table which thing of the source is which thing of the ERP. */
export function addCrossReference(hub: Hub, kind: 'customer' | 'item', id: string): void {
  const Item = { pk: `XREF#${names.system}#${kind}#${id}`, sk: `TO#${names.account}`, targetId: `erp-${id}` }
  hub.database.execute(new PutCommand({ TableName: names.table, Item }))
}

/**
 * The person who is told: mends the cause, then resumes what failed. Looks at the dead letters' cases and at executions
 * whose failure no one recorded, which an alarm tells of.
 * @returns whether there was anything to do
 */
export function operate(hub: Hub, state: State, orders: readonly Order[], random: Random): boolean {
  let acted = false
  for (const order of orders) {
    const executions = hub.machines.executions().filter(({ input }) => orderOf(input) === order.number)
    if (executions.some(({ now }) => now.status === 'RUNNING' && !isIdle(hub, state, order))) continue
    const stored = state.cases.get(order.caseKey)
    if (isToldEnded(hub, state, order)) continue
    if (isDeliveredAfterCancellation(state, order, stored?.status)) continue
    // Redriving a doubt that only a person can end does no harm, and no good.
    if (isLeftInDoubt(state, order) && random.chance(0.7)) continue
    mend(hub, state, order)
    acted = resume(hub, executions, stored?.owner.executionArn, random) || acted
  }
  return acted
}

function isIdle(hub: Hub, state: State, order: Order): boolean {
  const owner = state.cases.get(order.caseKey)?.owner.executionArn
  return owner !== undefined && owner !== nobody && hub.machines.find(owner).now.status !== 'RUNNING'
}

/** Rejected, and a posting of it is in a doubt that this ERP gives no means to end. */
export function isLeftInDoubt({ cases, postings }: State, { caseKey }: Order): boolean {
  return (
    cases.get(caseKey)?.status === 'rejected' &&
    postings.some((one) => one.pk === caseKey && one.status === 'in-doubt' && one.refusal?.code === 'IN_DOUBT')
  )
}

/** Raises the limit, adds the customer, and does by hand what a clerk had undone or the hub dares not repeat. */
function mend(hub: Hub, state: State, order: Order): void {
  const { books } = hub
  books.overLimit.delete(order.number)
  if (order.isUnknownCustomer) addCrossReference(hub, 'customer', `new-${order.number}`)
  for (const posting of state.postings) {
    if (posting.pk !== order.caseKey || posting.refusal?.code !== 'CONFLICT') continue
    finishByHand(hub, posting, order, state)
  }
  for (const salesOrder of books.salesOrders) {
    if (salesOrder.number === order.number && salesOrder.confirmedByHub > 0 && !salesOrder.isConfirmed) {
      salesOrder.isConfirmed = true
      salesOrder.stamp += 0.5
    }
  }
}

/** A person who finds in the ERP that it is not there, or not finished, does it there, under the hub's reference. */
function finishByHand(hub: Hub, posting: Posting, order: Order, state: State): void {
  const { books } = hub
  const { reference, sk } = posting
  const [, kind, number] = sk.split('#')
  const salesOrder = books.salesOrders.find((one) => one.number === order.number)
  if (salesOrder === undefined) return
  if (kind === 'sales-order' && !salesOrder.isConfirmed) {
    salesOrder.isConfirmed = true
    salesOrder.stamp += 0.5
  }
  const deliveryReference = state.postings.find((one) => one.sk === `POSTING#goods-issue#${number}`)?.reference
  const delivery = books.deliveries.find((one) => one.reference === deliveryReference)
  const stamp = (one: { readonly stamp: number } | undefined) => String(one?.stamp)
  if (kind === 'goods-issue' && delivery === undefined) {
    const issue = order.goodsIssues.find(({ deliveryNote }) => deliveryNote === number)
    const lines = issue?.lines?.map(({ line, quantity }) => ({ line, quantity: Number(quantity) }))
    const operation = 'post-goods-issue' as const
    books.apply({ operation, reference, stamp: stamp(salesOrder), salesOrderId: salesOrder.id, lines })
  }
  if (kind === 'customer-invoice' && delivery !== undefined) {
    if (!books.invoices.some((one) => one.reference === reference)) {
      const operation = 'create-customer-invoice' as const
      books.apply({ operation, reference, stamp: stamp(delivery), deliveryId: delivery.id })
    }
    const invoice = books.invoices.find((one) => one.reference === reference)
    if (invoice === undefined || invoice.isPosted) return
    invoice.isPosted = true
    invoice.stamp += 0.5
  }
  if (!byHand.has(kind ?? '')) giveBack(hub, posting)
}

/** Kinds that the person does in the ERP itself. */
const byHand: ReadonlySet<string> = new Set(['sales-order', 'goods-issue', 'customer-invoice'])

/** … who finds that any other was not done says so to the hub, which does it then. */
function giveBack(hub: Hub, { pk, sk }: Posting): void {
  hub.database.execute(
    new UpdateCommand({
      TableName: names.table,
      Key: { pk, sk },
      UpdateExpression: 'SET #status = :refused REMOVE intent, sentAtMs, applied, leaseEndsAtMs, refusal, seen',
      ConditionExpression: '#status <> :posted',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':refused': 'refused', ':posted': 'posted' },
    }),
  )
}

function resume(hub: Hub, executions: readonly Execution[], ownerArn: string | undefined, random: Random): boolean {
  const failed = executions.filter(({ now }) => ['FAILED', 'ABORTED', 'TIMED_OUT'].includes(now.status))
  const owner = failed.find(({ arn }) => arn === ownerArn) ?? (ownerArn === undefined ? failed.at(-1) : undefined)
  if (owner !== undefined && random.chance(0.7)) {
    hub.machines.redrive(owner.arn)
    return true
  }
  const first = executions.find(({ arn }) => arn === ownerArn) ?? executions[0]
  if (first === undefined) return false
  hub.machines.start(hub.machineArn, first.input)
  return true
}

/** The order of an execution's input: an event that came, or the sweeper's wish to resume. */
export function orderOf(input: string): string | undefined {
  const event: unknown = parseJson(input)
  const resumed: unknown = Reflect.get(Object(event), 'resume')
  if (typeof resumed === 'string') return resumed.split('/').at(-1)
  const data: unknown = Reflect.get(Object(Reflect.get(Object(event), 'detail')), 'data')
  const number: unknown = Reflect.get(Object(data), 'number')
  return typeof number === 'string' ? number : undefined
}
