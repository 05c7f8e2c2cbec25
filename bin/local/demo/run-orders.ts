import type { ListedQuestion } from '../../commands/inbox/list-questions.ts'
import type { Entry } from '../../commands/publish/read-entries.ts'
import { type DeadLetter, isAbout } from './dead-letters.ts'
import { type DemoOrder, publicationsOf } from './demo-order.ts'
import { entriesOf } from './entries.ts'
import type { Answer, Publication } from './order-kind.ts'
import { type Ended, type OrderProgress, progressOf } from './order-progress.ts'
import type { HubMessage } from './subscription.ts'
import { wordsOf, wordsOfHub } from './wording.ts'

export interface RunOptions {
  readonly today: string
  /** How many orders are under way at the same time; the ERP takes one writer. */
  readonly atOnce: number
  readonly publish: (entries: readonly Entry[]) => Promise<void>
  readonly receive: () => Promise<readonly HubMessage[]>
  readonly peekDeadLetters: () => Promise<readonly DeadLetter[]>
  /** What the hub asks people. */
  readonly questions: () => Promise<readonly ListedQuestion[]>
  readonly decide: (question: ListedQuestion, answer: Answer) => Promise<void>
  /** Returns when the answer that this order is to lose has been lost, or when that takes too long. */
  readonly untilAnswerLost: (order: DemoOrder) => Promise<void>
  /** Returns when the hub keeps so many events for an order that has not come, or when that takes too long. */
  readonly untilParked: (order: DemoOrder, events: number) => Promise<void>
  readonly tell: (order: DemoOrder, who: Teller, text: string) => void
  /** Between two looks into the inbox. */
  readonly pause: () => Promise<void>
  /** Whether the hub has been silent for so long that nothing will come any more. */
  readonly isTimeOver: () => boolean
}

/** Who says it: the order's title, the world around the hub, the hub, its inbox, or its dead letters. */
export type Teller = 'title' | 'world' | 'hub' | 'inbox' | 'letter'

export interface RunResult {
  readonly ended: ReadonlyMap<DemoOrder, Ended>
  readonly deadLetters: ReadonlyMap<DemoOrder, readonly DeadLetter[]>
}

/** Carries every order through its steps, some at once, until each has ended and each dead letter has come. */
export async function runOrders(orders: readonly DemoOrder[], options: RunOptions): Promise<RunResult> {
  const all = orders.map((order) => ({ order, progress: progressOf(order) }))
  const deadLetters = new Map<DemoOrder, readonly DeadLetter[]>()
  await Promise.all([followHub(all, options), followInbox(all, options), followDeadLetters(all, options, deadLetters)])
  return { ended: new Map(all.map(({ order, progress }) => [order, progress.ended() ?? 'did not end'])), deadLetters }
}

interface Running {
  readonly order: DemoOrder
  readonly progress: OrderProgress
}

async function followHub(all: readonly Running[], options: RunOptions): Promise<void> {
  const waiting = [...all]
  const seen = new Set<string>()
  const open = () => all.filter((one) => !waiting.includes(one) && one.progress.ended() === undefined)
  while ((waiting.length > 0 || open().length > 0) && !options.isTimeOver()) {
    for (const one of waiting.splice(0, Math.max(0, options.atOnce - open().length))) await begin(one, options)
    for (const message of await options.receive()) {
      const { id, correlationId } = message.detail.metadata
      const one = all.find(({ order }) => order.caseKey === correlationId)
      if (one === undefined || seen.has(id)) continue
      seen.add(id)
      options.tell(one.order, 'hub', wordsOfHub(one.order, message))
      await publish(one.order, one.progress.hear(message), options)
    }
  }
}

async function begin({ order, progress }: Running, options: RunOptions): Promise<void> {
  options.tell(order, 'title', order.kind.about)
  const first = progress.begin('start')
  await publish(order, first, options)
  if (order.kind.losesCreateAnswer) {
    // It is resolved when its lease is over. So that this takes no longer than it must, the others wait for its start.
    await options.untilAnswerLost(order)
    options.tell(order, 'world', 'the ERP has created it, and its answer is lost')
  }
  if (order.kind.steps.some(({ when }) => when === 'parked')) {
    await options.untilParked(order, first.length)
    await publish(order, progress.begin('parked'), options)
  }
}

async function publish(order: DemoOrder, publications: readonly Publication[], options: RunOptions): Promise<void> {
  if (publications.length === 0) return
  const events = publications.filter((one) => one.event !== 'DecisionMade')
  await options.publish(events.flatMap((publication) => entriesOf(order, publication, options.today)))
  const { copies = 1 } = order.kind
  options.tell(
    order,
    'world',
    `${publications.map(wordsOf).join(', ')}${copies > 1 ? `, ${copies} times at once` : ''}`,
  )
}

/** Answers the questions that the kinds foresee; any other leaves its order without an end. */
async function followInbox(all: readonly Running[], options: RunOptions): Promise<void> {
  const asked = all.filter(({ order }) => order.kind.steps.some(({ when }) => when === 'asked'))
  const seen = new Set<string>()
  while (asked.some(({ progress }) => progress.ended() === undefined) && !options.isTimeOver()) {
    for (const question of await options.questions()) {
      const one = asked.find(({ order }) => order.caseKey === question.pk)
      if (one === undefined || seen.has(question.id)) continue
      seen.add(question.id)
      options.tell(one.order, 'inbox', question.question)
      const publications = one.progress.begin('asked')
      for (const answer of publications) if (answer.event === 'DecisionMade') await options.decide(question, answer)
      await publish(one.order, publications, options)
    }
    await options.pause()
  }
}

/** Waits for the dead letters that the kinds ask for, and keeps every one that is about the run. */
async function followDeadLetters(
  all: readonly Running[],
  options: RunOptions,
  found: Map<DemoOrder, readonly DeadLetter[]>,
): Promise<void> {
  const isMissing = ({ order, progress }: Running) =>
    (order.kind.code !== undefined && !found.has(order)) || progress.ended() === undefined
  while (all.some(isMissing) && !options.isTimeOver()) {
    for (const letter of await options.peekDeadLetters()) {
      const one = all.find(({ order }) => isAbout(letter, order))
      if (one === undefined || found.get(one.order)?.some(({ message }) => message === letter.message)) continue
      found.set(one.order, [...(found.get(one.order) ?? []), letter])
      options.tell(one.order, 'letter', `dead letter for ${letter.owner}: ${letter.code}`)
      if (publicationsOf(one.order.kind).some((publication) => 'isPoison' in publication)) one.progress.hearDeadLetter()
    }
  }
}
