import { randomUUID } from 'node:crypto'
import type { FoundDocument, PostingPlan, SendOutcome } from '#connectors/port.ts'
import {
  BusinessError,
  ErpBusyError,
  OutcomeUnknownError,
  PostingInProgressError,
  type Refusal,
  RetryableError,
} from '#domain/errors.ts'
import { fingerprint, referenceOf } from '#domain/fingerprint.ts'
import { type PostingName, postingKeyOf } from '#domain/keys.ts'
import {
  decideAttempt,
  decideDoubt,
  decideFirstLook,
  decideOutcome,
  decideReadBack,
  type Intent,
  maySend,
  type PostedDocument,
  type PostingTimes,
  type StandingPart,
} from '#domain/posting.ts'
import type { Ownership } from './case-store.ts'
import { clock } from './clock.ts'
import {
  type Claim,
  claimPosting,
  giveBack,
  intend,
  keepInDoubt,
  type MovedDay,
  markInDoubt,
  markPosted,
  readPosting,
  refuse,
} from './posting-store.ts'

/** One document on its way into one ERP. */
export interface PostingRequest {
  readonly owner: Ownership
  readonly name: PostingName
  /** The canonical document with its version; its fingerprint binds the key to this content. */
  readonly content: unknown
  /** The plan under the reference that this posting has in the ERP. */
  readonly plan: (reference: string) => PostingPlan
  readonly referenceLength: number
  /** The ERP's name, for messages. */
  readonly system: string
  readonly times: PostingTimes
  /** When the Lambda will be ended, so that nothing is sent that could not be awaited. */
  readonly endsAtMs: number
  /** What the posting calendar has made of the document's date; no part of its content. */
  readonly moved?: MovedDay | undefined
}

export interface Posted {
  readonly document: PostedDocument
  /** True when an earlier attempt had posted it already. */
  readonly replayed: boolean
}

/** An attempt under way: the claim, the plan, and whether something may be on its way from before. */
interface Attempt {
  readonly request: PostingRequest
  readonly claim: Claim
  readonly plan: PostingPlan
  readonly key: string
  inDoubt: boolean
  /** Whether this attempt has stored an intent: from then on nothing of it is refused for sure. */
  hasSent: boolean
  /** How many operations are known to be applied, by this attempt or one before. */
  applied: number
  /** The document as it was last read. */
  shown: PostedDocument | undefined
}

/** What is known after a look at the ERP: what it said, to which operation, and what stands there now. */
interface Position {
  readonly operation: number
  readonly said: 'answered' | 'exists' | 'changed' | 'looked-up' | 'first-look'
  readonly found: readonly FoundDocument[]
}

/**
 * Brings a document to its target state in the ERP, once, by the posting table (functions/domain/posting.ts).
 * @throws PostingInProgressError another attempt is at work; OutcomeUnknownError no answer, the doubt is stored;
 *   RetryableError not applied; BusinessError refused, a conflict, or a doubt for a person; SupersededError not the owner
 */
export async function postDocument(request: PostingRequest): Promise<Posted> {
  const key = postingKeyOf(request.owner.caseKey, request.name)
  const content = { fingerprint: fingerprint(request.content), reference: referenceOf(key, request.referenceLength) }
  // Drawn once for this invocation, before its first write, and never from the execution, the state or a counter.
  const claimId = randomUUID()
  const seen = await readPosting(request.owner.caseKey, request.name)
  const decision = decideAttempt(seen, content.fingerprint, clock.nowMs(), request.times)
  if (decision.do === 'replay') return { document: decision.document, replayed: true }
  if (decision.do === 'conflict') throw conflict(request, key, 'the same key was posted with other content')
  if (decision.do === 'wait') throw inProgress(request, key)
  if (decision.do === 'refuse') throw new BusinessError(decision.refusal, { document: key, system: request.system })

  const sentAtMs = decision.do === 'claim-doubt' ? decision.sentAtMs : undefined
  const claim = await claimPosting(request.owner, request.name, seen, claimId, content, sentAtMs)
  const plan = request.plan(content.reference)
  const attempt: Attempt = {
    request,
    claim,
    plan,
    key,
    inDoubt: sentAtMs !== undefined,
    hasSent: false,
    applied: 0,
    shown: undefined,
  }
  const start =
    sentAtMs === undefined || seen?.intent === undefined
      ? { operation: -1, said: 'first-look' as const, found: await firstLook(attempt) }
      : await resolveDoubt(attempt, seen.intent, sentAtMs)
  return { document: await advance(attempt, start), replayed: false }
}

