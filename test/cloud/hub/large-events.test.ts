import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { describe, expect, it } from 'vitest'
import { events } from '#aws/clients/events.ts'
import { PayloadReference } from '#aws/payload-store.ts'
import { read } from '#aws/table.ts'
import { sortKey } from '#domain/keys.ts'
import { sizeOf } from '../../../bin/commands/publish/batches.ts'
import { booksOf, bus, hub, newNumber, salesOrder } from './hub-under-test.ts'

/** An order whose event has so many bytes: metadata may say what it likes, and the order's own lines as much as they do. */
function submittedOf(bytes: number, order: { readonly number: string }) {
  const entry = (note: string) => ({
    where: order.number,
    source: 'shop',
    detailType: 'SalesOrderSubmitted',
    detail: { metadata: { id: `shop/${order.number}`, note }, data: order },
  })
  return entry('x'.repeat(bytes - sizeOf(entry(''))))
}

async function publishTwice({ source, detailType, detail }: ReturnType<typeof submittedOf>): Promise<void> {
  const entry = { EventBusName: hub.bus, Source: source, DetailType: detailType, Detail: JSON.stringify(detail) }
  for (let time = 1; time <= 2; time++) {
    const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries: [entry] }))
    expect(FailedEntryCount).toBe(0)
  }
}

/** What the item of the order's body holds: itself, or where it lies. */
async function heldBody(number: string): Promise<unknown> {
  return (await read({ pk: `shop/sales-order/${number}`, sk: sortKey.body(1) }))?.body
}

describe('an event', () => {
  it.each([255, 256, 257, 900, 1023])('of %i KiB that comes twice becomes one sales order', async (kib) => {
    const number = newNumber('K')
    await publishTwice(submittedOf(kib * 1024, salesOrder(number)))
    await bus.until('SalesOrderCreated', number)
    const { sales } = await booksOf(number)
    expect(sales).toEqual([expect.objectContaining({ state: 'processing', untaxed_amount: '44.50' })])
  })

  it('whose order alone is too large for an item of the table becomes one sales order with all of its lines', async () => {
    const number = newNumber('K')
    const lines = Array.from({ length: 450 }, (_, index) => ({
      number: String(index + 1),
      item: { id: index % 2 === 0 ? 'P01' : 'P02', name: '注'.repeat(200) },
      quantity: '1',
      unitPrice: '1.00',
    }))
    const order = salesOrder(number, { lines, freight: undefined, netTotal: `${lines.length}.00` })
    await publishTwice(submittedOf(900 * 1024, order))
    await bus.until('SalesOrderCreated', number, 200)
    expect(PayloadReference.strict().safeParse(await heldBody(number)).success).toBe(true)
    const { sales } = await booksOf(number)
    expect(sales).toEqual([expect.objectContaining({ state: 'processing', untaxed_amount: `${lines.length}.00` })])
  })
})
