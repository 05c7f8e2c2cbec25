import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { caseList } from '#aws/case-store.ts'
import { queues } from '#aws/clients/queues.ts'
import { readBudgets } from '#aws/erp-budget/budget-store.ts'
import { readPauses } from '#aws/erp-budget/pause-store.ts'
import { asleep } from '#aws/erp-budget/sleepers.ts'
import { ignoredDifferences, openDifferences } from '#aws/reconciliation/difference-store.ts'
import { readRun } from '#aws/reconciliation/run-store.ts'
import { parkedSignals, waitingSignals } from '#aws/signal-store.ts'
import { processNames } from '#domain/processes.ts'
import type { ConnectedEnvironment } from '../environment.ts'
import { listQuestions } from '../inbox/list-questions.ts'
import { calendarOf } from '../pause/calendar.ts'
import { type Counted, countList, countSleepers } from './count-list.ts'
import type { AlarmThatIsOn } from './read-alarms.ts'
import type { FlowStatus } from './read-flows.ts'
import { standsStill } from './stands-still.ts'

/** Everything that one screen says of a hub. */
export interface Status {
  /** By process and status. */
  readonly cases: readonly ({ readonly process: string; readonly status: string } & Counted)[]
  /** What waits for something or somebody, by what it is. */
  readonly waiting: readonly ({ readonly what: string; readonly command?: string | undefined } & Counted)[]
  readonly deadLetters: number | undefined
  readonly erp: {
    readonly account: string
    readonly underWay: number
    readonly inLine: number
    readonly standsStill: readonly string[]
  }
  /** Until when the books are compared. */
  readonly reconciledUntilMs: number | undefined
  /** What comes by events, by flow. */
  readonly flows: readonly FlowStatus[]
  readonly alarms: readonly AlarmThatIsOn[]
}

const statuses = ['open', 'failed', 'rejected'] as const
const lists = [
  { what: 'signals for an open case', list: waitingSignals, command: 'cases --status open' },
  // Nobody has to look: where no case comes, the inbox asks.
  { what: 'signals that came before their case', list: parkedSignals, command: undefined },
  { what: 'cases asleep until the ERP is back', list: asleep, command: 'pauses' },
  { what: 'differences of the books', list: openDifferences, command: 'reconcile' },
  { what: 'differences set aside', list: ignoredDifferences, command: 'reconcile --all' },
] as const

export async function readStatus({ name, erpAccount, deadLetterQueueUrl }: ConnectedEnvironment): Promise<Status> {
  const pairs = processNames.flatMap((process) => statuses.map((status) => ({ process, status })))
  const [cases, waiting, questions, deadLetters, budgets, pauses, run, flows, alarms] = await Promise.all([
    Promise.all(
      pairs.map(async ({ process, status }) => {
        const { count, sinceMs } = await countList(caseList(process, status))
        // The sweeper moves an open case on in its list whenever it has looked at it.
        return { process, status, count, sinceMs: status === 'open' ? undefined : sinceMs }
      }),
    ),
    Promise.all(
      lists.map(async ({ what, list, command }) => {
        const { count, sinceMs } = await (list === asleep ? countSleepers() : countList(list))
        // Where a signal stands in its list says when it is looked at next.
        return {
          what,
          command,
          count,
          sinceMs: list === waitingSignals || list === parkedSignals ? undefined : sinceMs,
        }
      }),
    ),
    listQuestions(),
    deadLetterQueueUrl === undefined ? undefined : countMessages(deadLetterQueueUrl),
    readBudgets(erpAccount),
    readPauses(erpAccount),
    readRun(erpAccount),
    // Loaded only here, as their client is: no other command needs it.
    import('./read-flows.ts').then(({ readFlows }) => readFlows(Date.now())),
    import('./read-alarms.ts').then(({ alarmsThatAreOn }) => alarmsThatAreOn()),
  ])
  const nowMs = Date.now()
  // What has run out is taken away by whoever asks for a slot next.
  const slots = budgets.flatMap(({ slots: taken }) => taken).filter(({ untilMs }) => untilMs > nowMs)
  const line = budgets.flatMap(({ waiting: tickets }) => tickets).filter(({ untilMs }) => untilMs > nowMs)
  return {
    cases,
    waiting: [...waiting, questionsOf(questions)],
    deadLetters,
    erp: {
      account: erpAccount,
      underWay: slots.length,
      inLine: line.length,
      standsStill: standsStill({ pauses, budgets, calendar: calendarOf(name, erpAccount) }, nowMs),
    },
    reconciledUntilMs: run?.untilMs,
    flows,
    alarms,
  }
}

/** The sweeper moves a question on in its list; it says itself since when it stands. */
function questionsOf(questions: readonly { readonly openedAtMs: number }[]) {
  const sinceMs = questions.length === 0 ? undefined : Math.min(...questions.map(({ openedAtMs }) => openedAtMs))
  return { what: 'questions for a person', command: 'inbox', count: questions.length, sinceMs }
}

/** Also those that somebody is looking at, who hides them for a moment. */
async function countMessages(queueUrl: string): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const
  const { Attributes = {} } = await queues.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] }),
  )
  return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0)
}
