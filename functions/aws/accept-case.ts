import * as z from 'zod'
import { decideAccept, decideOwner } from '#domain/accept.ts'
import type { DocumentKind } from '#domain/documents.ts'
import { BusinessError, type Owner, OwnerUnclearError, RetryableError, SupersededError } from '#domain/errors.ts'
import { BusEvent } from '#domain/events.ts'
import { fingerprint } from '#domain/fingerprint.ts'
import { caseKeyOf, partsOf } from '#domain/keys.ts'
import { type ProcessName, processes } from '#domain/processes.ts'
import { parse } from '#domain/schema.ts'
import { readBody } from './body-store.ts'
import { acceptedCase, type CaseContent, type CaseItem, claimCase, nobody, readCase } from './case-store.ts'
import { defineAccept, type Handler } from './define-step.ts'
import { mapEvent } from './map-event.ts'
import { Execution } from './middleware/own-case.ts'
import { readOwnerStatus } from './owner-status.ts'
import { PayloadReference, readPayload } from './payload-store.ts'
import { readPosting } from './posting-store.ts'
import { isRecorded, recordSignal } from './signal-store.ts'
import { wake } from './tokens.ts'

/** An event from the bus, where a large one lies, or the sweeper's request to carry a silent case on. */
const Input = z.object({
  execution: Execution,
  event: z.union([z.object({ resume: z.string() }), PayloadReference, BusEvent]),
  askedBefore: z.boolean().default(false),
})
type Started = z.output<typeof Execution>

/** The case that this execution carries. */
export interface Accepted {
  readonly outcome: 'accepted'
  readonly case: { readonly key: string; readonly number: string; readonly epoch: number }
}

/** What was submitted, as accept needs it. */
export interface Submission<Body> {
  readonly caseKey: string
  readonly system: string
  readonly body: Body
  readonly version: number
  readonly fingerprint: string
  readonly mapping: string | undefined
  readonly eventId: string
  /** By which it came; none where a case is resumed. */
  readonly event?: string
  readonly occurredAt: string
}

/** What one process accepts. */
export interface AcceptDefinition<Body extends { readonly number: string }> {
  /** The state's name. */
  readonly name: string
  readonly process: ProcessName
  readonly body: z.ZodType<Body>
  /** In words: `sales order`. */
  readonly called: string
  /** The first posting of a case, which binds its content. */
  readonly document: DocumentKind
  /** Who looks at content that contradicts what was accepted before. */
  readonly owner: Owner
  readonly contentOf: (
    body: Body,
    system: string,
  ) => Omit<CaseContent, 'version' | 'createdVersion' | 'fingerprint' | 'mapping'>
  /** @throws BusinessError when its content breaks a rule or names an id that the ERP does not know */
  readonly check: (submission: Submission<Body>) => Promise<void>
}

/**
 * The first step of a process: maps, validates and cross-references the event, and claims the case for this execution by
 * the accept table. It throws SupersededError when another execution carries the case, and the event is a duplicate, an
 * older version, or forwarded as a signal; OwnerUnclearError when the owner is to be asked again; PoisonMessageError when
 * the event is not understood; BusinessError when its content breaks a rule, contradicts what was accepted before, or names
 * an id that the ERP does not know.
 */
export function defineAcceptCase<Body extends { readonly number: string }>(
  definition: AcceptDefinition<Body>,
): Handler {
  return defineAccept(definition.name, Input, async ({ event, execution, askedBefore }): Promise<Accepted> => {
    const submission = await submissionOf(definition, event)
    for (let attempt = 1; attempt <= 5; attempt++) {
      const accepted = await accept(definition, submission, execution, askedBefore)
      if (accepted !== 'changed-meanwhile') return accepted
    }
    throw new RetryableError(`The case ${submission.caseKey} changes faster than it can be accepted`, {
      document: submission.caseKey,
    })
  })
}

async function submissionOf<Body extends { readonly number: string }>(
  definition: AcceptDefinition<Body>,
  event: z.output<typeof Input>['event'],
): Promise<Submission<Body>> {
  if ('resume' in event) return await submissionOfCase(definition, event.resume)
  if ('payload' in event) {
    return await submissionOfEvent(definition, parse(BusEvent, await readPayload(event), 'The event'))
  }
  return await submissionOfEvent(definition, event)
}

async function submissionOfEvent<Body extends { readonly number: string }>(
  { body: schema, called, process }: AcceptDefinition<Body>,
  event: BusEvent,
): Promise<Submission<Body>> {
  const { metadata, data, mapping } = await mapEvent(event)
  const body = parse(schema, data, `The ${called} in event ${metadata.id} of ${event.source}`)
  const version = metadata.sourceVersion ?? 1
  const { document, field } = processes[process]
  return {
    caseKey: caseKeyOf(event.source, document, body.number),
    system: event.source,
    body,
    version,
    fingerprint: fingerprint({ version, [field]: body }),
    mapping,
    eventId: metadata.id,
    event: event['detail-type'],
    occurredAt: metadata.occurredAt ?? event.time,
  }
}

async function submissionOfCase<Body extends { readonly number: string }>(
  { body: schema }: AcceptDefinition<Body>,
  caseKey: string,
): Promise<Submission<Body>> {
  const existing = await readCase(caseKey)
  if (existing === undefined) throw new Error(`There is no case ${caseKey} to resume`)
  return {
    caseKey,
    system: partsOf(caseKey).system,
    body: await readBody(schema, caseKey, existing.version),
    version: existing.version,
    fingerprint: existing.fingerprint,
    mapping: existing.mapping,
    eventId: `resume/${caseKey}`,
    occurredAt: new Date(existing.acceptedAtMs).toISOString(),
  }
}

