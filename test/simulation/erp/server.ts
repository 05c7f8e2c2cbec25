import type { ErpRecord } from '#connectors/records-port.ts'
import { currentInvocation } from '../invocation.ts'
import { parseJson } from '../json.ts'
import type { Seam } from '../seam.ts'
import type { Books } from './books.ts'
import { type Entry, named } from './ledger.ts'
import { documentsNamed } from './look-up.ts'
import type { Meter } from './meter.ts'
import { numbered } from './numbered.ts'
import { recordsBy, recordsIn } from './records.ts'
import { type FindReply, FindRequest, type Found, ReadRequest, RecordsRequest, WriteRequest } from './wire.ts'

/** As much of a Response as the connector reads. */
export type Answer = { readonly status: number; json(): Promise<unknown> }

/** Stands in for `fetch`: every request passes the seam, and has its effect when it arrives. */
export function erpServer(books: Books, seam: Seam, nowMs: () => number, isOneWriter = false, meter?: Meter) {
  const wasWrittenMeanwhile = isOneWriter ? overlaps(nowMs) : undefined
  return async (url: string, init: { readonly body: string; readonly signal?: AbortSignal }): Promise<Answer> => {
    const operation = url.slice(url.lastIndexOf('/') + 1)
    const isLookUp = ['find', 'read', 'records'].includes(operation)
    const isBroken = isLookUp ? undefined : wasWrittenMeanwhile?.()
    const call = meter?.sent()
    const effect = () => {
      call?.arrived()
      if (isBroken?.()) books.applyUnguarded(WriteRequest.parse(parseJson(init.body)))
      return answer(200, answerErp(books, operation, init.body, nowMs()))
    }
    const options = { signal: init.signal, throttled: () => answer(429, {}), unavailable: () => answer(503, {}) }
    try {
      return await seam.http({ service: 'erp', operation }, effect, options)
    } finally {
      call?.ended()
    }
  }
}

/** Tells of each write, when it has its effect, whether another Lambda's had one since it was sent. */
function overlaps(nowMs: () => number): () => () => boolean {
  let last: { readonly atMs: number; readonly by: number | undefined } | undefined
  return () => {
    const [sentMs, by] = [nowMs(), currentInvocation()?.id]
    return () => {
      const isOverlapping = last !== undefined && last.by !== by && last.atMs > sentMs
      last = { atMs: nowMs(), by }
      return isOverlapping
    }
  }
}

function answer(status: number, body: unknown): Answer {
  const text = JSON.stringify(body)
  return { status, json: async () => parseJson(text) }
}

/** What the ERP answers to one request of its connector. */
export function answerErp(books: Books, operation: string, body: string, nowMs: number): unknown {
  const value = parseJson(body)
  if (operation === 'find') return find(books, FindRequest.parse(value), nowMs)
  if (operation === 'records') return recordsFor(books, RecordsRequest.parse(value))
  if (operation !== 'read') return books.apply(WriteRequest.parse(value))
  const { kind, id } = ReadRequest.parse(value)
  return numbered(books, kind, id)
}

function recordsFor(books: Books, request: RecordsRequest): readonly ErpRecord[] {
  return 'by' in request ? recordsBy(books, request.by, request.is) : recordsIn(books, request.from, request.to)
}

function find(books: Books, request: FindRequest, nowMs: number): FindReply {
  const { kind, reference, ids, parentId } = request
  const seenIn: SeenIn = (documents) =>
    documentsNamed(documents, ids, reference).filter(
      ({ id, visibleFromMs }) => ids.includes(id) || visibleFromMs <= nowMs,
    )
  const found = foundIn(books, kind, seenIn)
  const { salesOrders, deliveries, invoices, creditNotes, purchaseOrders, supplierBills } = books
  const parents: readonly (readonly Entry[])[] = [
    ...[salesOrders, deliveries, invoices, creditNotes],
    ...[purchaseOrders, supplierBills],
  ]
  const [parent] = parentId === undefined ? [] : parents.flatMap((documents) => named(documents, parentId))
  return { found, ...(parent !== undefined && { parentStamp: String(parent.stamp) }) }
}

type SeenIn = <Document extends Entry>(documents: readonly Document[]) => readonly Document[]

function foundIn(books: Books, kind: FindRequest['kind'], seenIn: SeenIn): Found[] {
  const seen = <Document extends Entry>(
    documents: readonly Document[],
    more: (document: Document) => Omit<Found, 'id' | 'stamp'>,
  ) => seenIn(documents).map((one) => ({ id: one.id, stamp: String(one.stamp), ...more(one) }))
  switch (kind) {
    case 'sales-order':
      return seen(books.salesOrders, ({ isConfirmed, customer, lines, claims, endings }) => ({
        isAdvanced: isConfirmed,
        customer,
        lines: [...lines],
        claimedBy: claims.map(({ reference }) => reference),
        endedBy: endings,
      }))
    case 'goods-issue':
      return seen(books.deliveries, ({ lines }) => ({ isAdvanced: true, lines: [...lines] }))
    case 'goods-return':
      return seen(books.goodsReturns, ({ lines }) => ({ isAdvanced: true, lines: [...lines] }))
    case 'customer-invoice':
      return seen(books.invoices, ({ isPosted, cents }) => ({ isAdvanced: isPosted, cents }))
    case 'credit-note':
      return seen(books.creditNotes, ({ isPosted, cents, lines }) => ({
        isAdvanced: isPosted,
        cents,
        lines: [...lines],
      }))
    case 'payment-on-account':
      return seen(books.accountPayments, ({ isPosted, direction, customer, cents }) => ({
        isAdvanced: isPosted,
        direction,
        customer,
        cents,
      }))
    case 'payment-allocation':
      return seen(books.allocations, ({ invoiceId, cents }) => ({ isAdvanced: true, invoiceId, cents }))
    case 'purchase-order':
      return seen(books.purchaseOrders, ({ isConfirmed, supplier, lines, claims, endings }) => ({
        isAdvanced: isConfirmed,
        customer: supplier,
        lines: [...lines],
        claimedBy: claims.map(({ reference }) => reference),
        endedBy: endings,
      }))
    case 'goods-receipt':
      return seen(books.goodsReceipts, ({ lines }) => ({ isAdvanced: true, lines: [...lines] }))
    case 'supplier-return':
      return seen(books.supplierReturns, ({ lines }) => ({ isAdvanced: true, lines: [...lines] }))
    case 'supplier-invoice':
    case 'supplier-credit-note':
      return seen(
        books.supplierBills.filter((one) => one.kind === kind),
        ({ isPosted, number, cents, lines }) => ({ isAdvanced: isPosted, number, cents, lines: [...lines] }),
      )
    case 'supplier-payment':
      return seen(books.supplierPayments, ({ invoiceId, over, cents }) => ({
        isAdvanced: true,
        invoiceId,
        over,
        cents,
      }))
  }
}
