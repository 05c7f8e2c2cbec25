import { randomUUID } from 'node:crypto'
import { Command } from 'commander'
import * as z from 'zod'
import { Decision } from '#domain/decision.ts'
import { parse } from '#domain/schema.ts'
import { callerOf } from './decide/caller.ts'
import { awaitOutcome, publishDecision } from './decide/publish-decision.ts'
import { connect, withEnvironment } from './environment.ts'
import { findQuestion } from './inbox/find-question.ts'
import type { ListedQuestion } from './inbox/list-questions.ts'
import { InputError } from './terminal/explain.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'

const Options = z.object({
  reason: z.string(),
  by: z.string().optional(),
  environment: z.string().optional(),
  json: z.boolean(),
})

/** `decide ID CHOICE [DOCUMENT]`: publishes what a person has decided, and says what became of it. */
export function decideCommand(): Command {
  const command = new Command('decide')
    .description('decide about a question of the inbox')
    .argument('<id>', 'the question, as npx postonce inbox names it')
    .argument('<choice>', 'one of the choices that the question has')
    .argument('[document]', 'for adopt: the number or id that the document has in the ERP')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--by <name>', 'who decides, on the local cloud (default: your user name); in an account it is who you are')
  return withEnvironment(command).action(
    async (id: string, choice: string, document: string | undefined, given: unknown) => {
      const options = readOptions(Options, given)
      const { name } = await connect(options.environment)
      const question = await findQuestion(id)
      const by = await callerOf(name, options.by)
      const decision = decisionOf(question, { choice, document, reason: options.reason, by })
      const eventId = randomUUID()
      await publishDecision(eventId, decision)
      const outcome = await awaitOutcome(eventId, decision)
      printResult(options.json, { ...outcome, eventId, decision }, () => outcome.text)
      if (outcome.became !== 'applied' && outcome.became !== 'proposed') process.exitCode = 1
    },
  )
}

/**
 * The decision, checked before it is sent.
 * @throws InputError that says what is missing, or what the question allows
 */
export function decisionOf(
  question: ListedQuestion,
  said: {
    readonly choice: string
    readonly document?: string | undefined
    readonly reason: string
    readonly by: string
  },
): Decision {
  const { choice, document } = said
  const allowed = question.choices.find((one) => one === choice)
  if (allowed === undefined) {
    throw new InputError(`${choice} is no choice of ${question.id}. It has: ${question.choices.join(', ')}.`)
  }
  if (said.reason.trim() === '') throw new InputError('--reason must say why; it stands in the audit trail.')
  if (allowed === 'adopt' && document === undefined) {
    throw new InputError(`Which document? npx postonce decide ${question.id} adopt DOCUMENT --reason TEXT`)
  }
  if (allowed !== 'adopt' && document !== undefined) {
    throw new InputError(`${choice} takes no document, and there is "${document}". Only adopt does.`)
  }
  const { id: item, pk, openedAtMs } = question
  return parse(Decision, { item, case: pk, openedAtMs, ...said }, 'The decision')
}
