import * as z from 'zod'
import { AuditItem } from '#aws/audit.ts'
import { readStory } from '#aws/case-story.ts'
import { type DescribedExecution, describeExecution } from '#aws/describe-execution.ts'
import { readExecution } from '#aws/execution-store.ts'
import type { HeldLetter } from '#aws/letter-box.ts'
import { readRange } from '#aws/table.ts'
import type { UndeliveredEvent } from '#domain/dead-letter.ts'
import { decideRedrive, type RedriveDecision } from '#domain/redrive.ts'
import { parse } from '#domain/schema.ts'
import { CommandError } from '../terminal/explain.ts'
import { type Outlook, outlookOf } from './outlook.ts'

/** What somebody wants to go on. */
export type RedriveTarget =
  | { readonly kind: 'case'; readonly caseKey: string }
  | { readonly kind: 'execution'; readonly executionArn: string }
  /** An event that nothing could take. */
  | { readonly kind: 'event'; readonly held: HeldLetter; readonly event: UndeliveredEvent }

export interface RedrivePlan {
  readonly do: RedriveDecision['do'] | 'publish-again'
  readonly why: string
  readonly case?: string | undefined
  readonly execution?: string | undefined
  readonly outlook?: Outlook | undefined
  /** Of the letter that holds the event. */
  readonly messageId?: string | undefined
}

export function nameOfTarget(target: RedriveTarget): string {
  if (target.kind === 'case') return target.caseKey
  if (target.kind === 'execution') return target.executionArn
  return `${target.event.source} ${target.event['detail-type']} ${target.event.id}`
}

/** Looks at a target as it is now; changes nothing. */
export async function planRedrive(target: RedriveTarget, fromStart: boolean): Promise<RedrivePlan> {
  if (target.kind === 'event') {
    const { held, event } = target
    if (event.source.startsWith('aws.')) {
      return { do: 'nothing', why: 'an event of AWS cannot be published again; the sweeper takes its case over' }
    }
    return { do: 'publish-again', why: 'the bus takes it again as it was', messageId: held.messageId }
  }
  const named = target.kind === 'execution' ? target.executionArn : undefined
  const caseKey = target.kind === 'case' ? target.caseKey : (await readExecution(target.executionArn))?.caseKey
  const story = caseKey === undefined ? undefined : await readStory(caseKey)
  if (target.kind === 'case' && story === undefined) throw new CommandError(`There is no case ${target.caseKey}`)
  const owner = story?.case.owner.executionArn ?? named ?? ''
  const execution = await describeExecution(owner)
  const theCase = story && { status: story.case.status, executionArn: owner }
  const decision = decideRedrive({ case: theCase, named, execution, fromStart })
  return { ...decision, case: caseKey, execution: owner, outlook: story && outlookOf(story, Date.now()) }
}

const Resuming = z.object({ resume: z.string() })

/**
 * The event that a case began with, from the newest execution that was started with one; a take-over is not.
 * @throws CommandError when Step Functions no longer knows any
 */
export async function originalEvent(
  { case: caseKey, execution }: RedrivePlan,
  describe: (arn: string) => Promise<DescribedExecution> = describeExecution,
): Promise<unknown> {
  for (const arn of [...(await acceptedBy(caseKey)), ...(execution === undefined ? [] : [execution])]) {
    const { input } = await describe(arn)
    if (input !== undefined && !Resuming.safeParse(input).success) return input
  }
  throw new CommandError('Step Functions no longer has the original event: its source has to publish it again')
}

/** The executions that accepted a case, the newest first. */
export async function acceptedBy(caseKey: string | undefined): Promise<readonly string[]> {
  if (caseKey === undefined) return []
  const entries = await readRange(caseKey, 'AUDIT#', 'AUDIT~')
  const told = entries.map((item) => parse(AuditItem, item, `An audit entry of ${caseKey}`).entry)
  return told
    .filter(({ stage }) => stage === 'accepted')
    .map(({ by }) => by)
    .reverse()
}
