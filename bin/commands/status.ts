import { Command } from 'commander'
import * as z from 'zod'
import { connect, withEnvironment } from './environment.ts'
import { formatStatus, needsSomebody } from './status/format-status.ts'
import { readStatus } from './status/read-status.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'

const Options = z.object({ environment: z.string().optional(), json: z.boolean() })

/** `status`: the hub on one screen; ends with 1 when somebody has to look at something. */
export function statusCommand(): Command {
  const command = new Command('status').description(
    'the hub on one screen: what is under way, what waits for whom, since when',
  )
  return withEnvironment(command).action(async (given: unknown) => {
    const options = readOptions(Options, given)
    const status = await readStatus(await connect(options.environment))
    printResult(options.json, status, () => formatStatus(status, Date.now()))
    if (needsSomebody(status)) process.exitCode = 1
  })
}
