import { Command } from 'commander'
import * as z from 'zod'
import { readRange } from '#aws/table.ts'
import { connect, withEnvironment } from './environment.ts'
import { explain } from './terminal/explain.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'
import { formatStory } from './trace/format-story.ts'
import { keyMeant } from './trace/keys-meant.ts'
import { tellStory } from './trace/tell-story.ts'

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
    const options = readOptions(Options, given)
    const { sources } = await connect(options.environment)
    const found = await keyMeant(key, sources)
    const story = tellStory(found, await readRange(found, 'A', 'Z'), (error) => explain(error))
    printResult(options.json, story, () => formatStory(story, Date.now()))
  })
}
