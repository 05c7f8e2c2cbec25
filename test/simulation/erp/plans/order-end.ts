import type { PostingPlan } from '#connectors/port.ts'
import type { ErpClient } from '../client.ts'
import type { FindRequest } from '../wire.ts'
import { type Step, sendingStep } from './document.ts'

/** A change of the order itself, which says by what it was ended. */
export function orderEndPlan(
  client: ErpClient,
  kind: FindRequest['kind'],
  orderId: string,
  reference: string,
  end: Step,
): PostingPlan {
  const request = { kind, reference }
  return {
    operations: [sendingStep(client, request, new Set([orderId]), end, false)],
    find: async () => {
      const { found } = await client.find({ ...request, ids: [orderId] })
      return found.map(({ id, stamp, endedBy }) => ({
        document: { id, number: id },
        done: endedBy?.includes(reference) ? 1 : 0,
        stamp,
        differences: [],
      }))
    },
  }
}
