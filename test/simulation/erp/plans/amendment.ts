import type { FoundDocument, PostingPlan } from '#connectors/port.ts'
import type { ErpClient } from '../client.ts'
import type { FindRequest, Found } from '../wire.ts'
import { type Step, sendingStep } from './document.ts'

/** The order that is to be replaced, and the steps on it and on the one that replaces it. */
export type Amendment = {
  readonly kind: FindRequest['kind']
  readonly oldId: string
  readonly reference: string
  readonly claim: Step
  readonly create: Step
  readonly withdraw: Step
  readonly confirm: Step
  inspect(found: Found): FoundDocument
}

/**
 * A newer version is an order of its own. First the old one says which version is to replace it; it is withdrawn when the
 * new one is there, and before that one is confirmed, so that never both of them can be delivered.
 */
export function amendmentPlan(client: ErpClient, amendment: Amendment): PostingPlan {
  const { kind, oldId, reference, claim, create, withdraw, confirm } = amendment
  const request = { kind, reference }
  const oldOnly = new Set([oldId])
  const known = new Set<string>()
  return {
    operations: [
      sendingStep(client, request, oldOnly, claim, false),
      sendingStep(client, request, known, create, false),
      sendingStep(client, request, oldOnly, withdraw, false),
      sendingStep(client, request, known, confirm, true),
    ],
    find: async () => {
      const { found } = await client.find({ ...request, ids: [oldId, ...known] })
      const old = found.find(({ id }) => id === oldId)
      const now = found.filter(({ id }) => id !== oldId)
      for (const { id } of now) known.add(id)
      if (old === undefined) return []
      return now.length > 0 ? now.map((one) => inspect(amendment, old, one)) : [notCreated(amendment, old)]
    },
  }
}

function notCreated({ reference }: Amendment, old: Found): FoundDocument {
  const done = old.claimedBy?.includes(reference) ? 1 : 0
  return { document: { id: old.id, number: old.id }, done, stamp: old.stamp, differences: [] }
}

function inspect({ reference, inspect }: Amendment, old: Found, now: Found): FoundDocument {
  const found = inspect(now)
  const isWithdrawn = old.endedBy?.includes(reference)
  return isWithdrawn ? { ...found, done: found.done + 2 } : { ...found, done: 2, stamp: old.stamp }
}
