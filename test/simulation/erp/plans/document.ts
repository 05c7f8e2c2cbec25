import type { FoundDocument, Operation, PostingPlan } from '#connectors/port.ts'
import type { ErpClient } from '../client.ts'
import type { Profile } from '../profiles.ts'
import type { FindRequest, Found, WriteRequest } from '../wire.ts'

export type Step = Pick<Operation, 'name' | 'doubt'> & {
  /** @param id of the document that the plan is about; empty for the step that makes it */
  request(stamp: string | undefined, id: string): WriteRequest
}

/** A step that says only which document it is about. */
export function step<Name extends string>(
  name: Name,
  doubt: Step['doubt'],
  request: (sent: { readonly operation: Name; readonly stamp: string | undefined }, id: string) => WriteRequest,
): Step {
  return { name, doubt, request: (stamp, id) => request({ operation: name, stamp }, id) }
}

/** Operations on one document, of which the first makes it: what answers name is known by its id from then on. */
export function documentPlan(
  client: ErpClient,
  request: Omit<FindRequest, 'ids'>,
  toDocument: (found: Found) => FoundDocument,
  steps: readonly Step[],
): PostingPlan {
  const known = new Set<string>()
  const [first] = steps
  return {
    operations: steps.map((one, index) => sendingStep(client, request, known, one, index > 0)),
    find: async () => {
      const { found, parentStamp } = await client.find({ ...request, ids: [...known] })
      for (const { id } of found) known.add(id)
      if (found.length > 0 || first?.doubt !== 'if-unchanged') return found.map(toDocument)
      const stamp = parentStamp === undefined ? {} : { stamp: parentStamp }
      return [{ document: { id: 'none' }, done: 0, ...stamp, differences: [] }]
    },
  }
}

/** @param known ids of the document, found or answered; the step adds what it learns */
export function sendingStep(
  client: ErpClient,
  request: Omit<FindRequest, 'ids'>,
  known: Set<string>,
  { name, doubt, request: toRequest }: Step,
  needsDocument: boolean,
): Operation {
  return {
    name,
    doubt,
    send: async (stamp) => {
      if (needsDocument && known.size === 0) {
        try {
          const { found } = await client.find({ ...request, ids: [] })
          for (const { id } of found) known.add(id)
        } catch (cause) {
          return { kind: 'not-applied', cause }
        }
        // Nothing was sent, and the document that it is about is not there (any more).
        if (known.size === 0) return { kind: 'changed' }
      }
      const { outcome, id } = await client.write(toRequest(stamp, [...known][0] ?? ''))
      if (id !== undefined) known.add(id)
      return outcome
    },
  }
}

export function guardedBy({ follow }: Profile, parentId: string): { readonly parentId: string } | undefined {
  return follow === 'if-unchanged' ? { parentId } : undefined
}
