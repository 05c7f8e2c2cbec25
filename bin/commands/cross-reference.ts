import { Command } from 'commander'
import * as z from 'zod'
import { type CrossReferenceRow, importCrossReferences, referenceKinds } from '#aws/cross-reference-store.ts'
import { crossReferenceRow, readCrossReferences } from './cross-reference/read-rows.ts'
import { callerOf } from './decide/caller.ts'
import { connect, withEnvironment } from './environment.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'

const Options = z.object({
  account: z.string().optional(),
  by: z.string().optional(),
  environment: z.string().optional(),
  json: z.boolean(),
})

/** `cross-reference add` and `import`: which id the ERP has for something of a source. */
export function crossReferenceCommand(): Command {
  const command = new Command('cross-reference').description(
    "which id the ERP has for a source's customer, supplier, item or tax",
  )
  const add = new Command('add')
    .description('one of them')
    .argument('<system>', 'the source: shop')
    .argument('<kind>', `${referenceKinds.slice(0, -1).join(', ')} or ${referenceKinds.at(-1)}`)
    .argument('<id>', "the source's own id")
    .argument('<erp id>', "the ERP's id of the same thing")
  const load = new Command('import')
    .description('all of a CSV file with the columns system, kind, id, erpId')
    .argument('<file>')
  command.addCommand(
    withErpAccount(add).action(async (system: string, kind: string, id: string, erpId: string, given: unknown) => {
      await write([crossReferenceRow({ system, kind, id, erpId }, 'The cross-reference')], given)
    }),
  )
  command.addCommand(
    withErpAccount(load).action(async (file: string, given: unknown) => {
      await write(readCrossReferences(file), given)
    }),
  )
  return command
}

function withErpAccount(command: Command): Command {
  return withEnvironment(
    command
      .option('--account <name>', 'the ERP account (default: the environment has one)')
      .option('--by <name>', 'on the local cloud: who says so'),
  )
}

async function write(rows: readonly CrossReferenceRow[], given: unknown): Promise<void> {
  const options = readOptions(Options, given)
  const { name, erpAccount } = await connect(options.environment)
  const account = options.account ?? erpAccount
  const changed = await importCrossReferences(account, rows, { person: await callerOf(name, options.by) })
  printResult(options.json, { account, written: rows, changed }, () => {
    const [row] = rows
    const what =
      rows.length === 1 && row
        ? `${row.system} ${row.kind} ${row.id} is ${row.erpId}`
        : `${rows.length} ids are known, ${changed} of them new or changed,`
    return `${what} in ${account}. A case that failed for the want of it can be redriven now.`
  })
}
