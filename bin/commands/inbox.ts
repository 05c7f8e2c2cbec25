import { Command, InvalidArgumentError } from 'commander'
import * as z from 'zod'
import { readRange } from '#aws/table.ts'
import { inboxOwners } from '#domain/inbox.ts'
import { connect, withEnvironment } from './environment.ts'
import { findQuestion } from './inbox/find-question.ts'
import { formatQuestion, formatQuestions } from './inbox/format-questions.ts'
import { listQuestions } from './inbox/list-questions.ts'
import { explain } from './terminal/explain.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'
import { tellStory } from './trace/tell-story.ts'

const Options = z.object({
  owner: z.enum(inboxOwners).optional(),
  environment: z.string().optional(),
  json: z.boolean(),
})

/** `inbox [ID]`: what waits for a person's decision. */
export function inboxCommand(): Command {
  const command = new Command('inbox')
    .description("what waits for a person's decision, the oldest first; with an id, one question in full")
    .argument('[id]', 'a question, as the list names it')
    .option('--owner <owner>', `only what is for: ${inboxOwners.join(', ')}`, checkOwner)
  return withEnvironment(command).action(async (id: string | undefined, given: unknown) => {
    const options = readOptions(Options, given)
    await connect(options.environment)
    if (id === undefined) {
      const all = await listQuestions()
      const questions = all.filter(({ owner }) => options.owner === undefined || owner === options.owner)
      printResult(options.json, questions, () => formatQuestions(questions, Date.now()))
      return
    }
    const question = await findQuestion(id)
    const story = tellStory(question.pk, await readRange(question.pk, 'A', 'Z'), (error) => explain(error))
    printResult(options.json, { question, story }, () => formatQuestion(question, story, Date.now()))
  })
}

function checkOwner(owner: string): string {
  if (inboxOwners.some((one) => one === owner)) return owner
  throw new InvalidArgumentError(`There are ${inboxOwners.join(', ')}.`)
}
