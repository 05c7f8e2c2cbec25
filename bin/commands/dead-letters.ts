import { Command } from 'commander'
import * as z from 'zod'
import { clearDeadLetters } from '#aws/clear-dead-letters.ts'
import type { HeldLetter } from '#aws/letter-box.ts'
import { tellLetters } from '#aws/tell-letters.ts'
import { formatGroups, formatLetters } from './dead-letters/format-letters.ts'
import { groupLetters, onceEach } from './dead-letters/group-letters.ts'
import { allLetters, casesOf, deleteMessages, findSignature, unknownSignature } from './dead-letters/peek-letters.ts'
import { callerOf } from './decide/caller.ts'
import { connect, deadLettersOf, withEnvironment } from './environment.ts'
import { InputError } from './terminal/explain.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'

const Options = z.object({
  limit: z.coerce.number().int().min(1).max(100_000),
  clear: z.boolean(),
  delete: z.boolean(),
  by: z.string().optional(),
  environment: z.string().optional(),
  json: z.boolean(),
})

/** `dead-letters [SIGNATURE]`: what needs a person, by cause. */
export function deadLettersCommand(): Command {
  const command = new Command('dead-letters')
    .description('what needs a person, by cause: how many, how old, what is at stake, who mends it and how')
    .argument('[signature]', 'each letter of this cause: its id or the whole signature')
    .option('--limit <count>', 'look at so many at most', '10000')
    .option('--clear', 'first take away the letters of mended cases, as the hub does every five minutes', false)
    .option('--delete', 'delete the letters of the signature: nobody has to act on them', false)
    .option('--by <name>', 'on the local cloud: who takes them away')
  return withEnvironment(command).action(async (signature: string | undefined, given: unknown) => {
    const options = readOptions(Options, given)
    if (options.delete && signature === undefined)
      throw new InputError('--delete needs the signature of what is to be deleted.')
    const environment = await connect(options.environment)
    const queueUrl = deadLettersOf(environment)
    const takesAway = options.clear || options.delete
    const person = takesAway ? await callerOf(environment.name, options.by) : ''
    if (options.clear) await clear(queueUrl, options.limit, person)
    const box = await allLetters(queueUrl, options.limit)
    const cases = await casesOf(box.letters)
    if (signature === undefined) {
      const groups = groupLetters(box.letters, cases)
      printResult(options.json, { groups, hasMore: box.hasMore }, () => formatGroups(groups, box.hasMore, Date.now()))
      return
    }
    const signatures = box.letters.map(({ letter }) => letter.signature)
    const wanted = findSignature(signature, new Set(signatures))
    if (wanted === undefined) throw unknownSignature(signature)
    const found = box.letters.filter(({ letter }) => letter.signature === wanted)
    if (options.delete) await deleteAll(queueUrl, found, options.limit, person)
    const once = onceEach(found)
    const listed = once.map(({ letter: { event, ...letter }, sentAtMs }) => ({ ...letter, sentAtMs }))
    printResult(options.json, { signature: wanted, letters: listed }, () => formatLetters(once, cases, Date.now()))
  })
}

async function deleteAll(queueUrl: string, found: readonly HeldLetter[], limit: number, person: string): Promise<void> {
  const messages = found.filter(({ messageId }) => messageId !== '')
  const ids = new Set(messages.map(({ messageId }) => messageId))
  await tellLetters(
    messages.map((held) => ({ held, why: 'nobody has to act on it' })),
    { person },
  )
  const deleted = await deleteMessages(queueUrl, ids, limit)
  process.stderr.write(
    `${deleted} messages were deleted. These were in them; a case that stands still is still listed:\n`,
  )
}

async function clear(queueUrl: string, limit: number, person: string): Promise<void> {
  const { cleared, unknown } = await clearDeadLetters(queueUrl, limit, { person })
  process.stderr.write(`${cleared.length} letters were taken away: nobody has to act on them any more.\n`)
  for (const { held, error } of unknown) process.stderr.write(`${held.letter.id}: ${String(error)}\n`)
}
