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
      return detail.data.as ?? 'completed'
    case 'SalesOrderRejected':
      return 'rejected'
    case 'SalesOrderFailed':
      return 'failed'
    default:
      return undefined
  }
}

/** What the hub says, in a line. */
export function describe(order: DemoOrder, message: HubMessage): string {
  const { document, code, message: text, as } = message.detail.data
  const own = documentOf(message)?.replace(`${order.number}-`, '').replace(/\/.*/, '')
  const inErp = document && `${document.number ?? document.id}${document.amount ? ` over ${document.amount}` : ''}`
  const named = own === order.number ? undefined : own
  return [message['detail-type'], named, inErp && `is ${inErp}`, as, code, text].filter(Boolean).join(' ')
}

/** The number of what is spoken of, as its publisher gave it. */
function documentOf({ detail: { data } }: HubMessage): string | undefined {
  return data.deliveryNote ?? data.payment ?? data.number
}
