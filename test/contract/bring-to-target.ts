import { setTimeout as sleep } from 'node:timers/promises'
import type { FoundDocument, Operation, PostingPlan, SendOutcome } from '#connectors/port.ts'
import { BusinessError, RetryableError } from '#domain/errors.ts'
import { decideReadBack } from '#domain/posting.ts'

/** What happened on the way to the target: each operation with the ERP's word for it. */
export interface Journey {
  readonly sent: readonly { readonly operation: string; readonly said: SendOutcome['kind'] }[]
  readonly document: FoundDocument
}

/** Called before and after an operation is sent, with the stamp that goes with it. */
export interface Hooks {
  before?(operation: Operation): void
  after?(operation: Operation, stamp: string | undefined): Promise<void>
}

const attempts = 200
const pauseMs = 50

/**
 * Walks a plan as the posting table does, without its store: reads, sends what is left, repeats what is in doubt with
 * the stamp that it had, and reads again.
 * @throws BusinessError when the ERP refuses, Error for a conflict
 */
export async function bringToTarget(plan: PostingPlan, hooks: Hooks = {}): Promise<Journey> {
  const sent: { operation: string; said: SendOutcome['kind'] }[] = []
  let operation = -1
  let said: 'answered' | 'exists' | 'changed' | 'first-look' = 'first-look'
  let inDoubt = false
  for (let round = 0; round < attempts; round++) {
    const found = await patiently(() => plan.find())
    const decision = decideReadBack(found, plan.operations.length, operation, said, inDoubt)
    const [document] = found
    if (decision.do === 'post' && document) return { sent, document }
    if (decision.do !== 'next') throw new Error(decision.do === 'conflict' ? `conflict: ${decision.why}` : decision.do)
    operation = decision.operation
    inDoubt = false
    const next = plan.operations[operation]
    if (next === undefined) throw new Error(`The plan has no operation ${operation}`)
    for (let attempt = 0; ; attempt++) {
      hooks.before?.(next)
      const outcome = await next.send(document?.stamp)
      sent.push({ operation: next.name, said: outcome.kind })
      if (outcome.kind === 'refused') throw new BusinessError(outcome.refusal)
      if (outcome.kind === 'no-answer') inDoubt = true
      else if (outcome.kind !== 'not-applied') {
        said = outcome.kind
        break
      }
      if (attempt === attempts) throw new Error(`${next.name} was never answered`, { cause: outcome.cause })
      await sleep(pauseMs)
    }
    await hooks.after?.(next, document?.stamp)
  }
  throw new Error('The plan goes round in circles')
}

async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof RetryableError) || attempt === attempts) throw error
      await sleep(pauseMs)
    }
  }
}
