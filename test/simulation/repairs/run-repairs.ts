import * as z from 'zod'
import { InboxItem } from '#aws/inbox-store.ts'
import { decisionEvent, decisionSource } from '#domain/decision.ts'
import { doneTwice } from '../erp/done-twice.ts'
import { type Fault, faultAt, noFaults } from '../faults.ts'
import { profiles } from '../history.ts'
import { reconcileHub, untilSettled } from '../hub/reconcile.ts'
import { names } from '../hub/settings.ts'
import { createHub, type Hub } from '../hub.ts'
import { addCrossReference } from '../operator.ts'
import { seededRandom } from '../random.ts'
import { plain } from '../set-stories.ts'
import { signalsOf, submission } from '../story/entries.ts'
import type { Order } from '../story/order.ts'
import { type Spoilt, spoil, spoilings } from './spoil.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

type Totals = Awaited<ReturnType<typeof reconcileHub>>['totals']

/** What a run with differences came to. */
export interface RepairRun {
  readonly documents: number
  /** What was changed and not found, or found as another class. */
  readonly missed: readonly string[]
  /** What was found although nobody had changed anything. */
  readonly invented: readonly string[]
  /** How often each difference was repaired, by the audit trail. */
  readonly repairs: ReadonlyMap<string, number>
  /** Questions that a person had to answer. */
  readonly asked: number
  /** What is left, and what stands in the ERP more than once. */
  readonly left: readonly string[]
  readonly doneTwice: readonly string[]
  /** What the books of both come to once all is repaired. */
  readonly totals: Totals
  /** Control totals on which they do not agree, before anything is changed or once all is repaired. */
  readonly apart: readonly string[]
  /** The calls of the repair, by name. */
  readonly points: ReadonlySet<string>
}

/**
 * Orders go through the whole hub; some of them are changed behind its back in eight ways; the books are compared, and
 * repaired by two at once that know nothing of each other; a person answers what is left.
 */
export async function runRepairs(options: {
  readonly orders: number
  readonly differences: number
  readonly seed: string
  /** What happens to the first repair at one of its calls; there is one at a time then. */
  readonly fault?: { readonly point: string; readonly fault: Fault }
}): Promise<RepairRun> {
  const { seed, fault } = options
  const points = new Set<string>()
  let isRepairing = false
  const plan = fault === undefined ? noFaults : faultAt(fault.point, fault.fault)
  const hub = createHub({
    ...{ seed, profile: profiles['natural-key'], isCalm: true, hasSlot: false },
    plan: {
      decide: (call) => {
        if (!isRepairing || call.functionName !== 'ReconcileBooks') return undefined
        points.add(call.point)
        return plan.decide(call)
      },
    },
  })
  try {
    const sinceMs = hub.time.nowMs()
    const orders = Array.from({ length: options.orders }, (_, index) => orderOf(`T${index + 1}`))
    await settle(hub, orders)
    const clean = await reconcileHub(hub, sinceMs)
    const spoilt = chooseOf(seed, orders, options.differences).map((order, index) =>
      spoil(hub, order, spoilings[index % spoilings.length] ?? 'an allocation is lost'),
    )
    const { differences, documents } = await reconcileHub(hub, sinceMs)
    const found = new Map(differences.map((one) => [orderNumberOf(one), one.class] as const))
    const missed = spoilt
      .filter(({ order, class: name }) => found.get(order.number) !== name)
      .map(({ order, how, class: name }) => `${order.number}: ${how} is ${found.get(order.number)}, not ${name}`)
    const invented = [...clean.differences, ...differences.filter((one) => !isOf(spoilt, orderNumberOf(one)))]

    // Two at once, and once more when they are through, or when whoever died has nothing on its way any more.
    const apply = () => hub.reconcile({ apply: { isDry: false } }).catch(() => undefined)
    isRepairing = true
    await untilSettled(hub, Promise.all(fault === undefined ? [apply(), apply()] : [apply()]))
    isRepairing = false
    for (let minutes = 0; minutes < (fault === undefined ? 5 : 60); minutes += 5) await pass(hub, 240_000)
    await untilSettled(hub, apply())
    await pass(hub, 300_000)
    const asked = await answerAll(hub, spoilt)
    await pass(hub, 300_000)
    const { differences: left, totals } = await reconcileHub(hub, sinceMs)
    return {
      documents,
      points,
      missed,
      invented: invented.map(({ class: name, key }) => `${name} ${key}`),
      repairs: repairsOf(hub, spoilt),
      asked,
      totals,
      apart: [...clean.totals, ...totals].filter(isApart).map((one) => JSON.stringify(one)),
      left: left.map((one) => `${one.class} ${one.posting ?? one.key}`),
      // What was made twice behind the hub's back.
      doneTwice: doneTwice(hub.books).filter(
        (text) =>
          !spoilt.some(({ how, order }) => how === 'an order is there twice' && text.includes(referenceOf(hub, order))),
      ),
    }
  } finally {
    hub.close()
  }
}