/** Does what is left, one operation after the other, and reads the document back after each. */
async function advance(attempt: Attempt, start: Position): Promise<PostedDocument> {
  const { plan, claim, request } = attempt
  let position = start
  // Each operation once, and once more after a stamp that was too old.
  for (let round = 0; round <= 2 * plan.operations.length; round++) {
    const [found] = position.found
    attempt.applied = Math.max(attempt.applied, found?.done ?? 0)
    attempt.shown = found?.document
    const decision = decideReadBack(
      position.found,
      plan.operations.length,
      position.operation,
      position.said,
      attempt.inDoubt,
    )
    if (decision.do === 'conflict') return await refuseConflict(attempt, decision.why)
    if (decision.do === 'not-shown-yet') {
      await markInDoubt(claim)
      throw unknown(attempt, `${request.system} said "${position.said}" for ${attempt.key}, but does not show it yet`)
    }
    if (decision.do === 'post') {
      if (found === undefined) throw new Error(`${attempt.key} is to be posted, but was not found`)
      const note = attempt.inDoubt ? 'found in the ERP, after a lost answer' : undefined
      await markPosted(claim, found.document, note, request.moved)
      return found.document
    }
    const index = decision.do === 'next' ? decision.operation : Math.max(position.operation, 0)
    position = await send(attempt, index, found?.stamp)
  }
  throw new OutcomeUnknownError(`${attempt.key} did not reach its target after every operation was sent`, {
    document: attempt.key,
    system: request.system,
  })
}

/** Stores the intent, sends one operation, and reads back what it did. */
async function send(attempt: Attempt, index: number, stamp: string | undefined): Promise<Position> {
  const operation = attempt.plan.operations[index]
  if (operation === undefined) throw new Error(`${attempt.key} has no operation ${index}`)
  if (!hasTimeToSend(attempt)) {
    await giveBackAll(attempt)
    throw new RetryableError(`Too little of the lease is left to send ${operation.name} for ${attempt.key}`, {
      document: attempt.key,
      system: attempt.request.system,
    })
  }
  await intend(attempt.claim, { operation: operation.name, doubt: operation.doubt, stamp }, index)
  attempt.inDoubt = false
  attempt.hasSent = true
  return await handle(attempt, index, operation.name, await operation.send(stamp))
}

/** Ends a doubt by the row of its kind, or throws what the machine has to do about it. */
async function resolveDoubt(attempt: Attempt, intent: Intent, sentAtMs: number): Promise<Position> {
  const { claim, plan, request } = attempt
  const index = plan.operations.findIndex((operation) => operation.name === intent.operation)
  const operation = plan.operations[index]
  const decision =
    operation === undefined
      ? { do: 'ask-a-person' as const }
      : decideDoubt(intent.doubt, sentAtMs, clock.nowMs(), request.times)
  if (operation === undefined || decision.do === 'ask-a-person') {
    return await keepForPerson(attempt, {
      code: 'IN_DOUBT',
      message: `${request.system} did not answer ${intent.operation} for ${attempt.key}, and cannot tell whether it was applied. Look there, then decide.`,
      owner: 'finance',
    })
  }
  if (decision.do === 'wait') {
    await keepInDoubt(claim)
    throw unknown(attempt, `${attempt.key} is looked up when ${request.system} has settled`)
  }
  if (decision.do === 'look-up' || (claim.before?.seen !== undefined && intent.doubt === 'look-up')) {
    const found = await look(attempt)
    if (found.length === 0 && claim.before?.seen !== undefined) {
      await keepInDoubt(claim)
      throw unknown(attempt, `${attempt.key} was answered late, but cannot be found yet`)
    }
    return { operation: index, said: 'looked-up', found }
  }
  if (!hasTimeToSend(attempt)) {
    await keepInDoubt(claim)
    throw unknown(attempt, `Too little of the lease is left to repeat ${operation.name} for ${attempt.key}`)
  }
  return await handle(attempt, index, operation.name, await operation.send(intent.stamp))
}

