import { parseJson } from '../json.ts'
import type { Seam } from '../seam.ts'
import type { Books } from './books.ts'
import { type FindReply, FindRequest, type Found, WriteRequest } from './wire.ts'

/** As much of a Response as the connector reads. */
export type Answer = { readonly status: number; json(): Promise<unknown> }

/** Stands in for `fetch`: every request passes the seam, and has its effect when it arrives. */
export function erpServer(books: Books, seam: Seam, nowMs: () => number) {
  return async (url: string, init: { readonly body: string; readonly signal?: AbortSignal }): Promise<Answer> => {
    const operation = url.slice(url.lastIndexOf('/') + 1)
    const effect = () => answer(200, serve(books, operation, init.body, nowMs()))
    const options = { signal: init.signal, throttled: () => answer(429, {}), unavailable: () => answer(503, {}) }
    return await seam.http({ service: 'erp', operation }, effect, options)
  }
}

function answer(status: number, body: unknown): Answer {
  const text = JSON.stringify(body)
  return { status, json: async () => parseJson(text) }
}

function serve(books: Books, operation: string, body: string, nowMs: number): unknown {
  const value = parseJson(body)
  return operation === 'find' ? find(books, FindRequest.parse(value), nowMs) : books.apply(WriteRequest.parse(value))
}

function find(books: Books, request: FindRequest, nowMs: number): FindReply {
  const { kind, reference, ids, parentId } = request
  const isSeen = (document: { id: string; reference: string; visibleFromMs: number }) =>
    ids.includes(document.id) || (document.reference === reference && document.visibleFromMs <= nowMs)
  const found = foundIn(books, kind, isSeen)
  const parent = [...books.salesOrders, ...books.deliveries, ...books.invoices].find(({ id }) => id === parentId)
  return { found, ...(parent !== undefined && { parentStamp: String(parent.stamp) }) }
}

type IsSeen = (document: { id: string; reference: string; visibleFromMs: number }) => boolean

function foundIn(books: Books, kind: FindRequest['kind'], isSeen: IsSeen): Found[] {
  switch (kind) {
    case 'sales-order':
      return books.salesOrders.filter(isSeen).map(({ id, stamp, isConfirmed, customer, lines }) => ({
        id,
        stamp: String(stamp),
        isAdvanced: isConfirmed,
        customer,
        lines: [...lines],
      }))
    case 'goods-issue':
      return books.deliveries
        .filter(isSeen)
        .map(({ id, stamp, lines }) => ({ id, stamp: String(stamp), isAdvanced: true, lines: [...lines] }))
    case 'customer-invoice':
      return books.invoices
        .filter(isSeen)
        .map(({ id, stamp, isPosted, cents }) => ({ id, stamp: String(stamp), isAdvanced: isPosted, cents }))
    case 'incoming-payment':
      return books.payments
        .filter(isSeen)
        .map(({ id, stamp, invoiceId, cents }) => ({ id, stamp: String(stamp), isAdvanced: true, invoiceId, cents }))
  }
}
