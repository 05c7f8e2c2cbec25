import { Command } from 'commander'
import * as z from 'zod'
import { putCrossReference, referenceKinds } from '#aws/cross-reference-store.ts'
import { parse } from '#domain/schema.ts'
import { type CrossReferenceRow, crossReferenceRow, readCrossReferences } from './cross-reference/read-rows.ts'
import { connect, withEnvironment } from './environment.ts'
import { printResult } from './terminal/output.ts'

const Options = z.object({ account: z.string().optional(), environment: z.string().optional(), json: z.boolean() })

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
  return withEnvironment(command.option('--account <name>', 'the ERP account (default: the environment has one)'))
}

async function write(rows: readonly CrossReferenceRow[], given: unknown): Promise<void> {
  const options = parse(Options, given, 'The options')
  const { erpAccount } = await connect(options.environment)
  const account = options.account ?? erpAccount
  for (const { system, kind, id, erpId } of rows) await putCrossReference(system, kind, id, account, erpId)
  printResult(options.json, { account, written: rows }, () => {
    const [row] = rows
    const what =
      rows.length === 1 && row ? `${row.system} ${row.kind} ${row.id} is ${row.erpId}` : `${rows.length} ids are known`
    return `${what} in ${account}. A case that failed for the want of it can be redriven now.`
  })
}
