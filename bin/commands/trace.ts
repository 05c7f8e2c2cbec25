import { Command } from 'commander'
import * as z from 'zod'
import { casesOfNumber, readRange } from '#aws/table.ts'
import { parse } from '#domain/schema.ts'
import { connect, withEnvironment } from './environment.ts'
import { explain } from './terminal/explain.ts'
import { printResult } from './terminal/output.ts'
import { candidateKeys, unknownCase } from './trace/case-key.ts'
import { formatStory } from './trace/format-story.ts'
import { type TracedStory, tellStory } from './trace/tell-story.ts'

const Options = z.object({ environment: z.string().optional(), json: z.boolean() })

/** `trace KEY`: everything the hub knows of one case. */
export function traceCommand(): Command {
  const command = new Command('trace')
    .description('the whole story of a case: status, postings, doubt, signals and audit entries')
    .argument(
      '<key>',
      'business key, such as shop/sales-order/T1001, or any number: of the order, a delivery, an invoice, a payment, in the shop or in the ERP',
    )
  return withEnvironment(command).action(async (key: string, given: unknown) => {
    const options = parse(Options, given, 'The options')
    const { sources } = await connect(options.environment)
    const found = await casesOfNumber(key)
    // Signals that wait for an order that never came are found by its key alone.
    const story = await findStory(found.length > 0 ? found : candidateKeys(key, sources), key)
    printResult(options.json, story, () => formatStory(story, Date.now()))
  })
}

/**
 * The story of the first key that has one.
 * @throws CommandError when none or several have: then the whole key is needed
 */
async function findStory(keys: readonly string[], given: string): Promise<TracedStory> {
  const stories: TracedStory[] = []
  for (const key of keys) {
    // From AUDIT# to TOKEN#: the case's whole item collection.
    const items = await readRange(key, 'A', 'Z')
    if (items.length > 0) stories.push(tellStory(key, items, (error) => explain(error)))
  }
  const [story, second] = stories
  if (story === undefined || second !== undefined)
    throw unknownCase(
      given,
      stories.map(({ key }) => key),
    )
  return story
}
