// How large the functions' bundles are, and how long a fresh process takes to load one.
import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundleFunctions, lambdaEntries } from '../../lib/bundle.ts'
import { tell } from './row.ts'

const [largestKb, longestMs] = [300, 300]
const times = 3

/** What every function is told; none of it is reached while it loads. */
const variables = {
  PATH: process.env.PATH,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  _HANDLER: 'index.handler',
  HUB_TABLE: 'hub',
  BUS_NAME: 'bus',
  POWERTOOLS_SERVICE_NAME: 'postonce',
  POWERTOOLS_METRICS_NAMESPACE: 'Postonce',
}

const folder = bundleFunctions()
const functions = lambdaEntries().map(({ path }) => {
  const file = join(folder, path, 'index.mjs')
  const loads = Array.from({ length: times }, () => load(file)).sort((a, b) => a.initMs - b.initMs)
  const { initMs = 0, processorMs = 0 } = loads[Math.floor(times / 2)] ?? {}
  return { function: path, kb: statSync(file).size / 1024, initMs, processorMs }
})
const most = (of: 'kb' | 'initMs' | 'processorMs') => Math.max(...functions.map((one) => one[of]))
const middle = (of: 'kb' | 'initMs' | 'processorMs') =>
  functions.map((one) => one[of]).sort((a, b) => a - b)[functions.length >> 1] ?? 0
tell([
  {
    what: `bundle of a function, of ${functions.length}`,
    measured: `${middle('kb').toFixed(0)} KB in the middle, ${most('kb').toFixed(0)} KB at most`,
    target: `${largestKb} KB`,
    isKept: most('kb') <= largestKb,
    numbers: functions,
  },
  {
    what: 'cold init of a function, on this machine',
    measured: `${middle('initMs').toFixed(0)} ms in the middle, ${most('initMs').toFixed(0)} ms at most; ${middle('processorMs').toFixed(0)} ms of processor time`,
    target: `${longestMs} ms`,
    isKept: most('initMs') <= longestMs,
    numbers: functions,
  },
])

/** In a process of its own, as Lambda starts one; the time of Node itself is left out. */
function load(file: string): { readonly initMs: number; readonly processorMs: number } {
  const code = `
    const [from, before] = [performance.now(), process.cpuUsage()]
    await import(${JSON.stringify(pathToFileURL(file).href)})
    const { user, system } = process.cpuUsage(before)
    console.log(JSON.stringify({ initMs: performance.now() - from, processorMs: (user + system) / 1000 }))`
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    env: variables,
    encoding: 'utf8',
  })
  return JSON.parse(output.trim().split('\n').at(-1) ?? '')
}
