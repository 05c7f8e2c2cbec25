import { numberOf } from '../hub/bus-listener.ts'
import type { FailingOrder } from './failing-orders.ts'
import type { Scene } from './play-redrive.ts'

/** Nothing new for so long: it will not come any more. */
const silentAtMostMs = 300_000
const tellEveryMs = 30_000

/** Listens to the bus until the hub has said this of each order, or of all but so many. */
export async function untilSaid(
  detailType: string,
  orders: readonly FailingOrder[],
  { bus, say }: Pick<Scene, 'bus' | 'say'>,
  butFor = 0,
): Promise<void> {
  const waiting = new Set(orders.map(({ number }) => number))
  let newAtMs = Date.now()
  let toldAtMs = newAtMs
  for (let at = 0; ; ) {
    for (const event of bus.heard.slice(at)) {
      if (event['detail-type'] === detailType) waiting.delete(numberOf(event))
    }
    if (bus.heard.length > at) newAtMs = Date.now()
    at = bus.heard.length
    if (waiting.size <= butFor) return
    if (Date.now() - newAtMs > silentAtMostMs) {
      throw new Error(`${detailType} of ${waiting.size} orders was not said, as of ${[...waiting][0]}`)
    }
    if (Date.now() - toldAtMs > tellEveryMs) {
      say(`  ${orders.length - waiting.size} of ${orders.length}: ${detailType}`)
      toldAtMs = Date.now()
    }
    await bus.listen()
  }
}
