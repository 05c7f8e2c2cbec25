import { setTimeout as sleep } from 'node:timers/promises'
import type { FoundDocument, Operation, PostingPlan, SendOutcome } from '#connectors/port.ts'
import { BusinessError, RetryableError } from '#domain/errors.ts'
import { decideReadBack } from '#domain/posting.ts'

/** What happened on the way to the target: each operation with the ERP's word for it. */
export interface Journey {
  readonly sent: readonly { readonly operation: string; readonly said: SendOutcome['kind'] }[]
  readonly document: FoundDocument
}

/** What a test does to the operations on their way. */
export interface Hooks {
  /** Sends an operation in the test's own manner, under a name that tells it from others that are called alike. */
  send?(operation: Operation, stamp: string | undefined, name: string): Promise<SendOutcome>
  /** Called when the operation has been answered, with the stamp that went with it. */
  after?(operation: Operation, stamp: string | undefined): Promise<void>
  /** Sends once more what was refused, as after somebody has repaired it. */
  readonly insists?: boolean
}

const attempts = 400
const pauseMs = 25

/**
 * Walks a plan as the posting table does, without its store: reads, sends what is left, repeats what is in doubt with
 * the stamp that it had, and reads again.
 * @throws BusinessError when the ERP refuses, Error for a conflict
 */
export async function bringToTarget(plan: PostingPlan, hooks: Hooks = {}, prefix = ''): Promise<Journey> {
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
      const name = `${prefix}${next.name}`
      const outcome = await (hooks.send?.(next, document?.stamp, name) ?? next.send(document?.stamp))
      sent.push({ operation: name, said: outcome.kind })
      if (outcome.kind === 'refused' && !hooks.insists) throw new BusinessError(outcome.refusal)
      if (outcome.kind === 'no-answer') inDoubt = true
      else if (outcome.kind !== 'not-applied' && outcome.kind !== 'refused') {
        said = outcome.kind
        break
      }
      if (attempt === attempts) throw new Error(`${next.name} was never answered: ${JSON.stringify(outcome)}`)
      await sleep(attempt === 0 ? 0 : pauseMs)
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
