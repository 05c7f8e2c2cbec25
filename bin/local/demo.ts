// `npm run demo`: real orders on their way through bus, machine and ERP, checked in the ERP's own books.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { sendEntries } from '../commands/publish/send-entries.ts'
import { explain } from '../commands/terminal/explain.ts'
import { readBooks } from './demo/books.ts'
import { emptyBooks } from './demo/check-order.ts'
import { peekDeadLetters } from './demo/dead-letters.ts'
import { type DemoOrder, ordersOf, runName } from './demo/demo-order.ts'
import { countLostAnswers, type ErpProxy, type LostAnswer, loseAnswer, untilAnswerLost } from './demo/erp-proxy.ts'
import { orderToCashKinds } from './demo/kinds.ts'
import { prepareEnvironment } from './demo/prepare-environment.ts'
import { type DemoReport, formatReport, reportOf } from './demo/report.ts'
import { runOrders } from './demo/run-orders.ts'
import { subscribe } from './demo/subscription.ts'
import type { LocalEnvironment } from './state.ts'

const processName = 'order-to-cash'
const timeoutMs = 180_000

const say = (text: string) => process.stderr.write(`${text}\n`)

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { process: { type: 'string' }, json: { type: 'string' } } })
  if (values.process !== undefined && values.process !== processName) {
    throw new Error(`There is no demo of ${values.process}; there is one of ${processName}.`)
  }
  const { environment, proxy } = await prepareEnvironment(say)
  const report = await runDemo(environment, proxy)
  process.stdout.write(`\n${formatReport(report)}\n`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
  const { url, database, admin } = environment.erp
  say(`
The environment stays up. Look around:
  npx postonce trace ${report.orders[0]?.caseKey}    npx postonce cases
  ERP ${url}  database ${database}  ${admin.login} / ${admin.password}
  npm run stop`)
  process.exitCode = report.differences.length === 0 ? 0 : 1
}

async function runDemo(environment: LocalEnvironment, proxy: ErpProxy): Promise<DemoReport> {
  const startedAtMs = Date.now()
  const secondsSoFar = () => (Date.now() - startedAtMs) / 1000
  const run = runName(startedAtMs)
  const orders = ordersOf(run, orderToCashKinds)
  for (const order of orders) if (order.kind.losesCreateAnswer) await loseAnswer(proxy, createOf(order))
  const subscription = await subscribe(environment.bus, run)
  say(`Publishing ${orders.length} kinds of order …`)
  try {
    const { ended, deadLetters } = await runOrders(orders, {
      today: new Date(startedAtMs).toISOString().slice(0, 10),
      publish: async (entries) => {
        const { failed } = await sendEntries(entries, environment.bus, () => {})
        if (failed[0] !== undefined) throw new Error(`The bus did not take ${failed[0].where}: ${failed[0].message}`)
      },
      untilAnswerLost: (order) => untilAnswerLost(proxy, createOf(order).contains),
      receive: () => subscription.receive(),
      peekDeadLetters: () => peekDeadLetters(environment.deadLetterQueueUrl),
      onProgress: ({ number, kind }, text) =>
        say(`${secondsSoFar().toFixed(1).padStart(6)} s  ${number}  ${kind.name.padEnd(14)}  ${text}`),
      isTimeOver: () => Date.now() - startedAtMs > timeoutMs,
    })
    const books = await readBooks(environment.erp, run)
    const found = await Promise.all(
      orders.map(async (order) => ({
        order,
        found: {
          ended: ended.get(order) ?? 'did not end',
          books: books.get(order.number) ?? emptyBooks,
          deadLetters: deadLetters.get(order) ?? [],
          lostAnswers: await countLostAnswers(proxy, createOf(order).contains),
        },
      })),
    )
    return reportOf(processName, run, secondsSoFar(), found)
  } finally {
    await subscription.remove()
  }
}

/** The request that creates this order in the ERP, and no other. */
function createOf({ number }: DemoOrder): LostAnswer {
  return { method: 'model.sale.sale.create', contains: `"${number}"` }
}

try {
  await main()
} catch (error) {
  say(`demo: ${explain(error)}`)
  process.exitCode = 1
}
