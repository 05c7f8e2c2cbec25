import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { DocumentKind } from '#domain/documents.ts'
import type { Owner } from '#domain/errors.ts'
import { signalKinds } from '#domain/events.ts'
import { type Choice, choices, choicesOf, type Ground, type InboxKind, inboxKinds, inboxOwners } from '#domain/inbox.ts'
import type { Repair } from '#domain/reconciliation/difference.ts'
import { parse } from '#domain/schema.ts'
import { type AuditFact, type Person, transactTold } from './audit.ts'
import { expiresAt } from './case-store.ts'
import { clock } from './clock.ts'
import { PostingItem } from './posting-store.ts'
import { type Part, read, type Update, update } from './table.ts'
import { count, logger } from './telemetry.ts'

/** The list in which open questions stand. */
export const inboxList = 'INBOX'

const Decided = z.object({
  id: z.string(),
  choice: z.enum(choices),
  reason: z.string(),
  by: z.string(),
  document: z.string().optional(),
  atMs: z.number(),
  /** Who had proposed it, where two persons had to say the same. */
  proposedBy: z.string().optional(),
})

/** What a case asks, as its question stands on it. */
const Asked = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('approval'), version: z.string() }),
  z.object({
    kind: z.literal('variance'),
    signal: z.object({ kind: z.enum(signalKinds), number: z.string() }),
    round: z.int(),
  }),
])

/** INBOX: one question for a person, in its case's own collection. No personal data. */
export const InboxItem = z.object({
  pk: z.string(),
  sk: z.string(),
  id: z.string(),
  kind: z.enum(inboxKinds),
  owner: z.enum(inboxOwners),
  /** In words. */
  question: z.string(),
  code: z.string().optional(),
  posting: z
    .object({ document: z.custom<DocumentKind>((kind) => typeof kind === 'string'), number: z.string() })
    .optional(),
  signal: z.object({ kind: z.string(), number: z.string() }).optional(),
  /** What is at stake, as far as it is known. */
  amount: z.string().optional(),
  currency: z.string().optional(),
  choices: z.array(z.enum(choices)),
  ground: z.object({
    execution: z.object({ arn: z.string(), redriveCount: z.int() }).optional(),
    posting: PostingItem.pick({ status: true, fence: true, claimId: true }).optional(),
    parkedSignal: z.boolean().optional(),
    waitingCase: z.boolean().optional(),
    asks: Asked.optional(),
    difference: z.object({ key: z.string(), content: z.string() }).optional(),
  }),
  openedAtMs: z.number(),
  status: z.enum(['open', 'proposed', 'decided', 'gone']),
  proposal: Decided.optional(),
  decision: Decided.optional(),
  /** Why the last decision that was not taken was not. */
  refused: z.object({ id: z.string(), code: z.string(), message: z.string(), atMs: z.number() }).optional(),
  /** Decisions that were heard, by their id: each is taken once however often it is delivered or replayed. */
  heard: z.set(z.string()).optional(),
})
export type InboxItem = z.output<typeof InboxItem>

/** A question that is to be asked. */
export interface NewInboxItem {
  readonly caseKey: string
  readonly kind: InboxKind
  readonly owner: Owner
  readonly question: string
  readonly code?: string | undefined
  readonly posting?: { readonly document: DocumentKind; readonly number: string } | undefined
  readonly signal?: { readonly kind: string; readonly number: string } | undefined
  readonly amount?: string | undefined
  readonly currency?: string | undefined
  /** Of a supplier's document. */
  readonly isBookable?: boolean | undefined
  /** Of a difference. */
  readonly repairs?: readonly Repair[] | undefined
  readonly ground?: Ground
  /** Tells this question from an earlier one about the same thing: a failed execution with its redrive count, a version. */
  readonly occurrence: string
}

/**
 * Asks a person, once: the same question asked again changes nothing, and one that had gone away by itself stands again.
 * @returns the question's id
 */
