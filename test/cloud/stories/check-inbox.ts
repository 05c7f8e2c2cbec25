import { type ListedQuestion, listQuestions } from '../../../bin/commands/inbox/list-questions.ts'
import type { Checked } from './check-story.ts'
import { caseKey } from './rest.ts'

/**
 * `npx postonce inbox` asks about every case that was refused, with code and owner, and about no other: nothing is left in
 * doubt, and nothing is in conflict but a change that came when the order had ended.
 */
export async function checkInbox(checked: readonly Checked[]): Promise<readonly string[]> {
  const questions = await listQuestions()
  return checked.flatMap(({ story, expected: { refused, status } }) => {
    const own = questions.filter(({ pk }) => pk === caseKey(story))
    const isWanted = ({ code, owner, kind }: ListedQuestion) =>
      kind === 'refusal' && code === refused?.code && owner === refused?.owner
    const surplus = own.filter((one) => !isWanted(one) && !one.kind.startsWith('refused-'))
    return [
      ...(status !== 'rejected' || own.some(isWanted)
        ? []
        : [`nobody is asked about ${story.number}: ${refused?.code}`]),
      ...surplus.map(({ kind, code, owner }) => `${owner} is asked about ${story.number}: ${kind} ${code}`),
    ]
  })
}
