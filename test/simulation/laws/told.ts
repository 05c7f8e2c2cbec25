import type { Hub } from '../hub.ts'
import { isRecord } from '../json.ts'
import type { State } from '../state.ts'
import type { Order } from '../story/order.ts'
import type { Tell } from './law.ts'

/** What the hub has published about a case, by event id. */
export function toldOf({ bus }: Hub, caseKey: string): ReadonlySet<string> {
  return new Set(
    bus.events.flatMap(({ source, detail }) => {
      const metadata =
        source === 'postonce' && isRecord(detail) && isRecord(detail.metadata) ? detail.metadata : undefined
      return metadata?.correlationId === caseKey ? [String(metadata.id)] : []
    }),
  )
}

/** Whether the hub has said that the case has ended since it was last opened. */
export function isToldEnded(
  hub: Hub,
  { cases }: Pick<State, 'cases'>,
  { caseKey }: Pick<Order, 'caseKey'>,
  completed: 'OrderToCashCompleted' | 'ProcureToPayCompleted' = 'OrderToCashCompleted',
): boolean {
  const stored = cases.get(caseKey)
  if (stored === undefined || !isEnded(stored.status)) return false
  return toldOf(hub, caseKey).has(`${caseKey}/${completed}/${stored.owner.epoch}`)
}

export function isEnded(status: string | undefined): boolean {
  return status === 'completed' || status === 'cancelled' || status === 'closed'
}

/** Every case that has ended said what it did, at least once, under ids that make it recognisable as one. */
export function eventsTold(hub: Hub, state: State, order: Order, tell: Tell): void {
  const { caseKey } = order
  const told = toldOf(hub, caseKey)
  const posted = state.postings.filter(({ pk, status }) => pk === caseKey && status === 'posted')
  const expected = [`${caseKey}/SalesOrderCreated`, ...posted.flatMap(({ sk }) => eventOf(caseKey, sk))]
  for (const id of expected) if (!told.has(id)) tell('events', `${id} was never published`)
  if (!isToldEnded(hub, state, order)) tell('events', `${caseKey} has ended, which was never published`)
  for (const id of told) {
    const isOther = /^arn:|\/(SalesOrderOverdue|OrderToCashCompleted|SalesOrder(Change|Cancellation)Refused)\//.test(id)
    if (!expected.includes(id) && !isOther) tell('events', `${id} is no id that was expected`)
  }
}

const events: Readonly<Record<string, string>> = {
  'customer-invoice': 'CustomerInvoiceCreated',
  'credit-note': 'CreditNoteCreated',
  'incoming-payment': 'IncomingPaymentPosted',
  'outgoing-payment': 'OutgoingPaymentPosted',
  'sales-order-amendment': 'SalesOrderAmended',
  'sales-order-cancellation': 'SalesOrderCancellationPosted',
  'sales-order-closing': 'SalesOrderClosingPosted',
}

function eventOf(caseKey: string, sk: string): readonly string[] {
  const [, kind = '', ...number] = sk.split('#')
  const event = events[kind]
  return event === undefined ? [] : [`${caseKey}/${event}/${number.join('#')}`]
}
