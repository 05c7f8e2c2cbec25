import { Command } from 'commander'
import * as z from 'zod'
import {
  type DifferenceItem,
  ignoredDifferences,
  listDifferences,
  openDifferences,
} from '#aws/reconciliation/difference-store.ts'
import { readRun } from '#aws/reconciliation/run-store.ts'
import { flowsOf } from '#domain/flow-catalog/flows-of.ts'
import { callerOf } from './decide/caller.ts'
import { connect, withEnvironment } from './environment.ts'
import { filesCommand } from './reconcile/files.ts'
import { formatAgreement, formatComparison, formatDifferences, formatRepairs } from './reconcile/format-differences.ts'
import { Applied, Comparison, invokeReconciler, Repaired } from './reconcile/invoke-reconciler.ts'
import { refuseSenseless } from './reconcile/senseless.ts'
import { sinceOf } from './reconcile/since.ts'
import { sourceCommand } from './reconcile/source.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'

const Options = z.object({
  since: z.string().optional(),
  all: z.boolean(),
  settled: z.boolean(),
  apply: z.boolean(),
  flow: z.string().optional(),
  environment: z.string().optional(),
  json: z.boolean(),
})
const Repairing = z.object({
  reason: z.string().trim().min(1),
  by: z.string().optional(),
  document: z.string().optional(),
  environment: z.string().optional(),
  json: z.boolean(),
})

/**
 * `reconcile`: what the books do not agree on, and what `--apply` would do about it; with `--since`, they are compared now.
 * Nothing is repaired unless it is said.
 */
export function reconcileCommand(): Command {
  const command = new Command('reconcile')
    .description('what the books of the hub and of the ERP do not agree on')
    .option('--since <when>', 'compares now what was posted or changed since: 2026-11-24, 2026-11-24T10:00:00Z, 3h, 7d')
    .option('--settled', 'with --since: includes what is younger than an hour, when nothing is on its way', false)
    .option('--all', 'with those that are ignored', false)
    .option('--flow <name>', 'only differences of documents that this flow brings, as npx postonce flows names it')
    .option('--apply', 'repairs what the hub may repair by itself, and asks a person about the rest', false)
  withEnvironment(command).action(compare)
  command.addCommand(sourceCommand())
  command.addCommand(filesCommand())
  for (const [name, description] of Object.entries(verbs)) {
    const verb = new Command(name)
      .description(description)
      .argument('<key>', 'the difference, as npx postonce reconcile names it')
      .requiredOption('--reason <text>', 'why, for the audit trail')
      .option(
        '--by <name>',
        'who says so, on the local cloud (default: your user name); in an account it is who you are',
      )
    if (name === 'adopt')
      verb.option('--document <number>', 'which document of the ERP is the one, if it bears another number')
    // Options that a parent shares are the parent's: both are asked for.
    const act = (key: string, _own: unknown, all: Command) => repair(name, key, all.optsWithGlobals())
    command.addCommand(withEnvironment(verb).action(act))
  }
  return command
}

const verbs = {
  replay: 'the hub looks once more, and posts under the same key what is missing or stands half-way',
  cancel: 'the hub cancels in the ERP what counts there too often',
  adopt: "the ERP is right: the hub's posting takes over what stands there",
  ignore: 'it stays as it is, and is told no more for as long as it stays the same',
}

async function compare(given: unknown): Promise<void> {
  const options = readOptions(Options, given)
  refuseSenseless(options)
  const { name, erpAccount } = await connect(options.environment)
  const sinceMs = options.since === undefined ? undefined : sinceOf(options.since, Date.now())
  const asked = { sinceMs, ...(options.settled && { dueAfterMs: 0 }) }
  let compared = sinceMs === undefined ? undefined : await invokeReconciler(name, asked, Comparison)
  while (compared?.isThrough === false) {
    compared = await invokeReconciler(name, { ...asked, untilMs: compared.untilMs }, Comparison)
  }
  const { flow } = options
  const { repaired } = await invokeReconciler(name, { apply: { flow, isDry: !options.apply } }, Applied)
  const lists = [openDifferences, ...(options.all ? [ignoredDifferences] : [])]
  const ofFlow = ({ difference }: DifferenceItem) =>
    flow === undefined || flowsOf(difference.document).some((one) => one.name === flow)
  const differences = (await Promise.all(lists.map(listDifferences))).flat().filter(ofFlow)
  const comparedUntilMs = compared?.untilMs ?? (await readRun(erpAccount))?.untilMs
  const isSilent = compared === undefined && differences.length === 0
  printResult(options.json, { ...compared, comparedUntilMs, differences, repaired }, () =>
    [
      ...(compared === undefined ? [] : [formatComparison(compared)]),
      isSilent ? formatAgreement(comparedUntilMs, flow) : formatDifferences(differences, Date.now()),
      ...(repaired.length === 0 ? [] : [formatRepairs(repaired, options.apply)]),
    ].join('\n\n'),
  )
  const isOpen = differences.some(({ status }) => status === 'open')
  if (isOpen || comparedUntilMs === undefined) process.exitCode = 1
}

async function repair(name: string, key: string, given: unknown): Promise<void> {
  const options = readOptions(Repairing, given)
  const connected = await connect(options.environment)
  const by = await callerOf(connected.name, options.by)
  const { reason, document } = options
  const asked = { repair: { key, repair: name, by, reason, ...(document !== undefined && { document }) } }
  const repaired = await invokeReconciler(connected.name, asked, Repaired)
  printResult(options.json, repaired, () => repaired.text)
  if (repaired.became !== 'repaired') process.exitCode = 1
}
