import type { CaseItem } from '#aws/case-store.ts'
import type { HeldLetter } from '#aws/letter-box.ts'
import { processNames } from '#domain/processes.ts'
import { listCases } from '../cases/list-cases.ts'
import { onceEach } from '../dead-letters/group-letters.ts'
import { letterOfCase } from '../dead-letters/letter-of-case.ts'
import { findSignature, peekLetters, unknownSignature } from '../dead-letters/peek-letters.ts'
import type { RedriveTarget } from './plan-redrive.ts'

/**
 * Everything that has one of these signatures: the cases that stand still for it, and letters without such a case.
 * @returns besides, the signatures of which nothing is left, as when the same is run again after some were mended
 * @throws CommandError when nothing has any of them
 */
export async function targetsOfSignatures(given: readonly string[], queueUrl: string, limit: number) {
  const { letters } = await peekLetters(queueUrl, limit)
  const cases = await listCases(processNames, ['failed', 'rejected'], limit)
  const once = onceEach(letters)
  const { wanted, gone } = signaturesOf(given, [
    ...once.map(({ letter }) => letter.signature),
    ...cases.flatMap((one) => letterOfCase(one)?.letter.signature ?? []),
  ])
  const isWanted = (held: HeldLetter | undefined) => held !== undefined && wanted.has(held.letter.signature)
  return {
    gone,
    targets: targetsOf(
      once.filter(isWanted),
      cases.filter((one) => isWanted(letterOfCase(one))),
    ),
  }
}

/** @throws CommandError when none of them is there */
export function signaturesOf(given: readonly string[], there: readonly string[]) {
  const known = new Set(there)
  const wanted = new Set(given.flatMap((one) => findSignature(one, known) ?? []))
  const gone = given.filter((one) => findSignature(one, known) === undefined)
  if (wanted.size === 0) throw unknownSignature(given.join(', '))
  return { wanted, gone }
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
