import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import * as z from 'zod'
import { findingsOf, formatFindings } from '#domain/flow-catalog/check.ts'
import { eventFindings } from '#domain/flow-catalog/check-events.ts'
import { diagramOf } from '#domain/flow-catalog/diagram.ts'
import { flowCatalog } from '#domain/flow-catalog.ts'
import { erpAccountOf } from '../../lib/environment.ts'
import { root } from '../local/state.ts'
import { withCatalog } from './flows/docs.ts'
import { accountsOf, environmentsNamed } from './flows/environments.ts'
import { flowColumns, flowRow, limitLines } from './flows/tables.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'
import { formatTable } from './terminal/table.ts'

const Options = z.object({
  environment: z.string().optional(),
  json: z.boolean().default(false),
  write: z.boolean().default(false),
})

/** `flows`: the catalogue; `flows check`: what of it may not be deployed; `flows diagram`: all of it as Mermaid. */
export function flowsCommand(): Command {
  const options = (command: Command) =>
    command
      .option('-e, --environment <name>', 'whose ERP account (default: those of all environments)')
      .option('--json', 'for programs', false)
  const flows = options(
    new Command('flows').description('the flow catalog: what goes from where to where (docs/flows.md)'),
  )
    .option('--write', 'write it to docs/flows.md', false)
    .action(list)
  // Options that a parent shares are the parent's: ask for both.
  const both = (run: (options: z.output<typeof Options>) => void) => (_own: unknown, command: Command) =>
    run(readOptions(Options, command.optsWithGlobals()))
  flows.addCommand(
    options(new Command('check').description('whether it may be deployed; exits with 1 if not')).action(both(check)),
  )
  flows.addCommand(
    options(new Command('diagram').description('systems, flows, owners and limits as a Mermaid flowchart')).action(
      both(diagram),
    ),
  )
  return flows
}

function list(given: unknown): void {
  const { environment, json, write } = readOptions(Options, given)
  const accounts = accountsOf(environmentsNamed(environment))
  if (write) {
    const page = join(root, 'docs', 'flows.md')
    writeFileSync(page, withCatalog(readFileSync(page, 'utf8'), flowCatalog, accountsOf(environmentsNamed(undefined))))
  }
  const [account] = accounts
  if (account === undefined) throw new Error('There is no environment, so no ERP account')
  printResult(json, { flows: flowCatalog, accounts }, () => {
    const rows = flowCatalog.map((flow) => flowRow(flow, account))
    return `${formatTable(flowColumns, rows)}\n\n${limitLines(flowCatalog, accounts).join('\n')}`
  })
}

function check({ environment, json }: z.output<typeof Options>): void {
  const checked = environmentsNamed(environment).map((one) => ({
    environment: one.name,
    findings: [...findingsOf(flowCatalog, erpAccountOf(one)), ...eventFindings(flowCatalog)],
  }))
  printResult(json, checked, () =>
    checked
      .map(({ environment: name, findings }) =>
        findings.length === 0
          ? `${name}: ${flowCatalog.length} flows, nothing against them`
          : `${name}:\n${formatFindings(findings)}`,
      )
      .join('\n'),
  )
  if (checked.some(({ findings }) => findings.length > 0)) process.exitCode = 1
}

function diagram({ environment, json }: z.output<typeof Options>): void {
  const mermaid = diagramOf(flowCatalog, accountsOf(environmentsNamed(environment)))
  printResult(json, { mermaid }, () => mermaid)
}
