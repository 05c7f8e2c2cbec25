import type { CaseItem } from '#aws/case-store.ts'
import { giveBackLetters, holdLetters, type LetterBox } from '#aws/letter-box.ts'
import { signatureId } from '#domain/failure-signature.ts'
import { readCases } from '../cases/list-cases.ts'
import { CommandError } from '../terminal/explain.ts'

/** Looks at the letters and lets everybody else see them again at once. */
export async function peekLetters(queueUrl: string, limit: number): Promise<LetterBox> {
  const box = await holdLetters(queueUrl, limit)
  await giveBackLetters(queueUrl, box.letters)
  return box
}

/** The cases that letters are about, by key. */
export async function casesOf({ letters }: LetterBox): Promise<ReadonlyMap<string, CaseItem>> {
  const keys = new Set(letters.flatMap(({ letter }) => letter.caseKey ?? []))
  const cases = await readCases([...keys].map((pk) => ({ pk, sk: 'CASE' })))
  return new Map(cases.map((one) => [one.pk, one]))
}

/**
 * The signature that a person means: itself, or its id.
 * @throws CommandError when nothing has it, which also is so once everything of it is mended
 */
export function findSignature(given: string, signatures: Iterable<string>): string {
  const found = [...signatures].find((one) => one === given || signatureId(one) === given)
  if (found !== undefined) return found
  throw new CommandError(
    `No dead letter and no failed case has the signature ${given}: it is mended, or was never there. npx postonce dead-letters lists what there is.`,
  )
}
