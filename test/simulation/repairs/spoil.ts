import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { DifferenceClass } from '#domain/reconciliation/difference.ts'
import { names } from '../hub/settings.ts'
import type { Hub } from '../hub.ts'
import type { Order } from '../story/order.ts'

/** One change behind the hub's back, to one order of its own. */
export interface Spoilt {
  readonly how: Spoiling
  readonly class: DifferenceClass
  readonly order: Order
  /** What a person does who mends it in the ERP. */
  readonly mend: () => void
}

export const spoilings = [
  'an allocation is lost',
  'a clerk has entered an order by hand',
  'an order is there twice',
  'an invoice is a draft again',
  'an order is cancelled in the ERP',
  'a clerk counts one piece more',
  'an invoice is over a cent more',
  'an answer that never came, of what is there',
] as const
export type Spoiling = (typeof spoilings)[number]

const classes: Readonly<Record<Spoiling, DifferenceClass>> = {
  'an allocation is lost': 'missing-in-erp',
  'a clerk has entered an order by hand': 'extra',
  'an order is there twice': 'duplicate',
  'an invoice is a draft again': 'status',
  'an order is cancelled in the ERP': 'status',
  'a clerk counts one piece more': 'quantity',
  'an invoice is over a cent more': 'amount',
  'an answer that never came, of what is there': 'late',
}

/** Changes the books of a plain order that has ended, or the hub's own, in one of eight ways. */
export function spoil(hub: Hub, order: Order, how: Spoiling): Spoilt {
  return { how, class: classes[how], order, mend: change(hub, order, how) ?? (() => undefined) }
}

function change(hub: Hub, { number, caseKey }: Order, how: Spoiling): (() => void) | undefined {
  const { salesOrders, deliveries, invoices, allocations } = hub.books
  const sale = one(salesOrders, (candidate) => candidate.number === number)
  const ofSale = ({ salesOrderId }: { readonly salesOrderId: string }) => salesOrderId === sale.id
  const invoice = one(invoices, ofSale)
  switch (how) {
    case 'an allocation is lost':
      allocations.splice(allocations.indexOf(one(allocations, ({ invoiceId }) => invoiceId === invoice.id)), 1)
      return undefined
    case 'a clerk has entered an order by hand':
      salesOrders.push({
        ...sale,
        id: `by-hand-${number}`,
        number: `by-hand-${number}`,
        reference: `by hand ${number}`,
        endings: [],
      })
      return undefined
    case 'an order is there twice':
      salesOrders.push({ ...sale, id: `twice-${number}`, endings: [] })
      return undefined
    case 'an invoice is a draft again':
      invoice.isPosted = false
      invoice.postedByHub = 0
      invoice.stamp += 1_000_000
      return undefined
    case 'an order is cancelled in the ERP':
      sale.status = 'cancelled'
      return () => {
        sale.status = 'open'
      }
    case 'a clerk counts one piece more': {
      const delivery = one(deliveries, ofSale)
      const lines = delivery.lines.map((line) => ({ ...line, quantity: line.quantity + 1 }))
      deliveries[deliveries.indexOf(delivery)] = { ...delivery, lines }
      return undefined
    }
    case 'an invoice is over a cent more':
      invoices[invoices.indexOf(invoice)] = { ...invoice, cents: invoice.cents + 1 }
      return undefined
    case 'an answer that never came, of what is there':
      leaveInDoubt(hub, caseKey, `DN-${number}`)
      return undefined
  }
}

/** As an execution leaves them that was stopped before it had an answer, long ago. */
function leaveInDoubt(hub: Hub, caseKey: string, number: string): void {
  const update = (sk: string, UpdateExpression: string, values: Record<string, unknown> = {}) => {
    const Key = { pk: caseKey, sk }
    const given = Object.keys(values).length > 0
    const more = given ? { ExpressionAttributeValues: values, ExpressionAttributeNames: { '#status': 'status' } } : {}
    hub.database.execute(new UpdateCommand({ TableName: names.table, Key, UpdateExpression, ...more }))
  }
  update(`SIGNAL#goods-issue#${number}`, 'REMOVE consumedAtMs')
  update(
    `POSTING#customer-invoice#${number}`,
    'SET #status = :doubt, sentAtMs = :sent, intent = :intent REMOVE document, postedAtMs, doneAtMs',
    {
      ':doubt': 'in-doubt',
      ':sent': hub.time.nowMs() - 2 * 3_600_000,
      ':intent': { operation: 'create-customer-invoice', doubt: 'natural-key' },
    },
  )
  update('CASE', 'SET #status = :failed, listKey = :list', {
    ':failed': 'failed',
    ':list': 'CASE#order-to-cash#failed',
  })
}

function one<Document>(documents: readonly Document[], isIt: (document: Document) => boolean): Document {
  const found = documents.find(isIt)
  if (found === undefined) throw new Error('The order has no such document')
  return found
}
