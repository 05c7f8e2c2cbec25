import { type DemoOrder, documentNumber } from './demo-order.ts'
import type { Cue, Outcome } from './order-kind.ts'
import type { HubMessage } from './subscription.ts'

/** Whether this is what a step waits for. A cue that names no document is met by any. */
export function isCue(order: DemoOrder, cue: Cue, message: HubMessage): boolean {
  const [name, own] = cue.split(' ')
  if (name !== message['detail-type']) return false
  return own === undefined || documentOf(message) === documentNumber(order, own)
}

/** What the hub says when an order ends. */
export function outcomeOf({ 'detail-type': name, detail }: HubMessage): Outcome | undefined {
  switch (name) {
    case 'OrderToCashCompleted':
    case 'ProcureToPayCompleted':
      return detail.data.as ?? 'completed'
    case 'SalesOrderRejected':
    case 'PurchaseRequisitionRejected':
      return 'rejected'
    case 'SalesOrderFailed':
    case 'PurchaseRequisitionFailed':
      return 'failed'
    default:
      return undefined
  }
}

/** The number of what is spoken of, as its publisher gave it. */
export function documentOf({ detail: { data } }: HubMessage): string | undefined {
  return data.deliveryNote ?? data.invoice ?? data.creditNote ?? data.return ?? data.payment ?? data.number
}
