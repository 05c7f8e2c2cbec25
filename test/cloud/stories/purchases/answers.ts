import { decisionEvent, decisionSource } from '#domain/decision.ts'
import type { Choice } from '#domain/inbox.ts'
import { type ListedQuestion, listQuestions } from '../../../../bin/commands/inbox/list-questions.ts'
import type { Entry } from '../../../../bin/commands/publish/read-entries.ts'
import { isBill } from './oracle/billed.ts'
import type { PurchaseStory } from './story.ts'

/** What persons say to what is asked about these purchases, by number; each decision is told twice. */
export async function answersTo(
  stories: readonly PurchaseStory[],
  caseKey: (story: PurchaseStory) => string,
): Promise<ReadonlyMap<string, readonly Entry[]>> {
  const questions = await listQuestions()
  const answers = stories.flatMap((story) => {
    const own = questions.filter(({ pk }) => pk === caseKey(story)).flatMap((question) => answerTo(story, question))
    return own.length === 0 ? [] : [[story.number, own] as const]
  })
  return new Map(answers)
}

function answerTo(story: PurchaseStory, question: ListedQuestion): readonly Entry[] {
  const choice = choiceFor(story, question)
  if (choice === undefined) return []
  // Above an amount a second person has to say the same.
  const by = question.status === 'proposed' && question.proposal?.by === 'ann' ? 'bob' : 'ann'
  const { id: item, pk, openedAtMs } = question
  const id = `${pk}/${item}/${openedAtMs}/${by}`
  const metadata = { id, correlationId: pk, schemaVersion: '1' }
  const data = { item, case: pk, choice, reason: 'as agreed', by, openedAtMs }
  const entry = { where: id, source: decisionSource, detailType: decisionEvent, detail: { metadata, data } }
  return [entry, entry]
}

/** A document that nobody accepts or disputes waits for what is still to come. */
function choiceFor({ approval, acts }: PurchaseStory, { kind, signal }: ListedQuestion): Choice | undefined {
  if (kind === 'approval') return approval === 'nobody' ? undefined : approval
  if (kind !== 'variance') return undefined
  const bill = acts.flat().find((one) => isBill(one) && one.kind === signal?.kind && one.number === signal.number)
  return bill !== undefined && 'answer' in bill && bill.answer !== undefined ? bill.answer : 'wait'
}
