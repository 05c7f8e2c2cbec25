import type { HistoryEvent } from '@aws-sdk/client-sfn'
import { parseJson } from '../../../simulation/json.ts'
import type { Telling, Visit } from './telling.ts'

type OpenVisit = { -readonly [Field in keyof Visit]: Visit[Field] } & { isInAttempt: boolean; hasLeft: boolean }

/** The visits and attempts that a history tells of. */
export function readHistory(events: readonly HistoryEvent[]): Pick<Telling, 'visits' | 'attempts'> {
  const visits: OpenVisit[] = []
  const attempts: { state: string; parameters: unknown }[] = []
  let redrive = 0

  const enter = (state: string, type: string, input: unknown) => {
    const attempts = type === 'Task' ? 0 : 1
    visits.push({ state, type, redrive, input, attempts, isInAttempt: false, hasLeft: false })
  }
  const current = () => {
    const visit = visits.at(-1)
    if (visit === undefined) throw new Error('A history begins with a state')
    // A Task that is redriven was entered before.
    if (visit.redrive < redrive) enter(visit.state, visit.type, visit.input)
    return visits.at(-1) ?? visit
  }
  const attempt = () => {
    const visit = current()
    if (!visit.isInAttempt) visit.attempts += 1
    visit.isInAttempt = true
    return visit
  }

  for (const event of events) {
    const { type = '', stateEnteredEventDetails: entered, stateExitedEventDetails: exited } = event
    if (type === 'ExecutionRedriven') redrive += 1
    if (entered) enter(String(entered.name), type.replace('StateEntered', ''), parseJson(String(entered.input)))
    if (type === 'TaskScheduled') {
      const { state } = attempt()
      attempts.push({ state, parameters: parseJson(String(event.taskScheduledEventDetails?.parameters)) })
    }
    const failed = event.taskFailedEventDetails ?? event.taskTimedOutEventDetails
    if (failed) {
      const visit = attempt()
      visit.isInAttempt = false
      visit.error = failed.error ?? ''
    }
    if (type === 'TaskSucceeded') delete current().error
    if (exited) Object.assign(current(), { output: parseJson(String(exited.output)), hasLeft: true })
    // The runner keeps the error that a state ends by, not one that was to be retried.
    if (type === 'ExecutionAborted' || type === 'ExecutionTimedOut') delete current().error
    // Fail, Pass, Choice and Wait tell of their error only in the execution's.
    if (type === 'ExecutionFailed' && !current().hasLeft)
      current().error = event.executionFailedEventDetails?.error ?? ''
  }
  return { visits: visits.map(({ isInAttempt: _, hasLeft: __, ...visit }) => visit), attempts }
}
