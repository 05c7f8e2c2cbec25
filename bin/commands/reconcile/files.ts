import { Command } from 'commander'
import * as z from 'zod'
import { connect, withEnvironment } from '../environment.ts'
import { readOptions } from '../terminal/options.ts'
import { printResult } from '../terminal/output.ts'
import { formatTable } from '../terminal/table.ts'
import { invokeReconciler, SourceFiles } from './invoke-reconciler.ts'

const Options = z.object({ environment: z.string().optional(), json: z.boolean() })

/** `reconcile files`: compares the files that sources have put into the bucket, without waiting until they are an hour old. */
export function filesCommand(): Command {
  const command = new Command('files').description(
    'compares now what lies in the bucket SourceFiles, which the clock does when a file is an hour old',
  )
  return withEnvironment(command).action(async (_own: unknown, all: Command) => {
    const options = readOptions(Options, all.optsWithGlobals())
    const { name } = await connect(options.environment)
    const compared = await invokeReconciler(name, { files: true, dueAfterMs: 0 }, SourceFiles)
    printResult(options.json, compared, () => formatFiles(compared))
    const isClean = compared.files.every(({ became, differences }) => became === 'compared' && differences === 0)
    if (!isClean) process.exitCode = 1
  })
}

function formatFiles({ files }: SourceFiles): string {
  if (files.length === 0) return 'There is no file that was not compared before.'
  const rows = files.map(({ file, became, documents, differences, text }) => [
    file,
    became,
    documents === undefined ? '' : String(documents),
    differences === undefined ? '' : String(differences),
    text ?? (differences === 0 ? '' : 'npx postonce reconcile'),
  ])
  return formatTable(
    [
      ...[{ title: 'FILE' }, { title: 'BECAME' }],
      { title: 'DOCUMENTS', align: 'right' },
      { title: 'DIFFERENCES', align: 'right' },
      { title: '' },
    ],
    rows,
  )
}
