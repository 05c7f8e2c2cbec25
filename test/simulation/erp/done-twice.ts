import type { Entry, Ledger, Order } from './ledger.ts'

/** What the hub has done more than once, in words: documents under one reference, and changes of a document. */
export function doneTwice(ledger: Ledger): readonly string[] {
  const twice = (kind: string, documents: readonly Entry[]) =>
    repeated(documents.map(({ reference }) => reference)).map((reference) => `${kind} ${reference} is there twice`)
  const postedTwice = (kind: string, documents: readonly (Entry & { readonly postedByHub: number })[]) =>
    documents.flatMap(({ reference, postedByHub }) =>
      postedByHub > 1 ? [`${kind} ${reference} was posted ${postedByHub} times`] : [],
    )
  return [
    ...twice('sales order', ledger.salesOrders),
    ...twice('goods issue', ledger.deliveries),
    ...twice('goods return', ledger.goodsReturns),
    ...twice('customer invoice', ledger.invoices),
    ...twice('credit note', ledger.creditNotes),
    ...twice('payment on account', ledger.accountPayments),
    ...twice('payment allocation', ledger.allocations),
    ...twice('purchase order', ledger.purchaseOrders),
    ...twice('goods receipt', ledger.goodsReceipts),
    ...twice('supplier return', ledger.supplierReturns),
    ...twice('supplier bill', ledger.supplierBills),
    ...twice('supplier payment', ledger.supplierPayments),
    ...postedTwice('customer invoice', ledger.invoices),
    ...postedTwice('credit note', ledger.creditNotes),
    ...postedTwice('payment on account', ledger.accountPayments),
    ...postedTwice('supplier bill', ledger.supplierBills),
    ...orders('sales order', ledger.salesOrders),
    ...orders('purchase order', ledger.purchaseOrders),
  ]
}

function orders(kind: string, all: readonly Order[]): readonly string[] {
  return all.flatMap(({ number, confirmedByHub, claims, endings }) => [
    ...(confirmedByHub > 1 ? [`${kind} ${number} was confirmed ${confirmedByHub} times`] : []),
    ...repeated(claims.map(({ reference }) => reference)).map(
      (one) => `${kind} ${number} was claimed twice for ${one}`,
    ),
    ...repeated(endings).map((reference) => `${kind} ${number} was ended twice for ${reference}`),
  ])
}

function repeated(texts: readonly string[]): string[] {
  const seen = new Set<string>()
  return texts.filter((text) => {
    if (seen.has(text)) return true
    seen.add(text)
    return false
  })
}
