import type { CustomerInvoicePosting, PostingPlan, SendOutcome } from '../port.ts'
import type { TrytonClient } from './client.ts'
import {
  emptiedBy,
  type FoundInvoice,
  findEmptied,
  findInvoices,
  findServiceDrafts,
  inspectInvoice,
  invoiceModel,
  isOurs,
} from './invoice.ts'
import { refuse } from './original.ts'
import { press, stepsOn } from './send.ts'
import { date } from './wire.ts'

/**
 * Brings the invoice of one delivery to `posted`. Tryton drafts it when the delivery is done. Services such as freight
 * are drafted on an invoice of their own as soon as the sale is processed (trytond-sale, `get_invoice_line`); so that
 * the customer gets one invoice, they are moved to the first delivery's, and the draft that is empty then is deleted.
 * It is found by our reference, on the invoice and on the draft that it emptied.
 */
export function customerInvoicePlan(client: TrytonClient, posting: CustomerInvoicePosting): PostingPlan {
  const search = (signal?: AbortSignal) => findInvoices(client, posting, signal)
  const step = stepsOn(client, search, () => {
    throw refuse('NOTHING_TO_INVOICE', `Tryton has no draft invoice for delivery ${posting.deliveryId}`)
  })
  const record = ({ id }: FoundInvoice, stamp: string | undefined) => ({ model: invoiceModel, id, stamp })
  return {
    operations: [
      step('claim-customer-invoice', async (invoice, stamp, signal) =>
        isOurs(invoice, posting) ? { kind: 'changed' } : claim(client, posting, invoice, stamp, signal),
      ),
      step('delete-emptied-invoice', async (_invoice, stamp, signal) => {
        const [emptied] = await findEmptied(client, posting, signal)
        return emptied === undefined ? { kind: 'changed' } : press(client, record(emptied, stamp), 'delete', signal)
      }),
      step('post-customer-invoice', async (invoice, stamp, signal) =>
        isOurs(invoice, posting) ? press(client, record(invoice, stamp), 'post', signal) : { kind: 'changed' },
      ),
    ],
    find: async () => {
      const invoices = await search()
      return Promise.all(invoices.map((invoice) => inspectInvoice(client, posting, invoice)))
    },
  }
}

async function claim(
  client: TrytonClient,
  posting: CustomerInvoicePosting,
  invoice: FoundInvoice,
  stamp: string | undefined,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const services = await findServiceDrafts(client, posting, invoice, signal)
  const values = {
    reference: posting.reference,
    // The day that counts for the books. The invoice's own date is left to Tryton, which takes the day of posting:
    // numbers must follow dates (`msg_invoice_number_after`), and deliveries do not arrive in the order of theirs.
    accounting_date: date(posting.invoicedOn),
    ...(services.length > 0 && { lines: [['add', services.flatMap(({ lines }) => lines)]] }),
  }
  const emptied = services.length > 0 ? [services.map(({ id }) => id), { description: emptiedBy(posting) }] : []
  const record = { model: invoiceModel, id: invoice.id, stamp }
  return press(client, record, 'write', signal, [values, ...emptied])
}
