import { CommandError } from '../terminal/explain.ts'
import { type ListedQuestion, listQuestions } from './list-questions.ts'

/**
 * The question with this id.
 * @throws CommandError when none that still stands has it
 */
export async function findQuestion(id: string): Promise<ListedQuestion> {
  const questions = await listQuestions()
  const found = questions.find((question) => question.id === id.toLowerCase())
  if (found !== undefined) return found
  throw new CommandError(
    `The inbox has no question ${id}: it was decided, its cause has gone away, or it was never there. npx postonce inbox lists what there is; npx postonce trace tells what was decided in a case.`,
  )
}
