import { type ListedQuestion, listQuestions } from '../../../bin/commands/inbox/list-questions.ts'
import type { Expectation } from './telling.ts'

/** A case, and what a person is to be asked about it. */
export interface Asked {
  readonly caseKey: string
  readonly expected: Pick<Expectation<unknown>, 'refused' | 'status' | 'asks'>
}

/**
 * `npx postonce inbox` asks about every case that was refused, with code and owner, about what a story leaves unanswered,
 * and about nothing else: nothing is left in doubt, and nothing is in conflict but a change that came when all had ended.
 */
export async function checkInbox(cases: readonly Asked[]): Promise<readonly string[]> {
  const questions = await listQuestions()
  return cases.flatMap(({ caseKey, expected: { refused, status, asks = [] } }) => {
    const own = questions.filter(({ pk }) => pk === caseKey)
    const isWanted = ({ code, owner, kind }: ListedQuestion) =>
      (kind === 'refusal' && code === refused?.code && owner === refused?.owner) || asks.includes(kind)
    const surplus = own.filter((one) => !isWanted(one) && !one.kind.startsWith('refused-'))
    const wanted = [...(status === 'rejected' ? ['refusal'] : []), ...asks]
    return [
      ...wanted
        .filter((kind) => !own.some((one) => one.kind === kind && isWanted(one)))
        .map((kind) => `nobody is asked about ${caseKey}: ${kind} ${refused?.code ?? ''}`),
      ...surplus.map(({ kind, code, owner }) => `${owner} is asked about ${caseKey}: ${kind} ${code}`),
    ]
  })
}
