import { basename } from 'node:path'
import { Command } from 'commander'
import * as z from 'zod'
import { connect, withEnvironment } from './environment.ts'
import { refuseTooLarge } from './publish/batches.ts'
import { readEntries } from './publish/read-entries.ts'
import { type SendReport, sendEntries } from './publish/send-entries.ts'
import { ublEntry } from './publish/ubl-entry.ts'
import { findInvalid } from './publish/validate-entry.ts'
import { CommandError } from './terminal/explain.ts'
import { readOptions } from './terminal/options.ts'
import { printResult, progressLine } from './terminal/output.ts'

const Options = z.object({
  source: z.string().optional(),
  detailType: z.string().optional(),
  purchaseOrder: z.string().optional(),
  validate: z.boolean(),
  environment: z.string().optional(),
  json: z.boolean(),
})

/** `publish FILE`: puts the events of a file on the bus. */
export function publishCommand(): Command {
  const command = new Command('publish')
    .description(
      'put the events of a file on the bus: .jsonl has one a line, .json one or a list, .xml is an invoice or a credit note in UBL',
    )
    .argument('<file>', 'whole events (source, detail-type, detail), or details alone with --source and --detail-type')
    .option('--source <system>', 'the system that publishes, for entries that do not say; peppol for UBL')
    .option('--detail-type <name>', 'what happened, for entries that do not say: SalesOrderSubmitted')
    .option(
      '--purchase-order <number>',
      'for UBL: the requisition that it is for, if the document does not name the order',
    )
    .option('--no-validate', 'send what the hub would not understand as well')
  return withEnvironment(command).action(async (file: string, given: unknown) => {
    await publish(file, readOptions(Options, given))
  })
}

async function publish(file: string, options: z.output<typeof Options>): Promise<void> {
  const entries = file.toLowerCase().endsWith('.xml') ? [ublEntry(file, options)] : readEntries(file, options)
  refuseTooLarge(entries)
  if (options.validate) refuseInvalid(findInvalid(entries))
  const { bus, name } = await connect(options.environment)
  const progress = progressLine()
  const startedAtMs = Date.now()
  const report = await sendEntries(entries, bus, (done) => {
    const seconds = (Date.now() - startedAtMs) / 1000
    progress.show(`${done} of ${entries.length} published, ${Math.round(done / Math.max(seconds, 0.001))}/s`)
  })
  progress.end()
  const seconds = (Date.now() - startedAtMs) / 1000
  printResult(options.json, { ...report, seconds, bus, environment: name }, () =>
    summarize(report, seconds, basename(file), bus),
  )
  if (report.failed.length > 0) process.exitCode = 1
}

function refuseInvalid(invalid: readonly string[]): void {
  if (invalid.length === 0) return
  const shown = invalid.slice(0, 20).map((line) => `  ${line}`)
  const more = invalid.length > 20 ? [`  and ${invalid.length - 20} more`] : []
  throw new CommandError(
    [
      'Nothing was sent. The hub would not understand:',
      ...shown,
      ...more,
      'Mend them, or send them anyway with --no-validate.',
    ].join('\n'),
  )
}

function summarize({ published, failed }: SendReport, seconds: number, file: string, bus: string): string {
  const rate = Math.round(published.length / Math.max(seconds, 0.001))
  const first = `${published.length} of ${published.length + failed.length} events of ${file} are on the bus ${bus} (${seconds.toFixed(1)} s, ${rate}/s).`
  if (failed.length === 0) return `${first}\nFollow them: npx postonce cases`
  const lines = failed.map(({ where, code, message }) => `  ${where}: ${code} ${message}`)
  return [first, 'Not taken by the bus; publish these again:', ...lines].join('\n')
}
