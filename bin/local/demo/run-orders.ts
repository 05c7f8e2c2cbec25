import type { Entry } from '../../commands/publish/read-entries.ts'
import { type DeadLetter, isAbout } from './dead-letters.ts'
import { type DemoOrder, goodsIssued, openingEvents, paymentReceived } from './demo-order.ts'
import type { HubMessage } from './subscription.ts'

/** How an order ended, as the hub said it. */
export type Ended = 'completed' | 'rejected' | 'failed' | 'dead-letter' | 'did not end'

export interface RunOptions {
  readonly today: string
  readonly publish: (entries: readonly Entry[]) => Promise<void>
  readonly receive: () => Promise<readonly HubMessage[]>
  readonly peekDeadLetters: () => Promise<readonly DeadLetter[]>
  /** Returns when the answer that this order is to lose has been lost, or when that takes too long. */
  readonly untilAnswerLost: (order: DemoOrder) => Promise<void>
  readonly onProgress: (order: DemoOrder, text: string) => void
  readonly isTimeOver: () => boolean
}

export interface RunResult {
  readonly ended: ReadonlyMap<DemoOrder, Ended>
  readonly deadLetters: ReadonlyMap<DemoOrder, readonly DeadLetter[]>
}

/** Publishes every order and answers what the hub says until each has ended. */
export async function runOrders(orders: readonly DemoOrder[], options: RunOptions): Promise<RunResult> {
  const ended = new Map<DemoOrder, Ended>()
  const deadLetters = new Map<DemoOrder, readonly DeadLetter[]>()
  const losing = orders.filter(({ kind }) => kind.losesCreateAnswer)
  await submit(losing, options)
  // It is resolved when its lease is over. So that this takes no longer than it must, the others wait for its start.
  for (const order of losing) await options.untilAnswerLost(order)
  for (const order of losing) options.onProgress(order, 'the ERP has created it, and its answer is lost')
  await submit(
    orders.filter((order) => !losing.includes(order)),
    options,
  )
  await Promise.all([followHub(orders, options, ended), followDeadLetters(orders, options, ended, deadLetters)])
  for (const order of orders) if (!ended.has(order)) ended.set(order, 'did not end')
  return { ended, deadLetters }
}

async function submit(orders: readonly DemoOrder[], { publish, onProgress, today }: RunOptions): Promise<void> {
  await publish(orders.flatMap((order) => openingEvents(order, today)))
  for (const order of orders) {
    onProgress(order, `submitted${order.kind.copies > 1 ? `, ${order.kind.copies} times at once` : ''}`)
  }
}

async function followHub(
  orders: readonly DemoOrder[],
  options: RunOptions,
  ended: Map<DemoOrder, Ended>,
): Promise<void> {
  const expected = orders.filter(({ kind }) => kind.outcome !== 'dead-letter')
  const seen = new Set<string>()
  while (expected.some((order) => !ended.has(order)) && !options.isTimeOver()) {
    for (const message of await options.receive()) {
      const order = orders.find(({ number }) => number === message.detail.data.salesOrder)
      const { id } = message.detail.metadata
      if (order === undefined || seen.has(id)) continue
      seen.add(id)
      options.onProgress(order, describe(message))
      const end = endOf(message)
      if (end !== undefined) ended.set(order, end)
      const answers = answersTo(order, message, options.today)
      if (answers.length === 0) continue
      await options.publish(answers)
      options.onProgress(order, [...new Set(answers.map(({ where }) => where))].join(', '))
    }
  }
}

/** What warehouse and bank publish when the hub has said this. */
export function answersTo(order: DemoOrder, message: HubMessage, today: string): readonly Entry[] {
  if (message['detail-type'] === 'SalesOrderCreated') return goodsIssued(order, 0, today)
  if (message['detail-type'] !== 'CustomerInvoiceCreated') return []
  const delivery = Number(message.detail.data.deliveryNote?.split('-').at(-1)) - 1
  return [
    ...(order.kind.payment === 'after-invoice' ? paymentReceived(order, delivery, today) : []),
    ...goodsIssued(order, delivery + 1, today),
  ]
}

/** Waits for the dead letters that the kinds ask for, and keeps every one that is about the run. */
async function followDeadLetters(
  orders: readonly DemoOrder[],
  options: RunOptions,
  ended: Map<DemoOrder, Ended>,
  found: Map<DemoOrder, readonly DeadLetter[]>,
): Promise<void> {
  const expected = orders.filter(({ kind }) => kind.code !== undefined)
  while (expected.some((order) => !found.has(order)) && !options.isTimeOver()) {
    for (const letter of await options.peekDeadLetters()) {
      const order = orders.find((one) => isAbout(letter, one))
      if (order === undefined || found.get(order)?.some(({ message }) => message === letter.message)) continue
      found.set(order, [...(found.get(order) ?? []), letter])
      options.onProgress(order, `dead letter ${letter.code}, for ${letter.owner}`)
      if (order.kind.outcome === 'dead-letter') ended.set(order, 'dead-letter')
    }
  }
}

function endOf(message: HubMessage): Ended | undefined {
  switch (message['detail-type']) {
    case 'OrderToCashCompleted':
      return 'completed'
    case 'SalesOrderRejected':
      return 'rejected'
    case 'SalesOrderFailed':
      return 'failed'
    default:
      return undefined
  }
}

function describe({ 'detail-type': name, detail: { data } }: HubMessage): string {
  const { document, code, message } = data
  const told = [document?.number ?? document?.id, document?.amount, code, message?.slice(0, 100)]
  return ['hub says', name, ...told].filter(Boolean).join(' ')
}
