import { Command } from 'commander'
import * as z from 'zod'
import { examine } from './doctor/examine.ts'
import { formatFindings } from './doctor/findings.ts'
import { connect, withEnvironment } from './environment.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'

const Options = z.object({ environment: z.string().optional(), json: z.boolean() })

/** `doctor`: whether everything that the hub stands on is there and can be reached; it changes nothing. */
export function doctorCommand(): Command {
  const command = new Command('doctor').description(
    'whether table, bus, queue of dead letters, functions and ERP can be reached with the credentials there are, and the clocks agree',
  )
  return withEnvironment(command).action(async (given: unknown) => {
    const options = readOptions(Options, given)
    const findings = await examine(await connect(options.environment))
    printResult(options.json, findings, () => formatFindings(findings))
    if (findings.some(({ isWell }) => !isWell)) process.exitCode = 1
  })
}
