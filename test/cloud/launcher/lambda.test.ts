import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PutFunctionConcurrencyCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'
import { type Drill, startDrill } from './drill.ts'
import { itInAnAccount, itLocally } from './places.ts'
import { invoking } from './states.ts'
import { zip } from './zip.ts'

let drill: Drill
let folder: string

beforeAll(async () => {
  folder = temporaryFolder('drill')
  drill = await startDrill({ POSTONCE_LAMBDA_SLOTS: '16' })
})
afterAll(() => drill.stop())

const task = (functionArn: string, fields: object = {}) =>
  drill.createMachine({ StartAt: 'Step', States: { Step: invoking(functionArn, fields) } })
const thrower = `class ErpBusyError extends Error { constructor(m) { super(m); this.name = 'ErpBusyError' } }`
const pidInto = (file: string) =>
  `const { writeFileSync } = await import('node:fs'); writeFileSync('${file}', String(process.pid));`

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
it('reports the name of the error that a handler throws, with its message and trace in the cause', async () => {
  const arn = await drill.createFunction(`throw new ErpBusyError('try later')`, { preamble: thrower })
  const execution = await drill.run(await task(arn))
  expect(execution).toMatchObject({ status: 'FAILED', error: 'ErpBusyError' })
  expect(JSON.parse(String(execution.cause))).toMatchObject({
    errorType: 'ErpBusyError',
    errorMessage: 'try later',
    trace: expect.arrayContaining([expect.stringContaining('ErpBusyError: try later')]),
  })
  expect(execution.output).toBeUndefined()
})

// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
it('keeps the execution environment after an error that the handler threw', async () => {
  const arn = await drill.createFunction(`throw Object.assign(new Error(born), { name: 'E' })`, {
    preamble: `const born = String(Math.random())`,
  })
  const machine = await task(arn)
  const births = [await drill.run(machine), await drill.run(machine)].map(
    (execution) => JSON.parse(String(execution.cause)).errorMessage,
  )
  expect(births[0]).toBe(births[1])
})

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html (what is returned becomes JSON, a text a text)
it('gives the text that a handler returns as a text, whatever it looks like', async () => {
  const arn = await drill.createFunction(`return '{"number":1}'`)
  expect((await drill.run(await task(arn))).output).toBe(JSON.stringify('{"number":1}'))
})

// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
it('runs nodejs24.x on Node 24', async ({ task: { meta } }) => {
  const arn = await drill.createFunction('return process.version')
  const execution = await drill.run(await task(arn))
  meta.seen = String(execution.output)
  expect(JSON.parse(String(execution.output))).toMatch(/^v24\./)
})

// https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
itLocally(
  'reports Runtime.ExitError when the process is killed, and gives the next invocation a fresh one',
  async () => {
    const file = join(folder, 'killed')
    const arn = await drill.createFunction(
      `${pidInto(file)} if (event.hang) await new Promise((done) => setTimeout(done, 9_000)); return process.pid`,
    )
    const machine = await task(arn)
    const executionArn = await drill.start(machine, { hang: true })
    const pid = await drill.eventually(async () => readIfThere(file))
    process.kill(Number(pid), 'SIGKILL')
    expect(await drill.ended(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'Runtime.ExitError',
      cause: expect.stringContaining('signal: killed'),
    })
    const next = await drill.run(machine)
    expect(next.status).toBe('SUCCEEDED')
    expect(next.output).not.toBe(pid)
  },
)

// https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
it('reports Runtime.ExitError when the process of a handler is killed', async () => {
  const arn = await drill.createFunction(`process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})`)
  expect(await drill.run(await task(arn))).toMatchObject({ status: 'FAILED', error: 'Runtime.ExitError' })
})

// https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
itInAnAccount('reports Runtime.ExitError when a handler needs more memory than it has', async ({ task: { meta } }) => {
  const arn = await drill.createFunction(
    `const all = []; for (let i = 0; i < 64; i += 1) all.push(Buffer.alloc(8_000_000, i)); return all.length`,
  )
  const execution = await drill.run(await task(arn))
  meta.seen = `${execution.error}: ${execution.cause}`
  expect(execution).toMatchObject({ status: 'FAILED', error: 'Runtime.ExitError' })
})

// https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
it('reports Runtime.ExitError when a handler exits', async () => {
  const arn = await drill.createFunction('process.exit(3)')
  expect(await drill.run(await task(arn))).toMatchObject({
    error: 'Runtime.ExitError',
    cause: expect.stringContaining('exit status 3'),
  })
})

// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
it('reports Sandbox.Timedout when a function runs into its own timeout', async () => {
  const arn = await drill.createFunction('for (;;);', { timeoutSeconds: 1 })
  expect(await drill.run(await task(arn))).toMatchObject({
    error: 'Sandbox.Timedout',
    cause: expect.stringContaining('Task timed out after 1.00 seconds'),
  })
})

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
itLocally('kills a function that runs into its own timeout', async () => {
  const file = join(folder, 'timed-out')
  const arn = await drill.createFunction(`${pidInto(file)} for (;;);`, { timeoutSeconds: 1 })
  await drill.run(await task(arn))
  const pid = Number(readIfThere(file))
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
it('reports Lambda.TooManyRequestsException when a function is throttled', async () => {
  const arn = await drill.createFunction('return 1')
  await drill.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: arn, ReservedConcurrentExecutions: 0 }))
  expect(await drill.run(await task(arn))).toMatchObject({ error: 'Lambda.TooManyRequestsException' })
})

// https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
it('reports the error that a module throws while it loads, to that invocation alone', async () => {
  const arn = await drill.createFunction('return 1', {
    preamble: `throw Object.assign(new Error('no such setting'), { name: 'SettingMissing' })`,
  })
  expect(await drill.run(await task(arn))).toMatchObject({
    error: 'SettingMissing',
    cause: expect.stringContaining('no such setting'),
  })
})

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html
itLocally('lets an invocation finish on the old code when the code is replaced under it', async () => {
  const file = join(folder, 'replaced')
  const arn = await drill.createFunction(
    `${pidInto(file)} await new Promise((done) => setTimeout(done, 1_000)); return 'old'`,
  )
  const machine = await task(arn)
  const executionArn = await drill.start(machine)
  await drill.eventually(async () => readIfThere(file))
  const code = zip('index.mjs', `export const handler = async () => 'new'`)
  await drill.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: arn, ZipFile: code }))
  expect((await drill.ended(executionArn)).output).toBe('"old"')
  expect((await drill.run(machine)).output).toBe('"new"')
})

// The gate is the launcher's own: AWS starts an environment for every concurrent invocation, a laptop cannot.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
itLocally('runs at most as many handlers at once as it has slots, and the rest wait without failing', async () => {
  const arn = await drill.createFunction('await new Promise((done) => setTimeout(done, 50)); return process.pid')
  const machine = await task(arn)
  const executions = await Promise.all(Array.from({ length: 60 }, () => drill.run(machine)))
  expect(executions.every((execution) => execution.status === 'SUCCEEDED')).toBe(true)
  expect(new Set(executions.map((execution) => execution.output)).size).toBeLessThanOrEqual(16)
})

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8') || undefined
  } catch {
    return undefined
  }
}
