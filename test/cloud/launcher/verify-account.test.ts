import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch'
import { ListRulesCommand } from '@aws-sdk/client-eventbridge'
import { ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { ListStateMachinesCommand } from '@aws-sdk/client-sfn'
import { CreateQueueCommand, ListQueuesCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'
import { Check } from '../../account/check.ts'
import { deployFixture } from '../../account/fixture.ts'
import { startLocalDrill } from './drill.ts'

const program = fileURLToPath(new URL('../../account/verify-account.ts', import.meta.url))
const folder = temporaryFolder('verify')

let drill: Awaited<ReturnType<typeof startLocalDrill>>

beforeAll(async () => {
  drill = await startLocalDrill({ POSTONCE_ALARM_TICK_SECONDS: '1' })
})
afterAll(() => drill.stop())

/** The command as it is typed, with the local cloud where AWS would be. */
function verify(args: readonly string[], onText: (text: string, pid: number) => void = () => {}, env = access()) {
  return new Promise<{ code: number | null; text: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    const hear = (chunk: unknown) => {
      text += String(chunk)
      onText(text, child.pid ?? 0)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, text }))
  })
}

const nobody = () => ({ PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' })
const access = (): Record<string, string | undefined> => ({
  ...nobody(),
  AWS_ENDPOINT_URL: drill.cloud.endpoint,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
})

/** The names of everything that a run may create, whoever created it. */
async function names(): Promise<string> {
  const { sfn, sqs, lambda, events, cloudwatch, cloudformation } = drill
  return JSON.stringify([
    (await sfn.send(new ListStateMachinesCommand({}))).stateMachines,
    (await lambda.send(new ListFunctionsCommand({}))).Functions,
    (await sqs.send(new ListQueuesCommand({}))).QueueUrls,
    (await events.send(new ListRulesCommand({}))).Rules,
    (await cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms,
    (await cloudformation.send(new DescribeStacksCommand({}))).Stacks?.filter(isThere),
  ])
}

const isThere = ({ StackStatus }: { StackStatus?: string | undefined }) => StackStatus !== 'DELETE_COMPLETE'
const prefixIn = (text: string) => String(/verify-postonce-[a-z]{6}/.exec(text)?.[0])
const Report = z.object({ accountId: z.literal('000000000000'), prefix: z.string(), checks: z.array(Check) })

it('makes the checks, says of each what was seen and which page says so, and removes all that it created', async () => {
  const file = join(folder, 'checks.json')
  const only = ['encryption', 'jsonata', 'metrics', 'queues'].flatMap((name) => ['--only', name])
  const { code, text } = await verify(['--yes', '--json', file, ...only])
  const { prefix, checks } = Report.parse(JSON.parse(readFileSync(file, 'utf8')))
  expect(checks.filter(({ verdict }) => verdict === 'differs')).toEqual([])
  expect(checks.filter(({ verdict }) => verdict === 'as expected')).toHaveLength(21)
  expect(checks.filter(({ verdict }) => verdict === 'not here').map(({ title }) => title)).toEqual([
    'knows nothing of what came with JSONata 2.1',
  ])
  expect(checks.filter(({ page }) => !page.startsWith('https://docs.aws.amazon.com/'))).toEqual([])
  expect(text).toContain('Account 000000000000, region us-east-1')
  expect(text).toContain('21 as expected, 0 differ, 1 cannot be checked here.')
  expect(code).toBe(0)
  expect(await names()).not.toContain(prefix)
})

it('removes what it created when it is interrupted', async () => {
  let interrupted = false
  const { code, text } = await verify(['--yes', '--only', 'waits'], (heard, pid) => {
    if (interrupted || !heard.includes('Running the checks')) return
    interrupted = true
    process.kill(pid, 'SIGINT')
  })
  expect(text).toContain('it was stopped before the end')
  expect(code).toBe(130)
  expect(await names()).not.toContain(prefixIn(text))
})

it('removes what a run left that nobody could end in order', async () => {
  const prefix = 'verify-postonce-abcdef'
  await deployFixture(drill.cloudformation, prefix)
  await drill.sqs.send(new CreateQueueCommand({ QueueName: `${prefix}-0a1b2c-1` }))
  expect(await names()).toContain(prefix)
  expect(await verify(['--clean-up', prefix])).toEqual({ code: 0, text: '' })
  expect(await names()).not.toContain(prefix)
})

it.each([
  ['without credentials', ['--yes', '--region', 'eu-central-1'], nobody, 'No AWS credentials were found.'],
  ['without a region', ['--yes'], nobody, 'No region: set AWS_REGION, or give --region.'],
  ['without anybody to ask', [], access, 'Nobody can be asked here: give --yes.'],
  ['with a prefix of something else', ['--clean-up', 'production'], access, '--clean-up production: a prefix is'],
] as const)('creates nothing %s, and says why', async (_case, args, env, reason) => {
  const before = await names()
  const { code, text } = await verify(args, undefined, env())
  expect(text).toContain(reason)
  expect(code).toBe(2)
  expect(await names()).toBe(before)
})