/** What the ERP's answer makes of the posting: reads back, or stores what follows and throws. */
async function handle(attempt: Attempt, index: number, name: string, outcome: SendOutcome): Promise<Position> {
  const { claim, request } = attempt
  const decision = decideOutcome(outcome.kind, attempt.inDoubt)
  switch (outcome.kind) {
    case 'answered':
    case 'exists':
      attempt.applied = Math.max(attempt.applied, index + 1)
      return { operation: index, said: outcome.kind, found: await lookAfter(attempt) }
    case 'changed':
      return { operation: index, said: outcome.kind, found: await lookAfter(attempt) }
    case 'refused':
      if (decision === 'keep-doubt-with-refusal') return await keepForPerson(attempt, outcome.refusal)
      await refuse(claim, outcome.refusal, outcome.undone ? undefined : standingOf(attempt))
      throw new BusinessError(outcome.refusal, { document: attempt.key, system: request.system })
    case 'not-applied':
      await giveBackAll(attempt)
      // The machine reads from it how long to wait.
      if (outcome.cause instanceof ErpBusyError) throw outcome.cause
      throw new RetryableError(`${request.system} did not apply ${name} for ${attempt.key}`, {
        cause: outcome.cause,
        document: attempt.key,
        system: request.system,
      })
    case 'no-answer':
      await markInDoubt(claim)
      throw unknown(attempt, `${request.system} did not answer ${name} for ${attempt.key}`, outcome.cause)
  }
}

/** What operations before a refused one have left in the ERP. */
function standingOf({ applied, shown, plan }: Attempt): StandingPart | undefined {
  if (applied === 0 || shown === undefined) return undefined
  const operations = plan.operations.slice(0, applied).map(({ name }) => name)
  return { id: shown.id, number: shown.number, operations }
}

/** Looks how far the document is, and believes it only when it shows what is known to be applied. */
async function firstLook(attempt: Attempt): Promise<readonly FoundDocument[]> {
  const found = await look(attempt)
  const { claim, request } = attempt
  const done = found[0]?.done ?? 0
  const next = attempt.plan.operations[done]?.doubt
  const decision = decideFirstLook(done, claim.before?.applied, next, clock.nowMs(), request.times)
  if (decision === 'wait') {
    await giveBackAll(attempt)
    throw unknown(attempt, `${attempt.key} is applied in part, and ${request.system} does not show it yet`)
  }
  if (decision === 'conflict') return await refuseConflict(attempt, 'what was applied is no longer there')
  return found
}

/** Looks before anything of this attempt was sent; when the ERP cannot be asked, everything is given back. */
async function look(attempt: Attempt): Promise<readonly FoundDocument[]> {
  try {
    return await attempt.plan.find()
  } catch (error) {
    await giveBackAll(attempt)
    throw error
  }
}

/** Looks after an operation; when the ERP cannot be asked, its effect is in doubt. */
async function lookAfter(attempt: Attempt): Promise<readonly FoundDocument[]> {
  try {
    return await attempt.plan.find()
  } catch (error) {
    await markInDoubt(attempt.claim)
    throw error
  }
}

async function giveBackAll(attempt: Attempt): Promise<void> {
  if (attempt.inDoubt) await keepInDoubt(attempt.claim)
  else await giveBack(attempt.claim, attempt.applied)
}

async function keepForPerson(attempt: Attempt, refusal: Refusal): Promise<never> {
  await keepInDoubt(attempt.claim, refusal)
  throw new BusinessError(refusal, { document: attempt.key, system: attempt.request.system })
}

async function refuseConflict(attempt: Attempt, why: string): Promise<never> {
  const error = conflict(attempt.request, attempt.key, why)
  const refusal = { code: error.code, message: error.message, owner: error.owner }
  if (attempt.inDoubt || attempt.hasSent) await keepInDoubt(attempt.claim, refusal)
  else await refuse(attempt.claim, refusal)
  throw error
}

function hasTimeToSend({ claim, request }: Attempt): boolean {
  const untilMs = Math.min(claim.leaseEndsAtMs, request.endsAtMs)
  return maySend(untilMs, clock.nowMs(), request.times)
}

function unknown(attempt: Attempt, message: string, cause?: unknown): OutcomeUnknownError {
  return new OutcomeUnknownError(message, { cause, document: attempt.key, system: attempt.request.system })
}

function inProgress(request: PostingRequest, key: string) {
  return new PostingInProgressError(`Another attempt has the posting ${key}`, { document: key, system: request.system })
}

function conflict(request: PostingRequest, key: string, why: string): BusinessError {
  return new BusinessError(
    { code: 'CONFLICT', message: `${key}: ${why}. Compare it in ${request.system} and decide.`, owner: 'finance' },
    { document: key, system: request.system },
  )
}
