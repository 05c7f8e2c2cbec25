import type { Entry } from '../../../bin/commands/publish/read-entries.ts'
import type { Random } from '../../simulation/random.ts'
import type { Happening, OrderVersion, Story } from './story.ts'

const source = 'shop'

/** An act's events in any order, each of them up to three times, as their publisher tells of them. */
export function eventsOf(story: Story, act: readonly Happening[], random: Random, today: string): readonly Entry[] {
  return repeated(
    act.map((happening) => entryOf(story, happening, today)),
    random,
  )
}

/** In any order, each of them up to three times. */
export function repeated(entries: readonly Entry[], random: Random): readonly Entry[] {
  const often = entries.flatMap((entry) =>
    Array.from({ length: random.pick([1, 1, 1, 2, 2, 3] as const) }, () => entry),
  )
  return shuffled(often, random)
}

export function shuffled<Item>(items: readonly Item[], random: Random): readonly Item[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item)
}

function entryOf(story: Story, happening: Happening, today: string): Entry {
  const { detailType, name, version, ...rest } = eventOf(story, happening, today)
  const id = `${source}/${detailType}/${name}`
  const metadata = { id, schemaVersion: '1', ...(version !== undefined && { sourceVersion: version }) }
  return { where: id, source, detailType, detail: { metadata, data: rest.data } }
}

interface StoryEvent {
  readonly detailType: string
  readonly name: string
  readonly data: unknown
  readonly version?: number
}

function eventOf(story: Story, happening: Happening, today: string): StoryEvent {
  const salesOrder = story.number
  switch (happening.kind) {
    case 'order': {
      const { order } = happening
      const name = `${story.number}/${order.version}`
      return {
        detailType: 'SalesOrderSubmitted',
        name,
        version: order.version,
        data: salesOrderOf(story, order, today),
      }
    }
    case 'goods-issue': {
      const { number, lines } = happening
      const data = { salesOrder, deliveryNote: number, issuedOn: today, ...(lines && { lines }) }
      return { detailType: 'GoodsIssued', name: number, data }
    }
    case 'payment': {
      const { number, amount } = happening
      const data = { salesOrder, payment: number, amount, currency: 'EUR', receivedOn: today }
      return { detailType: 'PaymentReceived', name: number, data }
    }
    case 'cancellation': {
      const data = { salesOrder, cancellation: happening.number, cancelledOn: today }
      return { detailType: 'SalesOrderCancelled', name: happening.number, data }
    }
    case 'closing': {
      const data = { salesOrder, closing: happening.number, closedOn: today }
      return { detailType: 'SalesOrderClosed', name: happening.number, data }
    }
    case 'return': {
      const { number, lines } = happening
      const data = { salesOrder, return: number, receivedOn: today, ...(lines && { lines }) }
      return { detailType: 'ReturnReceived', name: number, data }
    }
    case 'refund': {
      const { kind: _kind, number, ...of } = happening
      const currency = of.of === 'amount' && { currency: 'EUR' }
      const data = { salesOrder, refund: number, requestedOn: today, ...of, ...currency }
      return { detailType: 'RefundRequested', name: number, data }
    }
  }
}

function salesOrderOf(
  { number, customer }: Story,
  { version: _version, lines, ...freight }: OrderVersion,
  today: string,
) {
  return {
    number,
    orderedOn: today,
    currency: 'EUR',
    customer: { id: customer },
    lines: lines.map(({ item, ...line }) => ({ ...line, item: { id: item } })),
    ...freight,
  }
}
