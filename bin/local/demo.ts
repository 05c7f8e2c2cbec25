// `npm run demo`: real orders on their way through bus, machine and ERP, checked in the ERP's own books.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { explain } from '../commands/terminal/explain.ts'
import { formatReport } from './demo/format-report.ts'
import { demos } from './demo/kinds.ts'
import { prepareEnvironment } from './demo/prepare-environment.ts'
import { reconcileSince } from './demo/reconcile.ts'
import type { DemoReport } from './demo/report.ts'
import { runDemo } from './demo/run-demo.ts'
import { sabotage } from './demo/sabotage.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { process: { type: 'string' }, json: { type: 'string' }, sabotage: { type: 'boolean' } },
  })
  const { process: name = 'all' } = values
  const kinds = Object.hasOwn(demos, name) ? demos[name] : undefined
  if (kinds === undefined)
    throw new Error(`There is no demo of ${name}; there is one of ${Object.keys(demos).join(', ')}.`)
  const { environment, proxy } = await prepareEnvironment(say)
  const startedAtMs = Date.now()
  const report = await runDemo(name, kinds, environment, proxy, say)
  process.stdout.write(`\n${formatReport(report)}\n`)
  const reconciled = await reconcileSince(startedAtMs)
  process.stdout.write(`${reconciled.text}\n`)
  const wrong = values.sabotage ? await sabotageOrders(report, startedAtMs) : []
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
  const { url, database, admin } = environment.erp
  const told = report.orders.find(({ books }) => books.returns.length > 0) ?? report.orders[0]
  say(`
The environment stays up. Look around:
  npx postonce trace ${told?.caseKey}    npx postonce cases
  ERP ${url}  database ${database}  ${admin.login} / ${admin.password}
  npm run stop`)
  process.exitCode = report.differences.length === 0 && reconciled.isClean && wrong.length === 0 ? 0 : 1
}

/** What people may do to an ERP while nobody looks, and what the hub makes of it. */
async function sabotageOrders(report: DemoReport, startedAtMs: number): Promise<readonly string[]> {
  say('\nNow the ERP is changed behind the back of the hub:')
  const wrong = await sabotage(
    report.process,
    report.orders.map(({ caseKey }) => caseKey),
    startedAtMs,
    say,
  )
  process.stdout.write(
    wrong.length === 0
      ? 'All changes found and told apart, nothing else; all repaired, and the books agree again.\n'
      : `${['NOT AS IT SHOULD BE', ...wrong].join('\n  ')}\n`,
  )
  return wrong
}

try {
  await main()
} catch (error) {
  say(`demo: ${explain(error)}`)
  process.exitCode = 1
}
