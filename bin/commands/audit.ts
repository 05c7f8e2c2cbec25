import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import * as z from 'zod'
import { readNewestSeal, readSeal } from '#aws/audit-days.ts'
import { verifyExport } from '#domain/audit/verify.ts'
import { daysOf } from './audit/days.ts'
import { erasePersons } from './audit/erase.ts'
import { exportDays } from './audit/export-days.ts'
import { formatFinding } from './audit/format-finding.ts'
import { readExport, readKey } from './audit/read-files.ts'
import { callerOf } from './decide/caller.ts'
import { connect, withEnvironment } from './environment.ts'
import { CommandError } from './terminal/explain.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'

const Day = z.iso.date({ error: 'must be a day, such as 2026-11-24' })
const Exporting = z.object({
  day: Day.optional(),
  from: Day.optional(),
  to: Day.optional(),
  persons: z.boolean(),
  environment: z.string().optional(),
})
const Erasing = z.object({
  by: z.string().optional(),
  reason: z.string().trim().min(1),
  environment: z.string().optional(),
})

/** `audit`: the trail of what was done, under signed roots. */
export function auditCommand(): Command {
  const command = new Command('audit').description(
    'the audit trail: export it, verify an export offline, erase who acted',
  )
  const exporting = new Command('export')
    .description('the entries of one or more sealed days, with the signed roots that prove them')
    .argument('<file>', 'where to write it')
    .option('--day <day>', 'one day, in UTC (default: the newest that is sealed)')
    .option('--from <day>', 'the first of several days')
    .option('--to <day>', 'the last of them')
    .option('--persons', 'with who acted and why, as far as it is not erased', false)
    .option('-e, --environment <name>', 'local, or any other name for the account of your AWS credentials')
    .action(exportTo)
  const verifying = new Command('verify')
    .description(
      'names the first entry of an export that was changed, removed, inserted or reordered; needs no network',
    )
    .argument('<file>', 'the export')
    .requiredOption('--key <file>', 'the public key, which you have kept: npx postonce audit key')
    .option('--json', 'for programs', false)
    .action(verify)
  const key = new Command('key')
    .description('the public key of the newest seal; keep it elsewhere, and compare it with what KMS says')
    .option('-e, --environment <name>', 'local, or any other name for the account of your AWS credentials')
    .action(printKey)
  const erasing = new Command('erase')
    .description('forgets who acted in a case and why; the trail stays whole and provable')
    .argument('<case>', 'the whole key, such as shop/sales-order/T1001')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--by <name>', 'on the local cloud: who erases')
  return command
    .addCommand(exporting)
    .addCommand(verifying)
    .addCommand(key)
    .addCommand(withEnvironment(erasing).action(erase))
}

async function exportTo(file: string, given: unknown): Promise<void> {
  const options = readOptions(Exporting, given)
  await connect(options.environment)
  const newest = (await readNewestSeal())?.statement.day
  const { from, to } = daysOf(options, newest)
  const lines = await exportDays(from, to, options.persons)
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  process.stdout.write(`${file}: ${lines.length} lines, ${from} to ${to}\n`)
}

function verify(file: string, given: unknown): void {
  const { key, json } = readOptions(z.object({ key: z.string(), json: z.boolean() }), given)
  const verified = verifyExport(readExport(file), readKey(key))
  printResult(json, verified, () =>
    verified.finding === undefined
      ? `As it was sealed, ${verified.from} to ${verified.to}: ${verified.entries} entries in ${verified.chains} chains, ${verified.withoutPerson} without who acted.`
      : formatFinding(verified.finding),
  )
  if (verified.finding !== undefined) process.exitCode = 1
}

async function printKey(given: unknown): Promise<void> {
  await connect(readOptions(z.object({ environment: z.string().optional() }), given).environment)
  const newest = await readNewestSeal()
  const item = newest === undefined ? undefined : await readSeal(newest.statement.day)
  if (item === undefined)
    throw new CommandError('No day is sealed yet: each one is between 01:00 and 02:00 UTC of the next.')
  process.stdout.write(item.publicKey)
}

async function erase(caseKey: string, given: unknown): Promise<void> {
  const options = readOptions(Erasing, given)
  const { name } = await connect(options.environment)
  const erased = await erasePersons(caseKey, await callerOf(name, options.by), options.reason)
  process.stdout.write(`${caseKey}: who acted in ${erased} entries is forgotten; the trail says that it was erased\n`)
}
