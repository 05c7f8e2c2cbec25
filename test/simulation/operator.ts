import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { nobody } from '#aws/case-store.ts'
import type { ReferenceKind } from '#aws/cross-reference-store.ts'
import { names } from './hub/settings.ts'
import type { Hub } from './hub.ts'
import { parseJson } from './json.ts'
import { isToldEnded } from './laws/told.ts'
import { isDeliveredAfterCancellation } from './laws.ts'
import type { Execution } from './machine/execution.ts'
import { decide, openQuestion } from './operator/decide.ts'
import type { Random } from './random.ts'
import type { State } from './state.ts'
import type { Order } from './story/order.ts'

/** Tells the hub's table which thing of the source is which thing of the ERP. */
export function addCrossReference(hub: Pick<Hub, 'database'>, kind: ReferenceKind, id: string): void {
  const Item = { pk: `XREF#${names.system}#${kind}#${id}`, sk: `TO#${names.account}`, targetId: `erp-${id}` }
  hub.database.execute(new PutCommand({ TableName: names.table, Item }))
}

/**
 * The person who is told: mends the cause, then answers the question of the inbox, or resumes what failed. Looks at the
 * dead letters' cases and at executions whose failure no one recorded, which an alarm tells of.
 * @returns whether there was anything to do
 */
export function operate(hub: Hub, state: State, orders: readonly Order[], random: Random): boolean {
  let acted = false
  for (const order of orders) {
    const executions = hub.machines.executions().filter(({ input }) => orderOf(hub, input) === order.number)
    if (executions.some(({ now }) => now.status === 'RUNNING' && !isIdle(hub, state, order))) continue
    const stored = state.cases.get(order.caseKey)
    if (isToldEnded(hub, state, order)) continue
    if (isDeliveredAfterCancellation(state, order, stored?.status)) continue
    mend(hub, order)
    const question = openQuestion(state, order)
    const isAsked = question !== undefined && (question.kind !== 'refusal' || random.chance(0.7))
    acted =
      (isAsked
        ? decide(hub, state, order, question, random)
        : resume(hub, executions, stored?.owner.executionArn, random)) || acted
  }
  return acted
}

function isIdle(hub: Hub, state: State, order: Order): boolean {
  const owner = state.cases.get(order.caseKey)?.owner.executionArn
  return owner !== undefined && owner !== nobody && hub.machines.find(owner).now.status !== 'RUNNING'
}

/** Raises the limit, adds the customer and the line that the ERP left out, and takes back what a clerk had done. */
function mend({ books, ...hub }: Hub, { number, isUnknownCustomer }: Order): void {
  books.overLimit.delete(number)
  books.underWay.delete(number)
  if (isUnknownCustomer) addCrossReference(hub, 'customer', `new-${number}`)
  for (const salesOrder of books.salesOrders) {
    if (salesOrder.number !== number) continue
    const sent = books.sentLines.get(number)
    if (sent !== undefined && salesOrder.lines.length < sent.length) salesOrder.lines = sent
    if (salesOrder.confirmedByHub > 0 && !salesOrder.isConfirmed) {
      salesOrder.isConfirmed = true
      books.touch(salesOrder)
    }
  }
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

/** The order of an execution's input: an event that came, where a large one lies, or the sweeper's wish to resume. */
export function orderOf(hub: Pick<Hub, 'payloads'>, input: string): string | undefined {
  const event: unknown = parseJson(input)
  const { resume: resumed, payload, detail }: Record<string, unknown> = { ...Object(event) }
  if (typeof resumed === 'string') return resumed.split('/').at(-1)
  if (typeof payload === 'string') {
    const text = hub.payloads.get(payload)
    return text === undefined ? undefined : orderOf(hub, text)
  }
  const number: unknown = Object(Object(detail).data).number
  return typeof number === 'string' ? number : undefined
}