export async function openInboxItem(question: NewInboxItem): Promise<string> {
  const { caseKey, kind, owner } = question
  const id = idOf(question)
  const written = await transactTold(caseKey, [inboxPart(question)], askedFact(question, id))
  if (!written.ok) return id
  count('InboxOpened', { kind })
  logger.info(`Asked ${owner}: ${kind} ${id}`, { correlationId: caseKey })
  return id
}

/** Whether the same question was asked before, and has not gone away by itself. */
export async function isAsked(
  question: Pick<NewInboxItem, 'caseKey' | 'kind' | 'signal' | 'occurrence'>,
): Promise<boolean> {
  const item = await readInboxItem(question.caseKey, idOf(question))
  return item !== undefined && item.status !== 'gone'
}

/** Fails when the same question was asked before. */
function inboxPart(question: NewInboxItem): Part {
  return {
    put: openItem(question, idOf(question)),
    condition: 'attribute_not_exists(pk) OR #status = :gone',
    names: { '#status': 'status' },
    values: { ':gone': 'gone' },
  }
}

/** The same question on new ground. What was proposed is void, as it was about another. */
export async function renewInboxItem(item: InboxItem, question: NewInboxItem): Promise<void> {
  const put = {
    put: { ...openItem(question, item.id), heard: item.heard },
    condition: '#status IN (:open, :proposed) AND openedAtMs = :openedAt',
    names: { '#status': 'status' },
    values: { ':open': 'open', ':proposed': 'proposed', ':openedAt': item.openedAtMs },
  }
  await transactTold(item.pk, [put], askedFact(question, item.id))
}

function openItem({ caseKey, occurrence, ground = {}, ...rest }: NewInboxItem, id: string) {
  const nowMs = clock.nowMs()
  const { kind, code, signal, isBookable, repairs } = rest
  const posting = ground.posting?.status
  return {
    pk: caseKey,
    sk: sortKeyOf(id),
    id,
    ...rest,
    choices: choicesOf(kind, { code, posting, hasSignal: signal !== undefined, isBookable, repairs }),
    ground,
    openedAtMs: nowMs,
    status: 'open',
    listKey: inboxList,
    listedAtMs: nowMs,
  }
}

function askedFact({ kind, owner, posting, ground }: NewInboxItem, id: string): AuditFact {
  return {
    stage: 'asked',
    by: ground?.execution?.arn ?? 'postonce',
    posting: posting && `${posting.document}/${posting.number}`,
    note: `${id}: ${kind} for ${owner}`,
  }
}

/** Nine letters, none of them a vowel, so that no id is a word; the same for the same question. */
function idOf({
  caseKey,
  kind,
  posting,
  signal,
  occurrence,
}: Pick<NewInboxItem, 'caseKey' | 'kind' | 'posting' | 'signal' | 'occurrence'>): string {
  const about = [caseKey, kind, posting?.document, posting?.number, signal?.kind, signal?.number, occurrence]
  const letters = 'bcdfghjklmnpqrstvwxz'
  const hash = createHash('sha256').update(JSON.stringify(about)).digest()
  return [...hash.subarray(0, 9)].map((byte) => letters[byte % letters.length]).join('')
}

const Money = z.object({ amount: z.string(), currency: z.string() })
const Billed = z.object({ payable: z.string().optional(), grossTotal: z.string().optional(), currency: z.string() })

/** What a signal is about, where it is about money: a payment, a refund, or what a supplier asks for. */
export function moneyOf({ data }: { readonly data?: unknown }): {
  readonly amount?: string
  readonly currency?: string
} {
  const money = Money.safeParse(data).data
  if (money !== undefined) return money
  const { payable, grossTotal, currency } = Billed.safeParse(data).data ?? {}
  const amount = payable ?? grossTotal
  return amount === undefined || currency === undefined ? {} : { amount, currency }
}

const sortKeyOf = (id: string) => `INBOX#${id}`

export async function readInboxItem(caseKey: string, id: string): Promise<InboxItem | undefined> {
  const item = await read({ pk: caseKey, sk: sortKeyOf(id) })
  return item === undefined ? undefined : parse(InboxItem, item, `The inbox item ${id} of ${caseKey}`)
}