async function accept<Body extends { readonly number: string }>(
  definition: AcceptDefinition<Body>,
  submission: Submission<Body>,
  execution: Started,
  askedBefore: boolean,
): Promise<Accepted | 'changed-meanwhile'> {
  const existing = await readCase(submission.caseKey)
  const isBound = existing !== undefined && (await isInErp(definition, submission))
  const run = { executionArn: execution.arn, redriveCount: execution.redriveCount }
  const decision = decideAccept(existing && acceptedCase(existing), submission, run, isBound)
  // What the first document was created with in the ERP stays what it was, however it was amended since.
  const createdVersion = isBound ? (existing.createdVersion ?? existing.version) : submission.version
  const claimAs = (epoch: number) => claim(definition, { ...submission, createdVersion }, execution, existing, epoch)
  const takeOver = () => claimAs((existing?.owner.epoch ?? 0) + 1)
  switch (decision.do) {
    case 'create':
    case 'take-over':
      return await takeOver()
    case 'resume':
      return await claimAs(existing?.owner.epoch ?? 1)
    case 'ask-owner': {
      const next = decideOwner(await readOwnerStatus(existing?.owner.executionArn ?? nobody), askedBefore)
      if (next === 'take-over') return await takeOver()
      if (next === 'ask-again') throw new OwnerUnclearError(`${submission.caseKey}: is its owner at work?`)
      throw ended(submission, next)
    }
    case 'forward':
      return await forward(definition, submission)
    case 'end':
      throw ended(submission, decision.as)
    case 'conflict':
      // It was refused, and is told again after the end of its order.
      if (await isRecorded(submission.caseKey, changeOf(submission))) throw ended(submission, 'duplicate')
      throw conflict(definition, submission, existing)
  }
}

/** Whether the first document has been brought into the ERP, at least in part, or may have been. */
async function isInErp<Body extends { readonly number: string }>(
  { document }: AcceptDefinition<Body>,
  { caseKey, body }: Submission<Body>,
): Promise<boolean> {
  const posting = await readPosting(caseKey, { document, number: body.number })
  if (posting === undefined) return false
  return posting.status !== 'refused' || (posting.applied?.operations ?? 0) > 0
}

/** A newer version of what is under way is a signal for the execution that carries it. */
async function forward<Body extends { readonly number: string }>(
  definition: AcceptDefinition<Body>,
  submission: Submission<Body>,
): Promise<'changed-meanwhile'> {
  const { needsApproval } = definition.contentOf(submission.body, submission.system)
  const outcome = await recordSignal(submission.caseKey, {
    ...changeOf(submission),
    eventId: submission.eventId,
    ...(submission.event !== undefined && { event: submission.event }),
    occurredAt: submission.occurredAt,
    data: submission.body,
    ...(needsApproval !== undefined && { needsApproval }),
  })
  if (outcome === 'conflict') throw conflict(definition, submission, undefined)
  // The case ended in between: what it is now decides.
  if (outcome === 'not-open') return 'changed-meanwhile'
  await wake(submission.caseKey)
  throw ended(submission, 'forwarded')
}

/** The signal that a newer version is while another one is under way. */
function changeOf({ version, fingerprint }: Submission<unknown>) {
  return { kind: 'change', number: String(version), fingerprint } as const
}

/** Another execution carries the case. */
function ended({ caseKey, version, eventId }: Submission<unknown>, as: 'duplicate' | 'superseded' | 'forwarded') {
  return new SupersededError(`Version ${version} of ${caseKey}, event ${eventId}, is ${as}`, { document: caseKey })
}

function conflict<Body extends { readonly number: string }>(
  { owner }: AcceptDefinition<Body>,
  { caseKey, version, system }: Submission<Body>,
  existing: CaseItem | undefined,
): BusinessError {
  const accepted = existing === undefined ? 'before' : `as version ${existing.version} and is ${existing.status}`
  return new BusinessError(
    {
      code: 'CONFLICT',
      message: `Version ${version} of ${caseKey} was accepted ${accepted}, with other content; this one is not taken. Compare both, then change the order in the ERP or mend the source.`,
      field: 'metadata.sourceVersion',
      owner,
    },
    { document: caseKey, system },
  )
}

async function claim<Body extends { readonly number: string }>(
  definition: AcceptDefinition<Body>,
  submission: Submission<Body> & { readonly createdVersion: number },
  execution: Started,
  existing: CaseItem | undefined,
  epoch: number,
): Promise<Accepted | 'changed-meanwhile'> {
  const { caseKey, body, version, createdVersion, mapping } = submission
  const written = await claimCase(
    caseKey,
    definition.process,
    { executionArn: execution.arn, epoch, redriveCount: execution.redriveCount },
    {
      version,
      createdVersion,
      fingerprint: submission.fingerprint,
      mapping,
      ...definition.contentOf(body, submission.system),
    },
    body,
    existing,
    { stage: 'accepted', by: execution.arn, cause: submission.eventId, mapping },
  )
  if (!written.ok) return 'changed-meanwhile'
  // After the claim, so that what breaks a rule is a case that can be seen, mended and redriven.
  await definition.check(submission)
  return { outcome: 'accepted', case: { key: caseKey, number: body.number, epoch } }
}
