import type { CreditNotePosting, ErpConnector } from '#connectors/port.ts'
import { priceSalesOrder, SalesOrder } from '#domain/documents.ts'
import { createBooks } from '../erp/books.ts'
import { connectSimulatedErp } from '../erp/connector.ts'
import type { Profile } from '../erp/profiles.ts'
import { erpServer } from '../erp/server.ts'
import { replaceProperty } from '../replace.ts'
import { createSeam } from '../seam.ts'
import { createVirtualTime } from '../virtual-time.ts'

type Lines = readonly { readonly line: string; readonly quantity: string }[]

/** A simulated ERP without faults, and one sales order's documents under short references. */
export function erpUnderTest(profile: Profile) {
  const time = createVirtualTime()
  const books = createBooks(profile, time.nowMs, () => 0)
  const seam = createSeam({ time, plan: { decide: () => undefined }, latencyMs: () => 0 })
  const server = erpServer(books, { ...seam, http: async (_name, effect) => await effect() }, time.nowMs)
  const stop = replaceProperty(globalThis, 'fetch', server)
  const connect = connectSimulatedErp(() => profile)
  const connector = connect({ url: 'http://erp.sim', credentials: {}, clientTimeoutMs: 60_000, settleMs: 0 })
  return { books, connector, stop, ...plansOf(connector) }
}

/** Two lines of 10.00 and 4 and of 2.50 and 6: 55.00. */
const order = SalesOrder.parse({
  number: 'T1',
  orderedOn: '2026-01-05',
  currency: 'EUR',
  customer: { id: 'C1' },
  lines: [
    { number: '10', item: { id: 'P1' }, quantity: '4', unitPrice: '10.00' },
    { number: '20', item: { id: 'P2' }, quantity: '6', unitPrice: '2.50' },
  ],
})
const ids = { customerId: 'erp-C1', itemIds: { P1: 'erp-P1', P2: 'erp-P2' }, taxIds: {} }
const currency = 'EUR'

function plansOf(connector: ErpConnector) {
  const salesOrder = priceSalesOrder(order, 'half-up')
  return {
    salesOrder: () => connector.salesOrder({ salesOrder, ids, reference: 'T1', system: 'shop' }),
    /** The first line in another quantity, the second gone. */
    amend: (salesOrderId: string, version: number, quantity: string) => {
      const lines = order.lines.slice(0, 1).map((line) => ({ ...line, quantity }))
      const changed = priceSalesOrder({ ...order, lines }, 'half-up')
      const reference = `v${version}`
      return connector.salesOrderAmendment({
        salesOrder: changed,
        ids,
        reference,
        system: 'shop',
        salesOrderId,
        version,
      })
    },
    cancel: (salesOrderId: string) => connector.salesOrderCancellation({ salesOrderId, reference: 'cancel' }),
    close: (salesOrderId: string) => connector.salesOrderClosing({ salesOrderId, reference: 'close' }),
    goodsIssue: (salesOrderId: string, deliveryNote: string, lines?: Lines) => {
      const issue = { salesOrder: 'T1', deliveryNote, issuedOn: '2026-01-12', ...(lines && { lines: [...lines] }) }
      return connector.goodsIssue({ goodsIssue: issue, salesOrderId, reference: deliveryNote })
    },
    customerInvoice: (salesOrderId: string, deliveryId: string, reference: string) =>
      connector.customerInvoice({ salesOrderId, deliveryId, invoicedOn: '2026-01-12', reference }),
    goodsReturn: (salesOrderId: string, returnNumber: string, lines?: Lines) =>
      connector.goodsReturn({ salesOrderId, returnNumber, returnedOn: '2026-01-20', lines, reference: returnNumber }),
    creditNote: (salesOrderId: string, reference: string, credit: CreditNotePosting['credit']) =>
      connector.creditNote({ salesOrderId, credit, creditedOn: '2026-01-21', reference }),
    pay: (direction: 'incoming' | 'outgoing', reference: string, amount: string) => {
      const { customerId } = ids
      return connector.paymentOnAccount({ direction, customerId, amount, currency, paidOn: '2026-01-03', reference })
    },
    allocate: (invoiceId: string, reference: string, amount: string) =>
      connector.paymentAllocation({ invoiceId, amount, currency, allocatedOn: '2026-01-21', reference }),
  }
}
