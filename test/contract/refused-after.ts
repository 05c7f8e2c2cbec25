import { expect } from 'vitest'
import type { PostingPlan, SendOutcome } from '#connectors/port.ts'
import { BusinessError } from '#domain/errors.ts'
import { bringToTarget } from './bring-to-target.ts'

/** The plan until it is refused; something happens once this operation is answered. */
export async function refusedAfter(
  plan: PostingPlan,
  operation = '',
  happens: () => Promise<unknown> = async () => {},
) {
  const said: string[] = []
  let last: SendOutcome | undefined
  const journey = bringToTarget(plan, {
    send: async (one, stamp) => {
      last = await one.send(stamp)
      said.push(`${one.name}: ${last.kind}`)
      return last
    },
    after: async (one) => {
      if (one.name === operation) await happens()
    },
  })
  await expect(journey).rejects.toThrow(BusinessError)
  return { said, last }
}
