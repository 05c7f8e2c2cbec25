import * as z from 'zod'
import type { CaseItem } from '#aws/case-store.ts'
import { deleteLetters, giveBackLetters, type HeldLetter, holdLetters } from '#aws/letter-box.ts'
import { signatureOf } from '#domain/failure-signature.ts'
import { listCases } from '../cases/list-cases.ts'
import { onceEach } from '../dead-letters/group-letters.ts'
import { findSignature, peekLetters } from '../dead-letters/peek-letters.ts'
import type { RedriveTarget } from './plan-redrive.ts'

const Failure = z.object({
  stage: z.string(),
  class: z.string(),
  code: z.string(),
  system: z.string().optional(),
  message: z.string(),
})

/** The signature of what a case stands still for; a case keeps it when SQS has dropped its letter after 14 days. */
export function signatureOfCase({ failure }: CaseItem): string | undefined {
  const read = Failure.safeParse(failure)
  return read.success ? signatureOf(read.data) : undefined
}

/** Everything that has this signature: the cases that stand still for it, and letters without such a case. */
export async function targetsOfSignature(given: string, queueUrl: string, limit: number) {
  const { letters } = await peekLetters(queueUrl, limit)
  const cases = await listCases('order-to-cash', ['failed', 'rejected'], limit)
  const once = onceEach(letters)
  const signatures = [
    ...once.map(({ letter }) => letter.signature),
    ...cases.flatMap((one) => signatureOfCase(one) ?? []),
  ]
  const signature = findSignature(given, signatures)
  return {
    signature,
    targets: targetsOf(
      once.filter(({ letter }) => letter.signature === signature),
      cases.filter((one) => signatureOfCase(one) === signature),
    ),
  }
}

/** A case once, however many letters it has; then executions without a case, and events that nothing could take. */
export function targetsOf(letters: readonly HeldLetter[], cases: readonly CaseItem[]): readonly RedriveTarget[] {
  const owners = new Set(cases.map(({ owner }) => owner.executionArn))
  const targets: RedriveTarget[] = cases.map(({ pk }) => ({ kind: 'case', caseKey: pk }))
  const executions = new Set<string>()
  for (const held of letters) {
    const { event, executionArn } = held.letter
    if (event !== undefined) targets.push({ kind: 'event', held, event })
    else if (executionArn !== undefined && !owners.has(executionArn)) executions.add(executionArn)
  }
  return [...targets, ...[...executions].map((executionArn) => ({ kind: 'execution', executionArn }) as const)]
}

/** Deletes the letters of events that the bus has taken again. */
export async function deletePublished(queueUrl: string, messageIds: ReadonlySet<string>, limit: number): Promise<void> {
  if (messageIds.size === 0) return
  const { letters } = await holdLetters(queueUrl, limit)
  const published = letters.filter(({ messageId }) => messageIds.has(messageId))
  await deleteLetters(queueUrl, published)
  await giveBackLetters(
    queueUrl,
    letters.filter(({ messageId }) => !messageIds.has(messageId)),
  )
}
