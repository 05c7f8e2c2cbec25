import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import * as z from 'zod'
import { connect, withEnvironment } from './environment.ts'
import { formatReport } from './redrive/report.ts'
import { findArchive } from './replay/archive.ts'
import { type ArchiveReplay, replayArchive } from './replay/replay-archive.ts'
import { replayTable, type Wanted } from './replay/replay-table.ts'
import { CommandError, InputError } from './terminal/explain.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'
import { keyMeant } from './trace/keys-meant.ts'

const time = z.string().transform((text, context) => {
  const atMs = Date.parse(text)
  if (Number.isNaN(atMs)) context.addIssue(`"${text}" must be a time, such as 2026-03-01T06:00:00Z`)
  return atMs
})
const Options = z.object({
  from: time.optional(),
  to: time.optional(),
  detailType: z.string().optional(),
  case: z.string().optional(),
  dryRun: z.boolean(),
  rate: z.coerce.number().positive().max(1000),
  environment: z.string().optional(),
  json: z.union([z.boolean(), z.string()]),
})

/** `replay --from T --to T`: what the bus received is brought again. */
export function replayCommand(): Command {
  const command = new Command('replay')
    .description('bring again what the hub received: from the archive of the bus, or, filtered, from the table')
    .option('--from <time>', 'the first moment, such as 2026-03-01T06:00:00Z')
    .option('--to <time>', 'the last one')
    .option('--detail-type <name>', 'only events of this kind, from the table')
    .option(
      '--case <key>',
      'only events of this case, as trace takes it, from the table; of all times unless --from and --to say',
    )
    .option('--dry-run', 'say what would be brought again, and do nothing', false)
    .option('--rate <count>', 'from the table: so many a second at most', '5')
  return withEnvironment(command, '--json [file]').action(async (given: unknown) => {
    const options = readOptions(Options, given)
    const { dryRun, rate, json, case: caseKey, detailType } = options
    const file = typeof json === 'string' ? json : undefined
    const { fromMs, toMs } = spanOf(options)
    const { bus, sources } = await connect(options.environment)
    const isFiltered = caseKey !== undefined || detailType !== undefined
    const archive = isFiltered ? undefined : await findArchive()
    const caseKeys = caseKey === undefined ? undefined : [await keyMeant(caseKey, sources)]
    const wanted = { fromMs, toMs, detailType, caseKeys }
    if (archive !== undefined) {
      const replay = await replayArchive(archive, bus, { fromMs, toMs, dryRun })
      const known = dryRun ? await takenOf(wanted, bus) : undefined
      const said = { ...replay, ...(known && { known }) }
      if (file !== undefined) writeFileSync(file, `${JSON.stringify(said, null, 2)}\n`)
      printResult(json === true, said, () =>
        [formatArchiveReplay(replay), ...(known ? formatTaken(known) : [])].join('\n'),
      )
      return
    }
    const report = await replayTable(wanted, bus, { rate, dryRun, file })
    printResult(json === true, report, () => formatReport(report, 'What was there already is recognised.'))
  })
}

function spanOf({ from, to, case: caseKey }: z.output<typeof Options>): { fromMs: number; toMs: number } {
  if (caseKey === undefined && (from === undefined || to === undefined)) {
    throw new InputError('Which time? replay needs --from and --to, or --case for all events of one case.')
  }
  const span = { fromMs: from ?? 0, toMs: to ?? Number.MAX_SAFE_INTEGER }
  if (span.fromMs > span.toMs) throw new InputError('--from must not be later than --to.')
  return span
}

function formatArchiveReplay({ name, rules, from, to, dryRun, state }: ArchiveReplay): string {
  const targets = rules.map((arn) => `  ${arn}`)
  return [
    dryRun
      ? `The archive would bring again everything from ${from} to ${to} (as ${name}), to these rules:`
      : `The archive has brought again everything from ${from} to ${to} (${name}: ${state}), to these rules:`,
    ...targets,
    ...(dryRun ? ['Nothing was done. How many events that are, EventBridge does not tell before.'] : []),
  ].join('\n')
}

/** Of what is in an archive EventBridge tells nothing; of what the hub has taken of it, the table does. */
async function takenOf(wanted: Wanted, bus: string) {
  try {
    return await replayTable(wanted, bus, { rate: 1, dryRun: true, file: undefined })
  } catch (error) {
    // More cases than are read for this: the archive brings them all the same.
    if (error instanceof CommandError) return { cannot: error.message }
    throw error
  }
}

function formatTaken(taken: Awaited<ReturnType<typeof takenOf>>): readonly string[] {
  if ('cannot' in taken) return [`What the hub has taken of it is not listed: ${taken.cannot}`]
  return ['', 'Of what happened in that time, the hub has taken:', formatReport(taken, '')]
}
