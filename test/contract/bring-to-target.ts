import type { FoundDocument, PostingPlan, SendOutcome } from '#connectors/port.ts'
import { decideReadBack } from '#domain/posting.ts'

/** What happened on the way to the target: each operation with the ERP's word for it. */
export interface Journey {
  readonly sent: readonly { readonly operation: string; readonly said: SendOutcome['kind'] }[]
  readonly found: FoundDocument | undefined
  readonly conflict?: string
  readonly stopped?: SendOutcome
}

/** Walks a plan as the posting table does, without the store: reads, sends what is left, reads again. */
export async function bringToTarget(plan: PostingPlan): Promise<Journey> {
  const sent: { operation: string; said: SendOutcome['kind'] }[] = []
  let operation = -1
  let said: 'answered' | 'exists' | 'changed' | 'first-look' = 'first-look'
  for (;;) {
    const found = await plan.find()
    const decision = decideReadBack(found, plan.operations.length, operation, said, false)
    if (decision.do === 'post') return { sent, found: found[0] }
    if (decision.do !== 'next')
      return { sent, found: found[0], conflict: decision.do === 'conflict' ? decision.why : decision.do }
    operation = decision.operation
    const next = plan.operations[operation]
    if (next === undefined) throw new Error(`The plan has no operation ${operation}`)
    const outcome = await next.send(found[0]?.stamp)
    sent.push({ operation: next.name, said: outcome.kind })
    if (outcome.kind !== 'answered' && outcome.kind !== 'exists' && outcome.kind !== 'changed') {
      return { sent, found: found[0], stopped: outcome }
    }
    said = outcome.kind
  }
}
