import * as z from 'zod'
import { askAboutFailure } from '#aws/ask-about-failure.ts'
import { transactTold } from '#aws/audit.ts'
import { caseList, readCase } from '#aws/case-store.ts'
import { clock } from '#aws/clock.ts'
import { sendDeadLetter } from '#aws/dead-letters.ts'
import { defineHandler } from '#aws/define-step.ts'
import { markRecorded, readExecution, type StoredError } from '#aws/execution-store.ts'
import { publishHubEvent } from '#aws/publisher.ts'
import { eachMessage } from '#aws/sqs-batch.ts'
import { count, countFailure, logger } from '#aws/telemetry.ts'
import { classOfName, type ErrorClass } from '#domain/errors.ts'
import { partsOf, sortKey } from '#domain/keys.ts'
import { processes, processOf, processOfExecution } from '#domain/processes.ts'
import { parse } from '#domain/schema.ts'

/** Step Functions tells of an execution that ended badly. https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const StatusChange = z.object({
  id: z.string(),
  detail: z.object({
    executionArn: z.string(),
    status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
    redriveCount: z.number().int().nonnegative().nullish(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
})

/**
 * Records each failed execution once: on its case if it still owns it, as an event on the bus, as a question in the inbox
 * where a decision is needed, as a dead letter with the signature of its error, and as the metric that says that the
 * failure was not lost.
 */
export const handler = defineHandler('RecordFailedExecution', async (payload) => {
  return await eachMessage('RecordFailedExecution', payload, async (body) => {
    await record(parse(StatusChange, JSON.parse(body), 'The status change').detail)
  })
})

/** Refusals that may mean two documents, or one that nobody knows of: whoever is on call looks at once. */
const needsPerson = new Set(['CONFLICT', 'IN_DOUBT'])

type Detail = z.output<typeof StatusChange>['detail']

async function record(detail: Detail): Promise<void> {
  const { executionArn, status } = detail
  const redriveCount = detail.redriveCount ?? 0
  const execution = await readExecution(executionArn)
  if (execution?.recorded?.has(redriveCount)) return
  const error = failureOf(detail, redriveCount, execution?.error)
  const caseKey = execution?.caseKey
  const outcome = caseKey === undefined ? 'no-case' : await markCase(caseKey, executionArn, redriveCount, error)
  if (caseKey !== undefined && outcome === 'marked') {
    const { field, rejected, failed } = processes[processOf(caseKey)]
    await publishHubEvent(error.class === 'business' ? rejected : failed, {
      id: `${executionArn}/${status}/${redriveCount}`,
      caseKey,
      data: {
        [field]: partsOf(caseKey).number,
        state: error.stage,
        code: error.code,
        field: error.field,
        owner: error.owner,
        message: error.message,
      },
    })
  }
  // Another execution carries the case on: nobody has to do anything about this one.
  if (outcome !== 'other-owner') {
    const item = await askAboutFailure({
      executionArn,
      redriveCount,
      error,
      stoppedCase: outcome === 'marked' ? caseKey : undefined,
    })
    await sendDeadLetter({
      id: `${executionArn}/${redriveCount}`,
      item,
      caseKey: caseKey ?? error.document,
      executionArn,
      stage: error.stage,
      system: error.system,
      class: error.class,
      code: error.code,
      owner: error.owner,
      message: error.message,
    })
    countRecorded(executionArn)
    countFailure(error.class)
    if (needsPerson.has(error.code)) count('NeedsPerson', {})
  } else {
    countRecorded(executionArn)
  }
  await markRecorded(executionArn, redriveCount)
  logger.info(`Recorded that ${executionArn} ${status}`, { correlationId: caseKey ?? executionArn, class: error.class })
}

/** By process: the alarm of each compares it with what Step Functions counts for that one's machine. */
function countRecorded(executionArn: string): void {
  count('FailureRecorded', { process: processOfExecution(executionArn) ?? 'unknown' })
}

/** How an end is classified that no step has brought about: a stopped execution was stopped by somebody, who knows. */
const classOfEnd: Readonly<Record<'TIMED_OUT' | 'ABORTED', ErrorClass>> = { TIMED_OUT: 'in-doubt', ABORTED: 'stopped' }

/** The error that the step stored, or what Step Functions says when no step could. */
function failureOf(detail: Detail, redriveCount: number, stored: StoredError | undefined): StoredError {
  const isStored = stored?.redriveCount === redriveCount && stored.name === detail.error
  if (stored !== undefined && isStored && detail.status === 'FAILED') return stored
  const name = detail.error ?? (detail.status === 'FAILED' ? 'States.Runtime' : `Execution ${detail.status}`)
  const errorClass = detail.status === 'FAILED' ? classOfName(name) : classOfEnd[detail.status]
  return {
    name,
    class: errorClass,
    code: name,
    message: detail.cause ?? `The execution ended as ${detail.status}`,
    owner: 'integration',
    stage: stored?.stage ?? 'Execution',
    redriveCount,
  }
}

/** Marks the case, if this execution still owns it, no later redrive is known, and it has not ended well. */
async function markCase(
  caseKey: string,
  executionArn: string,
  redriveCount: number,
  error: StoredError,
): Promise<'marked' | 'other-owner' | 'unchanged'> {
  const existing = await readCase(caseKey)
  if (existing === undefined) return 'unchanged'
  const status = error.class === 'business' ? 'rejected' : 'failed'
  const marked = {
    key: { pk: caseKey, sk: sortKey.case },
    update: 'SET #status = :status, failure = :failure, listKey = :list, listedAtMs = :now',
    condition:
      '#owner.executionArn = :arn AND #owner.redriveCount <= :redrives AND #status IN (:open, :failed, :rejected)',
    names: { '#owner': 'owner', '#status': 'status' },
    values: {
      ':status': status,
      ':failure': { ...error, executionArn },
      ':list': caseList(existing.process, status),
      ':now': clock.nowMs(),
      ':arn': executionArn,
      ':redrives': redriveCount,
      ':open': 'open',
      ':failed': 'failed',
      ':rejected': 'rejected',
    },
  }
  const written = await transactTold(caseKey, [marked], {
    stage: status,
    by: executionArn,
    before: { status: existing.status },
    after: { status, state: error.stage, class: error.class, code: error.code, owner: error.owner, redriveCount },
  })
  if (written.ok) return 'marked'
  return existing.owner.executionArn === executionArn ? 'unchanged' : 'other-owner'
}
