import { Command } from 'commander'
import * as z from 'zod'
import { clearDeadLetters } from '#aws/clear-dead-letters.ts'
import { parse } from '#domain/schema.ts'
import { formatGroups, formatLetters } from './dead-letters/format-letters.ts'
import { groupLetters, onceEach } from './dead-letters/group-letters.ts'
import { casesOf, findSignature, peekLetters } from './dead-letters/peek-letters.ts'
import { connect, deadLettersOf, withEnvironment } from './environment.ts'
import { printResult } from './terminal/output.ts'

const Options = z.object({
  limit: z.coerce.number().int().min(1).max(100_000),
  clear: z.boolean(),
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
  return withEnvironment(command).action(async (signature: string | undefined, given: unknown) => {
    const options = parse(Options, given, 'The options')
    const queueUrl = deadLettersOf(await connect(options.environment))
    if (options.clear) await clear(queueUrl, options.limit)
    const box = await peekLetters(queueUrl, options.limit)
    const cases = await casesOf(box)
    if (signature === undefined) {
      const groups = groupLetters(box.letters, cases)
      printResult(options.json, { groups, hasMore: box.hasMore }, () => formatGroups(groups, box.hasMore, Date.now()))
      return
    }
    const letters = onceEach(box.letters)
    const wanted = findSignature(
      signature,
      letters.map(({ letter }) => letter.signature),
    )
    const found = letters.filter(({ letter }) => letter.signature === wanted)
    const listed = found.map(({ letter: { event, ...letter }, sentAtMs }) => ({ ...letter, sentAtMs }))
    printResult(options.json, { signature: wanted, letters: listed }, () => formatLetters(found, cases, Date.now()))
  })
}

async function clear(queueUrl: string, limit: number): Promise<void> {
  const { cleared, unknown } = await clearDeadLetters(queueUrl, limit)
  process.stderr.write(`${cleared.length} letters were taken away: nobody has to act on them any more.\n`)
  for (const { held, error } of unknown) process.stderr.write(`${held.letter.id}: ${String(error)}\n`)
}
