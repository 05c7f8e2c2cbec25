// `npm run local`: the whole product on the laptop, until `npm run stop`.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startErpProxy } from './demo/erp-proxy.ts'
import { ownSeed, seedLocalEnvironment, startLocalEnvironment, stopLocalEnvironment } from './local-environment.ts'
import { readLocalEnvironment } from './state.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', multiple: true },
    fresh: { type: 'boolean', default: false },
    'cloud-port': { type: 'string' },
    'erp-port': { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const seeds = (values.seed ?? ['shop'])
  .filter((seed) => seed !== 'none')
  .map((seed) => (seed === 'shop' ? ownSeed : seed))
for (const folder of seeds) {
  for (const file of ['customers.csv', 'products.csv']) {
    if (existsSync(join(folder, file))) continue
    process.stderr.write(
      `--seed ${folder}: there is no ${file}. Name a folder with customers.csv and products.csv, or none.\n`,
    )
    process.exit(1)
  }
}
const onProgress = (text: string) => process.stderr.write(`${text}\n`)
const port = (text: string | undefined) => (text === undefined ? undefined : Number(text))

const running = values.fresh ? undefined : readLocalEnvironment()
if (running === undefined) await stopLocalEnvironment()
else onProgress('The environment runs already; --fresh begins anew.')
const cloudPort = port(values['cloud-port'])
const erpPort = port(values['erp-port'])
const environment =
  running === undefined
    ? await startLocalEnvironment({
        seeds,
        detached: true,
        // So that the demo can lose an answer of the ERP in an environment that was started here, too.
        erpUrlFor: startErpProxy,
        onProgress,
        ...(cloudPort !== undefined && { cloudPort }),
        ...(erpPort !== undefined && { erpPort }),
      })
    : await seedLocalEnvironment(running, seeds, onProgress)

if (values.json) process.stdout.write(`${JSON.stringify(environment, null, 2)}\n`)
else {
  process.stdout.write(`
  endpoint   ${environment.endpoint}   (AWS_ENDPOINT_URL; any key, region us-east-1)
  bus        ${environment.bus}
  table      ${environment.table}
  machine    ${environment.stateMachineArn}
  ERP        ${environment.erp.url}   database ${environment.erp.database}
  ERP login  ${environment.erp.login} / ${environment.erp.password}   (administrator: ${environment.erp.admin.login} / ${environment.erp.admin.password})
  sources    ${environment.seeded.join(', ') || 'none'}

  npx postonce publish FILE.json    npx postonce cases    npm run stop
`)
}
