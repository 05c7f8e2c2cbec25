import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sendEntries } from '../../../bin/commands/publish/send-entries.ts'
import { entryOf } from '../redrive-many/failing-orders.ts'

/** A shop and a warehouse that publish all the time, until one of them is stopped. */
export function startTraffic(bus: string) {
  const publishing = { orders: true, goodsIssues: true }
  const ended = new AbortController()
  const publish = async () => {
    for (let count = 1; !ended.signal.aborted; count++) {
      const number = `A${count}-${randomUUID().slice(0, 8)}`
      const order = entryOf({ number, code: 'CREDIT_LIMIT' })
      const issued = {
        salesOrder: number,
        deliveryNote: `DN-${number}`,
        issuedOn: new Date().toISOString().slice(0, 10),
      }
      const goodsIssue = {
        where: number,
        source: 'shop',
        detailType: 'GoodsIssued',
        detail: { metadata: { id: randomUUID() }, data: issued },
      }
      const entries = [...(publishing.orders ? [order] : []), ...(publishing.goodsIssues ? [goodsIssue] : [])]
      await sendEntries(entries, bus, () => {})
      // Whoever publishes has a pace of its own; nobody waits for this.
      await sleep(5_000, undefined, { signal: ended.signal }).catch(() => undefined)
    }
  }
  const running = publish()
  return {
    publishing,
    async stop(): Promise<void> {
      ended.abort()
      await running
    },
  }
}
