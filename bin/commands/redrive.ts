import { Command } from 'commander'
import * as z from 'zod'
import { readCase } from '#aws/case-store.ts'
import { deleteMessages } from './dead-letters/peek-letters.ts'
import { callerOf } from './decide/caller.ts'
import { type ConnectedEnvironment, connect, deadLettersOf, withEnvironment } from './environment.ts'
import { carryOut } from './redrive/carry-out.ts'
import { targetsOfSignatures } from './redrive/find-targets.ts'
import { nameOfTarget, planRedrive, type RedrivePlan, type RedriveTarget } from './redrive/plan-redrive.ts'
import { formatReport } from './redrive/report.ts'
import { runAndReport } from './redrive/run-and-report.ts'
import { tellRedrive } from './redrive/tell-redrive.ts'
import { CommandError, InputError } from './terminal/explain.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'
import { unknownCase } from './trace/case-key.ts'
import { keysMeant } from './trace/keys-meant.ts'

const Options = z.object({
  signature: z.array(z.string()).optional(),
  fromStart: z.boolean(),
  dryRun: z.boolean(),
  rate: z.coerce.number().positive().max(100),
  limit: z.coerce.number().int().min(1).max(100_000),
  environment: z.string().optional(),
  json: z.union([z.boolean(), z.string()]),
})
type Options = z.output<typeof Options>

/**
 * Each look asks Step Functions about an execution, which answers 300 at once and then 15 a second for the whole account;
 * what is left is for the hub itself, whose accept and sweeper ask the same.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const looks = { atOnce: 200, perSecond: 10 }

/** `redrive CASE|EXECUTION` or `redrive --signature S`: what stood still goes on. */
export function redriveCommand(): Command {
  const command = new Command('redrive')
    .description('let a case go on at the step that failed, or everything that failed for one cause')
    .argument('[case or execution]', 'the case, as trace takes it, or the ARN of an execution')
    .option('--signature <signature...>', 'everything of these causes, as npx postonce dead-letters names them')
    .option('--from-start', "run the original event again, with today's mapping, instead of going on", false)
    .option('--dry-run', 'say what is posted and what would be posted, and do nothing', false)
    .option('--rate <count>', 'so many a second at most', '2')
    .option('--limit <count>', 'look for so many at most', '10000')
  return withEnvironment(command, '--json [file]').action(async (given: string | undefined, other: unknown) => {
    const options = readOptions(Options, other)
    const environment = await connect(options.environment)
    await redrive(await targetsFor(given, options, environment), options, environment)
  })
}

async function targetsFor(
  given: string | undefined,
  { signature, limit }: Options,
  environment: ConnectedEnvironment,
): Promise<readonly RedriveTarget[]> {
  if ((given === undefined) === (signature === undefined)) {
    throw new InputError('Name one case or execution, or --signature for all of one cause or several.')
  }
  if (signature !== undefined) {
    const { targets, gone } = await targetsOfSignatures(signature, deadLettersOf(environment), limit)
    for (const one of gone) process.stderr.write(`${one}: nothing has this signature any more\n`)
    if (targets.length === 0)
      throw new CommandError(
        'Nothing of that can be redriven: its letters are of no execution and hold no event. When the cause is mended: npx postonce dead-letters SIGNATURE --delete',
      )
    return targets
  }
  if (given?.startsWith('arn:')) return [{ kind: 'execution', executionArn: given }]
  const keys = await keysMeant(given ?? '', environment.sources)
  const found = (await Promise.all(keys.map(readCase))).flatMap((one) => one?.pk ?? [])
  const [caseKey, second] = found
  if (caseKey === undefined || second !== undefined) throw unknownCase(given ?? '', found)
  return [{ kind: 'case', caseKey }]
}

async function redrive(
  targets: readonly RedriveTarget[],
  { fromStart, dryRun, rate, limit, json }: Options,
  environment: ConnectedEnvironment,
): Promise<void> {
  const person = dryRun ? '' : await callerOf(environment.name, undefined)
  const report = await runAndReport<RedriveTarget, RedrivePlan>(
    targets,
    {
      nameOf: nameOfTarget,
      plan: (target) => planRedrive(target, fromStart),
      looks,
      act: async (plan, target) => {
        await tellRedrive(plan, person)
        return await carryOut(plan, target, environment.bus)
      },
    },
    { rate, dryRun, file: typeof json === 'string' ? json : undefined, verb: dryRun ? 'looked at' : 'redriven' },
  )
  const published = report.items.flatMap(({ outcome, plan }) =>
    outcome === 'started' && plan?.messageId !== undefined ? [plan.messageId] : [],
  )
  if (published.length > 0) await deleteMessages(deadLettersOf(environment), new Set(published), limit)
  const next =
    'What is not started goes on when you run the same again. The letter of a case goes by itself when the case is through: npx postonce dead-letters'
  printResult(json === true, report, () => formatReport(report, next))
}