/** Who has decided what, as the item and the audit entry hold it. */
export type StoredDecision = z.output<typeof Decided>

/** Ends a question that was decided, as part of the transaction that carries the decision out. */
export function decidedPart(item: InboxItem, decision: StoredDecision): Update {
  return {
    key: { pk: item.pk, sk: item.sk },
    update:
      'SET #status = :decided, decision = :decision, expiresAt = :expires REMOVE listKey, listedAtMs, proposal, refused ADD heard :ids',
    ...isAsSeen(
      item,
      { ':decided': 'decided', ':decision': decision, ':expires': expiresAt(clock.nowMs()) },
      decision.id,
    ),
  }
}

/** Stores what one person proposes, until another one says the same. */
export async function propose(item: InboxItem, decision: StoredDecision): Promise<boolean> {
  const proposed = {
    key: { pk: item.pk, sk: item.sk },
    update: 'SET #status = :proposed, proposal = :proposal REMOVE refused ADD heard :ids',
    ...isAsSeen(item, { ':proposal': decision }, decision.id),
  }
  const fact = factOf(item, decision)
  const written = await transactTold(item.pk, [proposed], { ...fact, stage: 'proposed', after: { inbox: 'proposed' } })
  return written.ok
}

/** What the audit trail tells of a decision, whether it counts already or another person has to agree. */
export function factOf(item: InboxItem, decision: StoredDecision): Omit<AuditFact, 'stage'> & { readonly by: Person } {
  const { by: person, reason, proposedBy, choice, document } = decision
  return {
    by: { person, reason, proposedBy },
    cause: decision.id,
    posting: item.posting && `${item.posting.document}/${item.posting.number}`,
    before: { inbox: item.status },
    note: `${item.id}: ${choice}${document === undefined ? '' : ` ${document}`}`,
  }
}

/** `adopt 123: typed in by hand`, for audit entries and for people. */
export function sayingOf({
  choice,
  document,
  reason,
}: {
  choice: Choice
  document?: string | undefined
  reason: string
}) {
  return `${choice}${document === undefined ? '' : ` ${document}`}: ${reason}`
}

function isAsSeen(item: InboxItem, values: Record<string, unknown>, id: string) {
  const proposal = item.proposal === undefined ? 'attribute_not_exists(proposal)' : 'proposal.id = :seenProposal'
  return {
    condition: `#status IN (:open, :proposed) AND openedAtMs = :openedAt AND ${proposal}`,
    names: { '#status': 'status' },
    values: {
      ...values,
      ':open': 'open',
      ':proposed': 'proposed',
      ':openedAt': item.openedAtMs,
      ':ids': new Set([id]),
      ...(item.proposal !== undefined && { ':seenProposal': item.proposal.id }),
    },
  }
}

/** Notes why a decision was not taken, for whoever waits to hear what became of it. */
export async function noteRefusal(
  item: InboxItem,
  refused: { readonly id: string; readonly code: string; readonly message: string },
): Promise<void> {
  await update({
    key: { pk: item.pk, sk: item.sk },
    update: 'SET refused = :refused ADD heard :ids',
    condition: 'attribute_exists(pk)',
    values: { ':refused': { ...refused, atMs: clock.nowMs() }, ':ids': new Set([refused.id]) },
  })
}

/** Ends a question whose cause has gone away by itself. */
export async function endInboxItem(item: InboxItem, why: string): Promise<void> {
  const nowMs = clock.nowMs()
  const ended = {
    key: { pk: item.pk, sk: item.sk },
    update: 'SET #status = :gone, expiresAt = :expires REMOVE listKey, listedAtMs, proposal',
    condition: '#status IN (:open, :proposed) AND openedAtMs = :openedAt',
    names: { '#status': 'status' },
    values: {
      ':gone': 'gone',
      ':expires': expiresAt(nowMs),
      ':open': 'open',
      ':proposed': 'proposed',
      ':openedAt': item.openedAtMs,
    },
  }
  await transactTold(item.pk, [ended], { stage: 'settled', by: 'postonce', note: `${item.id}: ${why}` })
}
