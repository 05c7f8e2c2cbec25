import { Command } from 'commander'
import * as z from 'zod'
import { saidOf } from '#aws/reconciliation/ask-about-difference.ts'
import { compareSource, type SourceComparison } from '#aws/reconciliation/source-side.ts'
import { connect, withEnvironment } from '../environment.ts'
import { InputError } from '../terminal/explain.ts'
import { readOptions } from '../terminal/options.ts'
import { printResult } from '../terminal/output.ts'
import { formatTable } from '../terminal/table.ts'
import { readSourceFile } from './read-source-file.ts'

const Day = z.iso.date({ error: 'must be a day, such as 2026-11-24' })
const Options = z.object({ from: Day, to: Day, environment: z.string().optional(), json: z.boolean() })
const dayMs = 86_400_000
/** What the source has had for less than this may still be on its way. */
const onItsWayMs = 3_600_000

/** `reconcile source FILE`: what a source tells of its documents, against what the hub has posted. It only looks. */
export function sourceCommand(): Command {
  const command = new Command('source')
    .description("compares a source's own list of documents, CSV or JSON lines, with what the hub has posted")
    .argument('<file>', 'one line a document; docs/reconcile.md says which columns')
    .requiredOption('--from <day>', 'the first day that the file is whole for')
    .requiredOption('--to <day>', 'the last of them')
  return withEnvironment(command).action(async (file: string, _own: unknown, all: Command) => {
    const { from, to, environment, json } = readOptions(Options, all.optsWithGlobals())
    if (from > to) throw new InputError(`--from ${from} is after --to ${to}.`)
    const { erpAccount: company } = await connect(environment)
    const window = {
      sinceMs: Date.parse(from),
      untilMs: Date.parse(to) + dayMs,
      dueBeforeMs: Date.now() - onItsWayMs,
      company,
    }
    const compared = await compareSource(readSourceFile(file, company), window)
    printResult(json, compared, () => formatSource(compared))
    if (compared.differences.length > 0) process.exitCode = 1
  })
}

function formatSource({ documents, differences }: SourceComparison): string {
  if (differences.length === 0) return `${documents} documents of the source and the hub compared: they agree.`
  const rows = differences.map((one) => [one.class, one.posting ?? '', saidOf(one)])
  const table = formatTable([{ title: 'CLASS' }, { title: 'DOCUMENT' }, { title: 'WHO SAYS WHAT' }], rows)
  return `${documents} documents of the source and the hub compared, ${differences.length} differences.\n\n${table}`
}
