import { documentOf } from './cues.ts'
import type { DemoOrder } from './demo-order.ts'
import type { BilledLine, LineQuantities, Publication, RefundOf } from './order-kind.ts'
import { spelled } from './purchase-entries.ts'
import type { HubMessage } from './subscription.ts'

/** What the hub says, in a line. */
export function wordsOfHub(order: DemoOrder, message: HubMessage): string {
  const { document, code, message: text, as } = message.detail.data
  const own = documentOf(message)
    ?.replace(/^supplier-(invoice|credit-note)\//, '')
    .replace(`${order.number}-`, '')
    .replace(/\/.*/, '')
  const amount = document?.amount && `over ${document.amount}`
  const said = [document?.number ?? document?.id, amount, as, code, text].filter(Boolean).join(' ')
  const named = [message['detail-type'], own === order.number ? undefined : own].filter(Boolean).join(' ')
  return said === '' ? named : `${named}: ${said}`
}

/** What the world around the hub says, in a few words. */
export function wordsOf(publication: Publication): string {
  const { event } = publication
  switch (event) {
    case 'SalesOrderSubmitted':
      if ('isPoison' in publication) return `${event}, its lines: "two of the blue ones"`
      return publication.version === undefined ? event : `${event} version ${publication.version}`
    case 'PurchaseRequisitionSubmitted':
      return publication.version === undefined ? event : `${event} version ${publication.version}`
    case 'GoodsIssued':
    case 'ReturnReceived':
    case 'GoodsReceived':
    case 'GoodsReturned':
      return `${event} ${publication.number}${publication.lines ? `: ${quantities(publication.lines)}` : ''}`
    case 'PaymentReceived':
      return `${event} ${publication.number} over ${publication.amount}`
    case 'SupplierInvoiceReceived':
    case 'SupplierCreditNoteReceived':
      return `${event} ${spelled(publication, publication.number)}: ${publication.lines.map(billed).join(', ')}`
    case 'DecisionMade':
      return `${publication.choice}: ${publication.reason}`
    case 'PurchaseOrderCancelled':
    case 'PurchaseOrderClosed':
    case 'SalesOrderCancelled':
    case 'SalesOrderClosed':
      return `${event}: ${publication.reason}`
    case 'RefundRequested':
      return `${event} ${publication.number} of ${refunded(publication.of)}`
  }
}

function refunded(of: RefundOf): string {
  if (of === 'balance') return 'the balance'
  if ('return' in of) return of.return
  return 'lines' in of ? quantities(of.lines) : of.amount
}

function billed({ quantity, unitPrice }: BilledLine): string {
  return `${quantity} × ${unitPrice}`
}

function quantities(lines: LineQuantities): string {
  return Object.entries(lines)
    .map(([line, quantity]) => `${quantity} of line ${line}`)
    .join(', ')
}
