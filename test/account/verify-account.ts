import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { deployFixture } from './fixture.ts'
import { type Identity, NotStarted, readIdentity } from './identity.ts'
import { removeEverything } from './remove.ts'
import { formatReport } from './report.ts'
import { runChecks } from './run-checks.ts'

const usage = `npm run verify:account -- [--region REGION] [--yes] [--json FILE] [--only NAME] [--clean-up PREFIX]

Checks in an AWS account what the local cloud was built after: the same drills that npm test runs against it.
The credentials are the ordinary ones of the AWS SDK.

  --yes              does not ask before it creates anything
  --json FILE        writes the table for programs
  --only NAME        only one file of drills, such as redrive; may be given again
  --clean-up PREFIX  only removes what a run left that nobody could end in order

Exit code: 0 all as expected, 1 something differs or is left behind, 2 nothing was begun, 130 interrupted.`

// Not postonce-…: a hub that is deployed in the account hears of failures of all machines that are called so.
const prefixForm = /^verify-postonce-[a-z]{6}$/
const limitMs = 13 * 60_000
const say = (text: string) => process.stderr.write(`${text}\n`)

async function main(): Promise<number> {
  const options = readOptions()
  if (options.help) {
    say(usage)
    return 0
  }
  const identity = await readIdentity(
    options.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION,
    process.env,
  )
  if (options['clean-up'] !== undefined) return cleanUp(identity, readPrefix(options['clean-up']))
  const prefix = `verify-postonce-${Array.from({ length: 6 }, () => 'abcdefghijklmnopqrstuvwxyz'[randomInt(26)]).join('')}`
  say(planOf(identity, prefix))
  if (!options.yes && !(await agrees())) throw new NotStarted('Nothing was created.')
  return verify(identity, prefix, options)
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        region: { type: 'string' },
        json: { type: 'string' },
        only: { type: 'string', multiple: true, default: [] },
        'clean-up': { type: 'string' },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (cause) {
    throw new NotStarted(`${cause instanceof Error ? cause.message : cause}\n\n${usage}`, { cause })
  }
}

type Options = ReturnType<typeof readOptions>

/** Whatever else begins with a given text is not ours to remove. */
function readPrefix(text: string): string {
  if (prefixForm.test(text)) return text
  throw new NotStarted(
    `--clean-up ${text}: a prefix is verify-postonce- and six letters, as it was printed at the start.`,
  )
}

function planOf({ accountId, region, endpoint }: Identity, prefix: string): string {
  return `Account ${accountId}, region ${region}${endpoint === undefined ? '' : `, at ${endpoint} instead of AWS`}.
Creates, and removes at the end, under the name ${prefix} and with a tag of that value:
  one stack (a KMS key, a topic, two queues, a role, a log group) and for the checks about 60 state machines,
  40 functions, 30 queues, 10 rules, 3 alarms, 1 table, all empty or small.
Costs less than 0.10 US dollars at list prices: about 1,000 state transitions, the key and the alarms by the hour.
Needs rights to create all of these, and 12 concurrent Lambda invocations. Takes up to 15 minutes.
If this computer dies meanwhile: npm run verify:account -- --region ${region} --clean-up ${prefix}`
}

async function agrees(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new NotStarted('Nobody can be asked here: give --yes.')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question('Go on? [y/N] ')
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

async function verify(identity: Identity, prefix: string, options: Options): Promise<number> {
  const interrupted = new AbortController()
  const onSignal = () => {
    if (!interrupted.signal.aborted) say('Interrupted. Removing what was created …')
    interrupted.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal)
  let code = 1
  try {
    code = await check(identity, prefix, options, interrupted.signal)
  } catch (error) {
    say(String(error instanceof Error ? error.message : error))
  } finally {
    say('Removing what was created …')
    if ((await cleanUp(identity, prefix)) !== 0) code = 1
  }
  return interrupted.signal.aborted ? 130 : code
}

async function check(
  identity: Identity,
  prefix: string,
  { json, only }: Options,
  signal: AbortSignal,
): Promise<number> {
  const { region, accountId } = identity
  say('Creating the stack …')
  const fixture = await deployFixture(new CloudFormationClient({ region }), prefix, signal)
  const isAccount = identity.endpoint === undefined
  const target = {
    place: isAccount ? 'account' : 'local cloud',
    region,
    accountId,
    prefix,
    roleArn: fixture.RoleArn,
    logGroup: fixture.LogGroupName,
    fixture,
    patienceSeconds: isAccount ? 120 : 30,
    ruleSettleSeconds: isAccount ? 30 : 0,
    pollMs: isAccount ? 1_000 : 50,
    maxAttempts: isAccount ? 6 : 1,
  } as const
  say('Running the checks …')
  const checks = await runChecks(target, only, limitMs, signal)
  process.stdout.write(`${formatReport(checks)}\n`)
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ accountId, region, prefix, checks }, null, 2)}\n`)
  return checks.length === 0 || checks.some(({ verdict }) => verdict === 'differs') ? 1 : 0
}

async function cleanUp({ region, endpoint }: Identity, prefix: string): Promise<number> {
  const left = await removeEverything(region, prefix, endpoint === undefined ? 5_000 : 100)
  if (left.length === 0) return 0
  say(
    `Still there:\n  ${left.join('\n  ')}\nRemove it later: npm run verify:account -- --region ${region} --clean-up ${prefix}`,
  )
  return 1
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof NotStarted)) throw error
  say(`verify:account: ${error.message}`)
  process.exitCode = 2
}
