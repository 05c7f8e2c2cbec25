import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ListQueuesCommand } from '@aws-sdk/client-sqs'
import { afterEach, describe, expect, it } from 'vitest'
import { startLocalCloud, stopLocalCloud } from '../../../bin/local/cloud/local-cloud.ts'
import { ensureVenv } from '../../../bin/local/cloud/python.ts'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'
import { eventually, startLocalDrill } from './drill.ts'
import { invoking } from './states.ts'

const folder = fileURLToPath(new URL('../../../bin/local/cloud/', import.meta.url))
const requirements = fileURLToPath(new URL('../../../bin/local/requirements-cloud.txt', import.meta.url))
const started: number[] = []

afterEach(async () => {
  for (const pid of started.splice(0)) await stopLocalCloud(pid)
})

describe('the launcher', () => {
  it('leaves no Node worker behind when it is stopped, and keeps what was in the cloud', async () => {
    const stateDir = temporaryFolder('state')
    const first = await startLocalDrill({}, { stateDir })
    started.push(first.cloud.pid)
    const { url } = await first.createQueue()
    await workerOf(first)
    const group = processesOf(first.cloud.pid)
    expect(group.length).toBeGreaterThanOrEqual(2)
    await first.stop()
    await haveEnded(first.cloud.pid)
    const second = await startLocalDrill({}, { stateDir })
    started.push(second.cloud.pid)
    expect((await second.sqs.send(new ListQueuesCommand({}))).QueueUrls?.map(nameOf)).toEqual([nameOf(url)])
  })

  it('takes its Node workers along when it is killed, even those that never come back to their event loop', async () => {
    const drill = await startLocalDrill()
    started.push(drill.cloud.pid)
    await workerOf(drill)
    const busy = await drill.createFunction('for (;;);', { timeoutSeconds: 60 })
    await drill.start(await drill.createMachine({ StartAt: 'Step', States: { Step: invoking(busy) } }))
    await eventually(async () => (nodesOf(drill.cloud.pid) >= 2 ? true : undefined))
    process.kill(drill.cloud.pid, 'SIGKILL')
    await haveEnded(drill.cloud.pid)
  })

  it('ends when the process that started it is killed, unless it was detached', async () => {
    const [attached, detached] = await Promise.all([startAndDie(false), startAndDie(true)])
    started.push(attached, detached)
    await haveEnded(attached)
    expect(processesOf(detached).length).toBeGreaterThan(0)
  })

  it('says why when it cannot start', async () => {
    await expect(startLocalCloud({ env: { SFN_MOCK_CONFIG: '/nowhere' } })).rejects.toThrow('SFN_MOCK_CONFIG')
  })
})

describe('a repair', () => {
  const run = async (program: string) => {
    const file = join(temporaryFolder('repair'), 'program.py')
    writeFileSync(file, program)
    return spawnSync(await ensureVenv('cloud', requirements), [file], {
      env: { ...process.env, PYTHONPATH: folder },
      encoding: 'utf8',
    })
  }

  // Each line changes what one repair was written against, as an upgrade might.
  it.each([
    [
      'lambda_errors',
      `lambda_runtime._NODEJS_WORKER_SCRIPT = lambda_runtime._NODEJS_WORKER_SCRIPT.replace('e.stack', 'e.s')`,
    ],
    ['lambda_errors', `def _execute_function_warm(): pass\nlambda_svc._execute_function_warm = _execute_function_warm`],
    ['lambda_workers', `del lambda_runtime._detect_runtime_binary`],
    ['executions', `def _run_execution(): pass\nstepfunctions._run_execution = _run_execution`],
    ['tasks', `def _execute_task(): pass\nstepfunctions._execute_task = _execute_task`],
    ['redrive', `async def handle_request(): pass\nstepfunctions.handle_request = handle_request`],
    ['rule_targets', `def _dispatch_to_sqs(): pass\neventbridge._dispatch_to_sqs = _dispatch_to_sqs`],
    ['metrics', `del cloudwatch.record_metric`],
    ['alarms', `def _evaluate_alarm(): pass\ncloudwatch._evaluate_alarm = _evaluate_alarm`],
    ['speed', `H11Protocol._send_h11_event = lambda self, event: None`],
    ['queues', `del sqs._queues_lock`],
  ])('%s ends the start-up with its name when its target has changed', async (name, change) => {
    const { status, stderr } = await run(
      [
        'from hypercorn.protocol.h11 import H11Protocol',
        'from ministack.core import lambda_runtime',
        'from ministack.services import cloudwatch, eventbridge, lambda_svc, sqs, stepfunctions',
        change,
        'from repairs import apply_repairs',
        'apply_repairs()',
      ].join('\n'),
    )
    expect(stderr).toContain(`repair '${name}' does not fit this MiniStack`)
    expect(status).toBe(1)
  })
})

/** One invocation, so that there is a worker. */
async function workerOf(drill: Awaited<ReturnType<typeof startLocalDrill>>) {
  const arn = await drill.createFunction('return 1')
  await drill.run(await drill.createMachine({ StartAt: 'Step', States: { Step: invoking(arn) } }))
}

/** Starts a local cloud in a process of its own, which is then killed. Returns the cloud's process id. */
async function startAndDie(detached: boolean): Promise<number> {
  const program = `
    const { startLocalCloud } = await import(${JSON.stringify(join(folder, 'local-cloud.ts'))})
    console.log((await startLocalCloud({ detached: ${detached} })).pid)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk))))
  child.kill('SIGKILL')
  return Number(line)
}

async function haveEnded(group: number): Promise<void> {
  try {
    await eventually(async () => (processesOf(group).length === 0 ? true : undefined))
  } catch (cause) {
    throw new Error(`Of the group ${group} these have not ended: ${processesOf(group).join(', ')}`, { cause })
  }
}

function processesOf(group: number): string[] {
  const lines = execFileSync('ps', ['-eo', 'pgid=,stat=,comm='], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => new RegExp(`^\\s*${group}\\s+[^Z]`).test(line))
}

const nodesOf = (group: number) => processesOf(group).filter((line) => /node|MainThread/.test(line)).length
const nameOf = (queueUrl: string) => queueUrl.split('/').at(-1)
