import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { readRange } from '#aws/table.ts'
import { publishDecision } from '../../commands/decide/publish-decision.ts'
import { decisionOf } from '../../commands/decide.ts'
import { listQuestions } from '../../commands/inbox/list-questions.ts'
import { sendEntries } from '../../commands/publish/send-entries.ts'
import type { LocalEnvironment } from '../state.ts'
import { readOrderBooks } from './books.ts'
import { peekDeadLetters } from './dead-letters.ts'
import { type DemoOrder, kindsInWords, ordersOf, runName, source } from './demo-order.ts'
import { countLostAnswers, type ErpProxy, type LostAnswer, loseAnswer, untilAnswerLost } from './erp-proxy.ts'
import type { OrderKind } from './order-kind.ts'
import { type DemoReport, reportOf } from './report.ts'
import { type RunResult, runOrders } from './run-orders.ts'
import { teller } from './say.ts'
import { subscribe } from './subscription.ts'
import { changeOf, readTotals } from './totals.ts'

/** Enough that somebody always waits for the ERP, and few enough that nobody waits for long. */
const atOnce = 5
/** A lost answer is resolved within a minute, and retries wait some minutes at most. */
const silenceMs = 240_000
const parkedWithinMs = 30_000

/** Runs each of these kinds of order once, and compares the ERP's books with what they should be. */
export async function runDemo(
  process: string,
  kinds: readonly OrderKind[],
  environment: LocalEnvironment,
  proxy: ErpProxy,
  say: (text: string) => void,
): Promise<DemoReport> {
  const before = await readTotals(environment.erp, kinds)
  const startedAtMs = Date.now()
  const seconds = () => (Date.now() - startedAtMs) / 1000
  const run = runName(startedAtMs)
  const orders = ordersOf(run, kinds)
  say(`
${kindsInWords(orders)}, ${run}-1 to ${run}-${orders.length}
● what it is about   → what the world around says   ← what the hub says   ? what it asks a person   ! its dead letter
`)
  const { ended, deadLetters } = await carryOut(orders, environment, proxy, run, teller(seconds, say))
  const took = seconds()
  const books = await readOrderBooks(environment.erp, orders)
  const results = await Promise.all(
    orders.map(async (order, index) => ({
      order,
      found: {
        ended: ended.get(order) ?? 'did not end',
        books: books[index] ?? nothing,
        deadLetters: deadLetters.get(order) ?? [],
        lostAnswers: await countLostAnswers(proxy, createOf(order).contains),
      },
    })),
  )
  return reportOf(process, run, took, results, changeOf(before, await readTotals(environment.erp, kinds)))
}

async function carryOut(
  orders: readonly DemoOrder[],
  environment: LocalEnvironment,
  proxy: ErpProxy,
  run: string,
  tell: ReturnType<typeof teller>,
): Promise<RunResult> {
  for (const order of orders) if (order.kind.losesCreateAnswer) await loseAnswer(proxy, createOf(order))
  const subscription = await subscribe(environment.bus, run)
  let heardAtMs = Date.now()
  try {
    return await runOrders(orders, {
      today: new Date().toISOString().slice(0, 10),
      atOnce,
      publish: async (entries) => {
        const { failed } = await sendEntries(entries, environment.bus, () => {})
        if (failed[0] !== undefined) throw new Error(`The bus did not take ${failed[0].where}: ${failed[0].message}`)
      },
      untilAnswerLost: (order) => untilAnswerLost(proxy, createOf(order).contains),
      untilParked,
      receive: () => subscription.receive(),
      questions: listQuestions,
      decide: async (question, { choice, reason }) => {
        await publishDecision(randomUUID(), decisionOf(question, { choice, reason, by: 'demo' }))
      },
      pause: () => sleep(1_000),
      peekDeadLetters: () => peekDeadLetters(environment.deadLetterQueueUrl),
      tell: (...what) => {
        heardAtMs = Date.now()
        tell(...what)
      },
      isTimeOver: () => Date.now() - heardAtMs > silenceMs,
    })
  } finally {
    await subscription.remove()
  }
}

async function untilParked({ caseKey }: DemoOrder, events: number): Promise<void> {
  const giveUpAtMs = Date.now() + parkedWithinMs
  while ((await readRange(caseKey, 'SIGNAL#', 'SIGNAL~')).length < events && Date.now() < giveUpAtMs) await sleep(100)
}

/** The request that creates this order in the ERP, and no other. */
function createOf({ number, kind }: DemoOrder): LostAnswer {
  return kind.supplier === undefined
    ? { method: 'model.sale.sale.create', contains: `"${number}"` }
    : { method: 'model.purchase.purchase.create', contains: `"${source} ${number}"` }
}

const nothing = {
  orders: [],
  deliveries: [],
  returns: [],
  invoices: [],
  creditNotes: [],
  stock: {},
  payments: { paidIn: [], paidOut: [] },
}
