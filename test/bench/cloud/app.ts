// The CDK app of the product as it is on a laptop, before a simulated ERP of many slots; each step writes how long it took.
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { App } from 'aws-cdk-lib'
import { bundleFunctions, lambdaEntries } from '../../../lib/bundle.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { createStacks } from '../../../lib/topology.ts'

/** Around a function's handler. The ERP is the only one that a function asks by `fetch`. */
const measuring = `
import { appendFileSync } from 'node:fs'
import { handler as inner } from './inner.mjs'
let erpMs = 0
let isFirst = true
const send = globalThis.fetch
globalThis.fetch = async (...request) => {
  const fromMs = performance.now()
  try {
    return await send(...request)
  } finally {
    erpMs += performance.now() - fromMs
  }
}
export const handler = async (event, context) => {
  const fromMs = performance.now()
  erpMs = 0
  try {
    return await inner(event, context)
  } finally {
    const { AWS_LAMBDA_FUNCTION_NAME, BENCH_FILE } = process.env
    const measured = { function: AWS_LAMBDA_FUNCTION_NAME, totalMs: performance.now() - fromMs, erpMs, isFirst }
    isFirst = false
    appendFileSync(BENCH_FILE, JSON.stringify(measured) + '\\n')
  }
}
`

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

const folder = bundleFunctions({ '#connectors/registry.ts': here('../../cloud/redrive-many/registry.ts') })
for (const { path } of lambdaEntries()) {
  const index = join(folder, path, 'index.mjs')
  renameSync(index, join(folder, path, 'inner.mjs'))
  writeFileSync(index, measuring)
}
const environment = readEnvironment('local')
createStacks(new App(), { ...environment, erp: { ...environment.erp, limits: 'netsuite-premium' } })
