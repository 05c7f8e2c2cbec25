import { transactTold } from '#aws/audit.ts'
import { type Part, readRange } from '#aws/table.ts'
import { CommandError } from '../terminal/explain.ts'

/** Parts of one transaction besides the entry. */
const maxParts = 90

/**
 * Removes who acted in a case and why, the decisions in its inbox too, each time in one transaction with the entry that
 * tells of it. That entry has a person itself, who answers for the erasure.
 * @returns in how many entries somebody was forgotten
 * @throws CommandError when nobody is known in the case, or a decision there is still open
 */
export async function erasePersons(caseKey: string, by: string, reason: string): Promise<number> {
  const persons = await readRange(caseKey, 'PERSON#', 'PERSON~')
  const questions = (await readRange(caseKey, 'INBOX#', 'INBOX~')).filter(({ decision }) => decision !== undefined)
  if (persons.length + questions.length === 0) throw new CommandError(`Nobody is known to have acted in ${caseKey}.`)
  const parts: Part[] = [
    ...persons.map(({ pk, sk }) => ({ remove: { pk: String(pk), sk: String(sk) } })),
    // What was decided stands in the trail; the question itself has no more to say.
    ...questions.map(({ pk, sk }) => ({ remove: { pk: String(pk), sk: String(sk) } })),
  ]
  for (let from = 0; from < parts.length; from += maxParts) {
    const note = `${persons.length} entries, ${questions.length} questions`
    const written = await transactTold(caseKey, parts.slice(from, from + maxParts), {
      stage: 'erased',
      by: { person: by, reason },
      note,
    })
    if (!written.ok) throw new CommandError(`${caseKey} has changed meanwhile: try again.`)
  }
  return persons.length
}
