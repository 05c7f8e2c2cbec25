import type { CaseItem } from '#aws/case-store.ts'
import { deleteLetters, giveBackLetters, type HeldLetter, holdLetters, type LetterBox } from '#aws/letter-box.ts'
import { signatureId } from '#domain/failure-signature.ts'
import { processNames } from '#domain/processes.ts'
import { listCases, readCases } from '../cases/list-cases.ts'
import { CommandError } from '../terminal/explain.ts'
import { letterOfCase } from './letter-of-case.ts'

/** Looks at the letters and lets everybody else see them again at once. */
export async function peekLetters(queueUrl: string, limit: number): Promise<LetterBox> {
  const box = await holdLetters(queueUrl, limit)
  await giveBackLetters(queueUrl, box.letters)
  return box
}

/** The letters of the queue, and those of the cases that stand still without one; a case's own has no message. */
export async function allLetters(queueUrl: string, limit: number): Promise<LetterBox> {
  const { letters, hasMore } = await peekLetters(queueUrl, limit)
  const cases = await listCases(processNames, ['failed', 'rejected'], limit)
  return { letters: [...letters, ...cases.flatMap((one) => letterOfCase(one) ?? [])], hasMore }
}

/** The cases that letters are about, by key. */
export async function casesOf(letters: readonly HeldLetter[]): Promise<ReadonlyMap<string, CaseItem>> {
  const keys = new Set(letters.flatMap(({ letter }) => letter.caseKey ?? []))
  const cases = await readCases([...keys].map((pk) => ({ pk, sk: 'CASE' })))
  return new Map(cases.map((one) => [one.pk, one]))
}

/** Deletes these messages, and no other. @returns how many of them there were */
export async function deleteMessages(queueUrl: string, ids: ReadonlySet<string>, limit: number): Promise<number> {
  const { letters } = await holdLetters(queueUrl, limit)
  const found = letters.filter(({ messageId }) => ids.has(messageId))
  try {
    await deleteLetters(queueUrl, found)
  } finally {
    await giveBackLetters(
      queueUrl,
      letters.filter(({ messageId }) => !ids.has(messageId)),
    )
  }
  return found.length
}

/** The signature that a person means: itself, or its id. Undefined when nothing has it, or has it any more. */
export function findSignature(given: string, signatures: Iterable<string>): string | undefined {
  return [...signatures].find((one) => one === given || signatureId(one) === given)
}

/** What to say of a signature that nothing has. */
export function unknownSignature(given: string): CommandError {
  return new CommandError(
    `No dead letter and no failed case has the signature ${given}: it is mended, or was never there. npx postonce dead-letters lists what there is.`,
  )
}
