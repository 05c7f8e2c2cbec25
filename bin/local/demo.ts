// `npm run demo`: real orders on their way through bus, machine and ERP, checked in the ERP's own books.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { explain } from '../commands/terminal/explain.ts'
import { formatReport } from './demo/format-report.ts'
import { prepareEnvironment } from './demo/prepare-environment.ts'
import { reconcileSince } from './demo/reconcile.ts'
import { processName, runDemo } from './demo/run-demo.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { process: { type: 'string' }, json: { type: 'string' } } })
  if (values.process !== undefined && values.process !== processName) {
    throw new Error(`There is no demo of ${values.process}; there is one of ${processName}.`)
  }
  const { environment, proxy } = await prepareEnvironment(say)
  const startedAtMs = Date.now()
  const report = await runDemo(environment, proxy, say)
  process.stdout.write(`\n${formatReport(report)}\n`)
  const reconciled = await reconcileSince(startedAtMs)
  process.stdout.write(`${reconciled.text}\n`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
  const { url, database, admin } = environment.erp
  const told = report.orders.find(({ books }) => books.returns.length > 0) ?? report.orders[0]
  say(`
The environment stays up. Look around:
  npx postonce trace ${told?.caseKey}    npx postonce cases
  ERP ${url}  database ${database}  ${admin.login} / ${admin.password}
  npm run stop`)
  process.exitCode = report.differences.length === 0 && reconciled.isClean ? 0 : 1
}

try {
  await main()
} catch (error) {
  say(`demo: ${explain(error)}`)
  process.exitCode = 1
}
