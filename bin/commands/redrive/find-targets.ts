import type { CaseItem } from '#aws/case-store.ts'
import type { HeldLetter } from '#aws/letter-box.ts'
import { listCases } from '../cases/list-cases.ts'
import { onceEach } from '../dead-letters/group-letters.ts'
import { letterOfCase } from '../dead-letters/letter-of-case.ts'
import { findSignature, peekLetters } from '../dead-letters/peek-letters.ts'
import type { RedriveTarget } from './plan-redrive.ts'

/** Everything that has this signature: the cases that stand still for it, and letters without such a case. */
export async function targetsOfSignature(given: string, queueUrl: string, limit: number) {
  const { letters } = await peekLetters(queueUrl, limit)
  const cases = await listCases('order-to-cash', ['failed', 'rejected'], limit)
  const once = onceEach(letters)
  const signatures = [
    ...once.map(({ letter }) => letter.signature),
    ...cases.flatMap((one) => letterOfCase(one)?.letter.signature ?? []),
  ]
  const signature = findSignature(given, signatures)
  return {
    signature,
    targets: targetsOf(
      once.filter(({ letter }) => letter.signature === signature),
      cases.filter((one) => letterOfCase(one)?.letter.signature === signature),
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
