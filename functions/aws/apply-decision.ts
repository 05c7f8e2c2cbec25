import { randomUUID } from 'node:crypto'
import type { Decision } from '#domain/decision.ts'
import { BusinessError, ErpBusyError, PoisonMessageError, RetryableError } from '#domain/errors.ts'
import { changeOf, decideOn } from '#domain/inbox.ts'
import type { PostedDocument } from '#domain/posting.ts'
import { processOf } from '#domain/processes.ts'
import { parse } from '#domain/schema.ts'
import { type Adoption, adoptedBefore, findAdopted } from './adopt.ts'
import { transactTold } from './audit.ts'
import { partsOf } from './carry-out.ts'
import { readCase } from './case-store.ts'
import { clock } from './clock.ts'
import { environment } from './environment.ts'
import { erp } from './erp.ts'
import { withErpSlot } from './erp-budget/gate.ts'
import { slotRequest } from './erp-budget/request.ts'
import { type Background, readBackground } from './inbox-ground.ts'
import { decidedPart, type InboxItem, noteRefusal, propose, readInboxItem, type StoredDecision } from './inbox-store.ts'
import { postingTimes } from './posting-times.ts'
import { repair } from './reconciliation/repair.ts'
import { AskedRepair } from './reconciliation/repairing.ts'
import { momentaryWindow } from './reconciliation/window.ts'
import { startExecution } from './start-execution.ts'
import { wake } from './tokens.ts'

/** What became of a decision. */
export type Outcome = 'applied' | 'proposed' | 'duplicate' | { readonly code: string; readonly message: string }

/**
 * Carries a decision out, once however often it comes, and lets the case go on.
 * @param id of the event that brought it
 * @throws PoisonMessageError when there is no such question; RetryableError when the ERP cannot be asked, or the question
 *   changes faster than it can be decided
 */
export async function applyDecision(id: string, decision: Decision): Promise<Outcome> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const item = await readInboxItem(decision.case, decision.item)
    if (item === undefined) {
      throw new PoisonMessageError(`There is no question ${decision.item} about ${decision.case}`, {
        document: decision.case,
      })
    }
    if (item.heard?.has(id)) {
      // The delivery before may have died between its write and the case's going on.
      if (item.decision?.id === id) await goOn(item)
      return 'duplicate'
    }
    const outcome = await takeOne(item, id, decision)
    if (outcome !== 'changed-meanwhile') return outcome
  }
  throw new RetryableError(`The question ${decision.item} changes faster than it can be decided`, {
    document: decision.case,
  })
}

async function takeOne(item: InboxItem, id: string, decision: Decision): Promise<Outcome | 'changed-meanwhile'> {
  const { choice, reason, by, document: named } = decision
  const decide = (document?: PostedDocument) =>
    decideOn(item, { ...decision, id }, environment().FOUR_EYES_ABOVE, document)
  const allowed = decide()
  if (allowed.do === 'refuse') return await refuse(item, id, allowed)
  const background = await readBackground(item)
  if (background.change !== undefined) {
    return await refuse(item, id, { code: 'STALE', message: `${background.change}; nothing was done` })
  }
  if (item.ground.difference !== undefined) return await repairDifference(item, id, decision, allowed.do)
  const adoption = choice === 'adopt' ? await adoptionOf(item, background, named ?? '') : undefined
  if (adoption !== undefined && 'code' in adoption) return await refuse(item, id, adoption)
  const outcome = decide(adoption?.document)
  if (outcome.do === 'refuse') return await refuse(item, id, outcome)
  const said: StoredDecision = { id, choice, reason, by, document: named, atMs: clock.nowMs() }
  if (outcome.do === 'propose') return (await propose(item, said)) ? 'proposed' : 'changed-meanwhile'
  const stored = { ...said, proposedBy: item.proposal?.by }
  const carriedOut = partsOf(item, background, decision, stored, adoption?.document)
  if ('code' in carriedOut) return await refuse(item, id, carriedOut)
  const written = await transactTold(item.pk, carriedOut.parts, carriedOut.fact)
  if (!written.ok) {
    const before = adoptedBefore(written.item)
    return before === undefined ? 'changed-meanwhile' : await refuse(item, id, before)
  }
  await goOn({ ...item, status: 'decided', decision: stored })
  return 'applied'
}

/** What is decided about a difference is its repair, which ends the question in its own transaction. */
async function repairDifference(item: InboxItem, id: string, decision: Decision, as: 'apply' | 'propose') {
  const { choice, reason, by, document } = decision
  const said: StoredDecision = { id, choice, reason, by, document, atMs: clock.nowMs() }
  if (as === 'propose') return (await propose(item, said)) ? 'proposed' : 'changed-meanwhile'
  const stored = { ...said, proposedBy: item.proposal?.by }
  const window = momentaryWindow(randomUUID(), clock.nowMs() + postingTimes().leaseMs)
  const asked = parse(
    AskedRepair,
    { key: item.ground.difference?.key, repair: choice, by, reason, ...(document !== undefined && { document }) },
    `The decision on ${item.id}`,
  )
  const { became, text } = await repair(window, asked, [decidedPart(item, stored)])
  return became === 'repaired' ? 'applied' : await refuse(item, id, { code: 'NOT_REPAIRED', message: text })
}

/** What the hub itself refuses to do, such as to translate an unknown customer, is an answer to whoever decides. */
async function adoptionOf(
  { posting: name }: InboxItem,
  { story, posting }: Background,
  named: string,
): Promise<Adoption> {
  if (story === undefined || posting === undefined || name === undefined) {
    return { code: 'NOTHING_TO_ADOPT', message: 'there is no posting that a document could be adopted for' }
  }
  try {
    const reference = posting.reference
    const asked = slotRequest({
      lane: 'interactive',
      holder: randomUUID(),
      endsAtMs: clock.nowMs() + postingTimes().leaseMs,
    })
    return await withErpSlot(asked, async () => await findAdopted(await erp(), story, { ...name, reference }, named))
  } catch (error) {
    if (error instanceof ErpBusyError && error.why !== 'full' && error.why !== 'throttled') {
      return { code: 'ERP_STANDS_STILL', message: `${error.message} Decide again then.` }
    }
    if (!(error instanceof BusinessError)) throw error
    return { code: error.code, message: error.message }
  }
}

async function refuse(item: InboxItem, id: string, { code, message }: { code: string; message: string }) {
  await noteRefusal(item, { id, code, message })
  return { code, message }
}

/**
 * Lets the case go on after a decision: wakes one that sleeps, and starts an execution that takes over one that stands
 * still, unless it has gone on and failed again since.
 */
async function goOn({ pk, ground: { execution }, decision }: InboxItem): Promise<void> {
  const existing = await readCase(pk)
  if (existing === undefined) return
  // An execution that sleeps finds that the case is no longer its own, and ends.
  if (existing.status === 'open' || decision?.choice === 'close-case') await wake(pk)
  // Without the posting, which the decision has just changed: the case tells whether it still stands still.
  else if (execution !== undefined && changeOf({ execution }, { case: existing }) === undefined) {
    await startExecution(processOf(pk), { resume: pk })
  }
}
