import type { FoundDocument, PostingPlan } from '#connectors/port.ts'
import type { SupplierInvoicePosting, SupplierPaymentPosting } from '#connectors/purchasing-port.ts'
import type { ErpClient } from '../client.ts'
import type { Profile } from '../profiles.ts'
import type { Found } from '../wire.ts'
import { differs, fromCents, linesDiffer, quantities, toCents } from './content.ts'
import { documentPlan, guardedBy, step } from './document.ts'

/** An invoice or a credit note of a supplier, over its own amounts. */
export function supplierBillPlan(
  client: ErpClient,
  profile: Profile,
  posting: SupplierInvoicePosting,
  kind: 'supplier-invoice' | 'supplier-credit-note',
): PostingPlan {
  const { purchaseOrderId, reference, number, currency, taxTotal } = posting
  const lines = linesOf(posting)
  const tax = taxTotal === undefined ? {} : { taxCents: toCents(taxTotal) }
  const content = { reference, purchaseOrderId, number, currency, lines, ...tax }
  const request = { kind, reference, ...guardedBy(profile, purchaseOrderId) } as const
  return documentPlan(client, request, (found) => inspect(posting, found), [
    step(`create-${kind}`, profile.follow, (sent) => ({ ...sent, ...content })),
    step(`post-${kind}`, profile.transition, (sent, id) => ({ ...sent, reference, billId: id })),
  ])
}

function linesOf({ lines }: SupplierInvoicePosting) {
  return lines.map(({ line, quantity, amount, taxRate }) => ({
    ...{ line, cents: toCents(amount) },
    ...(quantity !== undefined && { quantity: Number(quantity) }),
    ...(taxRate !== undefined && { taxRate: Number(taxRate) }),
  }))
}

function inspect(posting: SupplierInvoicePosting, found: Found): FoundDocument {
  const lines = linesOf(posting).flatMap(({ line, quantity }) => (line && quantity ? [{ line, quantity }] : []))
  const net = posting.lines.reduce((sum, { amount }) => sum + toCents(amount), 0)
  const { taxTotal, currency } = posting
  const gross = taxTotal === undefined ? undefined : fromCents(net + toCents(taxTotal))
  const amount = fromCents(found.cents ?? 0)
  return {
    document: { id: found.id, number: found.id, amount, currency, lines: quantities(found) },
    done: found.isAdvanced ? 2 : 1,
    stamp: found.stamp,
    differences: [
      ...differs('numbers', found.number ?? '', posting.number),
      ...linesDiffer(found, lines),
      ...(gross === undefined ? [] : differs('amounts', amount, gross)),
    ],
  }
}

/** The bill guards what is paid of it. */
export function supplierPaymentPlan(
  client: ErpClient,
  profile: Profile,
  { over, invoiceId, amount, currency, reference }: SupplierPaymentPosting,
): PostingPlan {
  const content = { invoiceId, over, cents: toCents(amount) }
  const describe = (of: Found | typeof content) => `${of.cents} over ${of.over} of ${of.invoiceId}`
  const toDocument = (found: Found) => ({
    document: { id: found.id, number: found.id, amount: fromCents(found.cents ?? 0), currency },
    done: 1,
    stamp: found.stamp,
    differences: differs('paid cents', describe(found), describe(content)),
  })
  const request = { kind: 'supplier-payment', reference, ...guardedBy(profile, invoiceId) } as const
  return documentPlan(client, request, toDocument, [
    step('pay-supplier', profile.follow, (sent) => ({ ...sent, reference, ...content })),
  ])
}
