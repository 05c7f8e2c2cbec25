import type { DocumentKind } from '#domain/documents.ts'
import { changeOf, type InboxKind, inboxOwners, kindOfFailure } from '#domain/inbox.ts'
import type { PostingName } from '#domain/keys.ts'
import { processes, processOf } from '#domain/processes.ts'
import { parse } from '#domain/schema.ts'
import { type CaseItem, readCase } from './case-store.ts'
import { type CaseStory, readStory } from './case-story.ts'
import { StoredError } from './execution-store.ts'
import { type InboxItem, moneyOf, type NewInboxItem, openInboxItem, renewInboxItem } from './inbox-store.ts'
import type { SignalItem } from './signal-store.ts'

/** A failed execution, and the case that it has stopped, if it had one. */
export interface RecordedFailure {
  readonly executionArn: string
  readonly redriveCount: number
  readonly error: StoredError
  readonly stoppedCase: string | undefined
}

/**
 * Asks a person about a failure that needs a decision, once however often it is recorded. What is retryable or a bug asks
 * nobody: it is mended and redriven.
 * @returns the question's id
 */
export async function askAboutFailure(failure: RecordedFailure): Promise<string | undefined> {
  const { error, stoppedCase } = failure
  if (error.class !== 'business') return undefined
  if (stoppedCase !== undefined) {
    const story = await readStory(stoppedCase)
    const question = story && questionAbout(story, failure)
    return question && (await openInboxItem(question))
  }
  // Accept takes no other content for a case that it knows; the case itself goes its way.
  const known = error.code === 'CONFLICT' && error.document !== undefined ? await readCase(error.document) : undefined
  return known === undefined
    ? undefined
    : await openInboxItem({ ...questionOf('refused-change', known, error), occurrence: error.message })
}

/**
 * Asks anew about a failure that its case still stands still for, where the posting is another than the one that was
 * asked about: a twin of the step has written it since.
 * @returns whether the question stands again
 */
export async function askAnew(item: InboxItem, story: CaseStory | undefined): Promise<boolean> {
  const { execution } = item.ground
  if (execution === undefined || story === undefined) return false
  if (changeOf({ execution }, { case: story.case }) !== undefined) return false
  const error = parse(StoredError, story.case.failure, `The failure of ${item.pk}`)
  const failure = { executionArn: execution.arn, redriveCount: execution.redriveCount, error, stoppedCase: item.pk }
  const question = questionAbout(story, failure)
  if (question !== undefined) await renewInboxItem(item, question)
  return question !== undefined
}

function questionAbout(
  story: CaseStory,
  { executionArn, redriveCount, error }: RecordedFailure,
): NewInboxItem | undefined {
  const name = postingName(story.case.pk, error.document)
  const posting = story.postings.find((one) => one.kind === name?.document && one.number === name.number)
  const kind = kindOfFailure(error.class, error.code, posting?.status)
  if (kind === undefined) return undefined
  const signal = name && setAsideWith(story, name)
  return {
    ...questionOf(kind, story.case, error),
    question: [error.message, ...standingIn(posting)].join(' '),
    posting: name,
    signal: signal && { kind: signal.kind, number: signal.number },
    ...(signal && moneyOf(signal)),
    ground: {
      execution: { arn: executionArn, redriveCount },
      posting: posting && { status: posting.status, fence: posting.fence, claimId: posting.claimId },
    },
    occurrence: `${executionArn}/${redriveCount}`,
  }
}

/** No choice undoes what stands in the ERP of a posting that was refused half-way. */
function standingIn(posting: CaseStory['postings'][number] | undefined): readonly string[] {
  if (posting?.status !== 'refused' || posting.standing === undefined) return []
  const { id, number, operations } = posting.standing
  const document = `${number ?? 'a document without a number'} (id ${id}, reference ${posting.reference})`
  const done = operations.join(', ')
  return [`In the ERP stands ${document}, on which was done: ${done}; undo it there by hand before you ignore this.`]
}

/** The signal that a posting is for, if it waits and nothing of it stands in the ERP: then it can be set aside. */
function setAsideWith(story: CaseStory, name: PostingName): SignalItem | undefined {
  const { signals, postings } = story
  const { signalOf } = processes[processOf(story.case.pk)]
  const own = signalOf(name.document, name.number)
  const isOf = (kind: string, number: string) => own?.kind === kind && own.number === number
  const isPosted = postings.some((one) => {
    const of = signalOf(one.kind, one.number)
    return one.status === 'posted' && of !== undefined && isOf(of.kind, of.number)
  })
  if (isPosted) return undefined
  return signals.find((one) => one.consumedAtMs === undefined && isOf(one.kind, one.number))
}

/** Where no smaller amount is known, the whole order is at stake. */
function questionOf(kind: InboxKind, { pk, netTotal, currency }: CaseItem, error: StoredError) {
  const owner = inboxOwners.find((one) => one === error.owner) ?? 'integration'
  return {
    caseKey: pk,
    kind,
    owner,
    code: error.code,
    question: error.message,
    amount: netTotal,
    currency,
  } as const satisfies Partial<NewInboxItem>
}

const documents: Readonly<Record<DocumentKind, true>> = {
  'sales-order': true,
  'sales-order-amendment': true,
  'sales-order-cancellation': true,
  'sales-order-closing': true,
  'goods-issue': true,
  'goods-return': true,
  'customer-invoice': true,
  'credit-note': true,
  'incoming-payment': true,
  'outgoing-payment': true,
  'payment-allocation': true,
  'purchase-order': true,
  'purchase-order-amendment': true,
  'purchase-order-cancellation': true,
  'purchase-order-closing': true,
  'goods-receipt': true,
  'supplier-return': true,
  'supplier-invoice': true,
  'supplier-credit-note': true,
  'supplier-payment': true,
  'supplier-payment-allocation': true,
}

/** The posting that an error names: `<case>/<document>/<number>`. */
export function postingName(caseKey: string, document: string | undefined): PostingName | undefined {
  if (document === undefined || !document.startsWith(`${caseKey}/`)) return undefined
  const [kind = '', ...number] = document.slice(caseKey.length + 1).split('/')
  return isDocument(kind) ? { document: kind, number: number.join('/') } : undefined
}

function isDocument(kind: string): kind is DocumentKind {
  return Object.hasOwn(documents, kind)
}
