import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { caseList } from '#aws/case-store.ts'
import { queues } from '#aws/clients/queues.ts'
import { readBudgets } from '#aws/erp-budget/budget-store.ts'
import { asleep } from '#aws/erp-budget/sleepers.ts'
import { ignoredDifferences, openDifferences } from '#aws/reconciliation/difference-store.ts'
import { readRun } from '#aws/reconciliation/run-store.ts'
import { parkedSignals, waitingSignals } from '#aws/signal-store.ts'
import { processNames } from '#domain/processes.ts'
import type { ConnectedEnvironment } from '../environment.ts'
import { listQuestions } from '../inbox/list-questions.ts'
import { type Counted, countList, countSleepers } from './count-list.ts'
import type { FlowStatus } from './read-flows.ts'

/** Everything that one screen says of a hub. */
export interface Status {
  /** By process and status. */
  readonly cases: readonly ({ readonly process: string; readonly status: string } & Counted)[]
  /** What waits for something or somebody, by what it is. */
  readonly waiting: readonly ({ readonly what: string; readonly command: string } & Counted)[]
  readonly deadLetters: number | undefined
  readonly erp: { readonly account: string; readonly underWay: number; readonly inLine: number }
  /** Until when the books are compared. */
  readonly reconciledUntilMs: number | undefined
  /** What comes by events, by flow. */
  readonly flows: readonly FlowStatus[]
  /** Names of alarms that are on. */
  readonly alarms: readonly string[]
}

const statuses = ['open', 'failed', 'rejected'] as const
const lists = [
  { what: 'signals for an open case', list: waitingSignals, command: 'cases --status open' },
  { what: 'signals without a case', list: parkedSignals, command: 'inbox' },
  { what: 'cases asleep until the ERP is back', list: asleep, command: 'pauses' },
  { what: 'differences of the books', list: openDifferences, command: 'reconcile' },
  { what: 'differences set aside', list: ignoredDifferences, command: 'reconcile --all' },
] as const

export async function readStatus({ erpAccount, deadLetterQueueUrl }: ConnectedEnvironment): Promise<Status> {
  const pairs = processNames.flatMap((process) => statuses.map((status) => ({ process, status })))
  const [cases, waiting, questions, deadLetters, budgets, run, flows, alarms] = await Promise.all([
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
    readRun(erpAccount),
    // Loaded only here, as its client is: no other command needs it.
    import('./read-flows.ts').then(({ readFlows }) => readFlows(Date.now())),
    alarmsThatAreOn(),
  ])
  const slots = budgets.flatMap(({ slots: taken }) => taken)
  const line = budgets.flatMap(({ waiting: tickets }) => tickets)
  return {
    cases,
    waiting: [...waiting, questionsOf(questions)],
    deadLetters,
    erp: { account: erpAccount, underWay: slots.length, inLine: line.length },
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

async function alarmsThatAreOn(): Promise<readonly string[]> {
  // Loaded only here: no other command needs it.
  const { CloudWatchClient, paginateDescribeAlarms } = await import('@aws-sdk/client-cloudwatch')
  const pages = paginateDescribeAlarms(
    { client: new CloudWatchClient({}) },
    { StateValue: 'ALARM', AlarmNamePrefix: 'Postonce' },
  )
  const names: string[] = []
  for await (const { MetricAlarms = [] } of pages) names.push(...MetricAlarms.map(({ AlarmName = '' }) => AlarmName))
  return names.sort()
}
