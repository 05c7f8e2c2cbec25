import type { Entry } from '../../../../bin/commands/publish/read-entries.ts'
import type { Random } from '../../../simulation/random.ts'
import { repeated } from '../events-of-story.ts'
import { fixed } from '../oracle/decimal.ts'
import { grossOf, netOf, taxOf } from './oracle/amounts.ts'
import { type Bill, currencies, type Happening, type PurchaseStory } from './story.ts'
import { ublOf } from './ubl.ts'

const source = 'shop'

/** An act's events in any order, each of them up to three times, as their publishers tell of them. */
export function purchaseEventsOf(story: PurchaseStory, act: number, random: Random, today: string): readonly Entry[] {
  return repeated(
    (story.acts[act] ?? []).map((happening) => entryOf(story, happening, today)),
    random,
  )
}

function entryOf(story: PurchaseStory, happening: Happening, today: string): Entry {
  const { detailType, name, data } = eventOf(story, happening, today)
  const id = `${source}/${detailType}/${story.number}/${name}`
  const version = happening.kind === 'requisition' && { sourceVersion: happening.order.version }
  return { where: id, source, detailType, detail: { metadata: { id, schemaVersion: '1', ...version }, data } }
}

interface PurchaseEvent {
  readonly detailType: string
  readonly name: string
  readonly data: unknown
}

function eventOf(story: PurchaseStory, happening: Happening, today: string): PurchaseEvent {
  const purchaseOrder = story.number
  switch (happening.kind) {
    case 'requisition': {
      const { version } = happening.order
      const detailType = version % 2 === 1 ? 'PurchaseRequisitionSubmitted' : 'PurchaseOrderChanged'
      return { detailType, name: String(version), data: requisitionOf(story, happening.order, today) }
    }
    case 'goods-receipt': {
      const { number, lines } = happening
      const data = { purchaseOrder, deliveryNote: number, receivedOn: today, ...(lines && { lines }) }
      return { detailType: 'GoodsReceived', name: number, data }
    }
    case 'supplier-return': {
      const { number, lines } = happening
      const data = { purchaseOrder, return: number, returnedOn: today, ...(lines && { lines }) }
      return { detailType: 'GoodsReturned', name: number, data }
    }
    case 'supplier-invoice': {
      const dueOn = new Date(Date.parse(today) + happening.dueInDays * 86_400_000).toISOString().slice(0, 10)
      const data = happening.isUbl
        ? { purchaseOrder, ubl: ublOf(story, happening, today, dueOn) }
        : { ...billOf(story, happening, today), dueOn }
      return { detailType: 'SupplierInvoiceReceived', name: happening.number, data }
    }
    case 'supplier-credit-note': {
      const { lines, ...bill } = billOf(story, happening, today)
      const credited = lines.map((line) => ({ ...line, kind: happening.of }))
      const data = happening.isUbl
        ? { purchaseOrder, ubl: ublOf(story, happening, today) }
        : { ...bill, lines: credited }
      return { detailType: 'SupplierCreditNoteReceived', name: happening.number, data }
    }
    case 'cancellation': {
      const data = { purchaseOrder, cancellation: happening.number, cancelledOn: today }
      return { detailType: 'PurchaseOrderCancelled', name: happening.number, data }
    }
    case 'closing': {
      const data = { purchaseOrder, closing: happening.number, closedOn: today }
      return { detailType: 'PurchaseOrderClosed', name: happening.number, data }
    }
  }
}

function requisitionOf(
  { number, supplier, currency }: PurchaseStory,
  { lines, freight }: Extract<Happening, { kind: 'requisition' }>['order'],
  today: string,
) {
  return {
    ...{ number, company: 'main', orderedOn: today, currency, supplier: { id: supplier } },
    lines: lines.map(({ item, ...line }) => ({ ...line, item: { id: item } })),
    ...(freight && { freight }),
  }
}

/** With all its totals, as the supplier has computed them. */
function billOf({ number: purchaseOrder, currency }: PurchaseStory, bill: Bill, today: string) {
  const { digits } = currencies[currency]
  return {
    ...{ purchaseOrder, number: bill.number, issuedOn: today, currency, lines: bill.lines },
    ...(bill.freight && { freight: bill.freight }),
    netTotal: fixed(netOf(bill, digits), digits),
    taxTotal: fixed(taxOf(bill, digits), digits),
    grossTotal: fixed(grossOf(bill, digits), digits),
  }
}