/** Two pieces at 12.50, delivered at once and paid. */
function orderOf(number: string): Order {
  return {
    ...plain,
    number,
    caseKey: `${names.system}/sales-order/${number}`,
    goodsIssues: [{ deliveryNote: `DN-${number}` }],
    payments: [{ payment: `PAY-${number}`, cents: 2500 }],
  }
}

/** A few at a time, or what is under way of all of them would be held at once; the last ones have as long as they may need. */
const atOnce = 20

async function settle(hub: Hub, orders: readonly Order[]): Promise<void> {
  addCrossReference(hub, 'item', 'item-1')
  addCrossReference(hub, 'customer', 'customer-1')
  for (let from = 0; from < orders.length; from += atOnce) {
    for (const order of orders.slice(from, from + atOnce)) submit(hub, order)
    await hub.time.run({ untilMs: hub.time.nowMs() + minuteMs / 2 })
    forgetEnded(hub)
  }
  await pass(hub, 2 * hourMs)
  const statusOf = (pk: string) => hub.database.peek(names.table, { pk, sk: 'CASE' })?.status
  const open = orders.filter(({ caseKey }) => statusOf(caseKey) !== 'completed')
  if (open.length > 0) throw new Error(`${open.length} orders have not ended, such as ${open[0]?.caseKey}`)
}

function submit({ bus }: Hub, order: Order): void {
  for (const { detailType, detail } of [submission(order), ...signalsOf(order)]) {
    const sent = { EventBusName: names.bus, Source: names.system, DetailType: detailType }
    bus.putEvents([{ ...sent, Detail: JSON.stringify(detail) }])
  }
}

/**
 * The laws of a history ask what was published and where an execution went; here only books, table and repairs count. Of the
 * executions it looks at those of the last orders.
 */
function forgetEnded({ bus, machines }: Hub): void {
  bus.forget()
  for (const { now, visits } of machines.executions().slice(-atOnce)) if (now.status === 'SUCCEEDED') visits.length = 0
}

/** Different orders, drawn from the seed. */
function chooseOf(seed: string, orders: readonly Order[], count: number): readonly Order[] {
  const random = seededRandom(`${seed}/spoil`)
  const chosen = new Set<Order>()
  while (chosen.size < Math.min(count, orders.length)) chosen.add(random.pick(orders))
  return [...chosen]
}

/** What a person says to what the hub has asked. */
async function answerAll(hub: Hub, spoilt: readonly Spoilt[]): Promise<number> {
  const questions = hub.database.items(names.table, ({ sk }) => String(sk).startsWith('INBOX#'))
  const open = questions
    .map((item) => InboxItem.parse(item))
    .filter(({ kind, status }) => kind === 'difference' && status === 'open')
  for (const { id, pk, code, openedAtMs, amount } of open) {
    const isExtra = code === 'extra'
    const said = { item: id, case: pk, choice: isExtra ? 'cancel' : 'adjust', reason: 'looked at both', openedAtMs }
    for (const by of amount === undefined ? ['ann'] : ['ann', 'bob']) {
      const detail = { metadata: { id: `decision-${id}-${by}` }, data: { ...said, by } }
      hub.bus.putEvents([
        {
          ...{ EventBusName: names.bus, Source: decisionSource, DetailType: decisionEvent },
          Detail: JSON.stringify(detail),
        },
      ])
      await pass(hub, 60_000)
    }
  }
  for (const one of spoilt) one.mend()
  return open.length
}

async function pass(hub: Hub, forMs: number): Promise<void> {
  await hub.time.run({ untilMs: hub.time.nowMs() + forMs })
  void hub.sweep()
  await hub.time.run({ untilMs: hub.time.nowMs() + 60_000 })
}

const Told = z.object({ entry: z.object({ case: z.string(), stage: z.string(), note: z.string().optional() }) })

/** How often the audit trail says that the difference of an order was repaired. */
function repairsOf(hub: Hub, spoilt: readonly Spoilt[]): ReadonlyMap<string, number> {
  const counts = new Map(spoilt.map(({ order }): [string, number] => [order.number, 0]))
  for (const item of hub.database.items(names.table, tellsOfRepair)) {
    const number = /T\d+$/.exec(Told.parse(item).entry.case)?.[0] ?? ''
    if (counts.has(number)) counts.set(number, (counts.get(number) ?? 0) + 1)
  }
  return counts
}

function tellsOfRepair(item: unknown): boolean {
  const { stage, note } = Told.safeParse(item).data?.entry ?? {}
  const isPosted = stage === 'posted' && note?.startsWith('reconciled') === true
  return isPosted || stage === 'repaired' || stage === 'difference to be adjusted'
}

function orderNumberOf({ posting, key }: { readonly posting?: string | undefined; readonly key: string }): string {
  return /sales-order\/(T\d+)/.exec(posting ?? '')?.[1] ?? /T\d+$/.exec(key)?.[0] ?? key
}

function isApart({ hub, erp }: Totals[number]): boolean {
  return hub.count !== erp.count || hub.amount !== erp.amount
}

function isOf(spoilt: readonly Spoilt[], number: string): boolean {
  return spoilt.some(({ order }) => order.number === number)
}

function referenceOf({ books }: Hub, { number }: Order): string {
  return books.salesOrders.find((one) => one.number === number)?.reference ?? '?'
}
