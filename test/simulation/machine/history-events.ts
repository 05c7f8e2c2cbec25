import type { Execution, Visit } from './execution.ts'
import { waitsForToken } from './task.ts'

/** What Step Functions ends an execution at. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const maximumHistoryEvents = 25_000

/**
 * How many events the history of an execution has, counted as AWS writes them: its start, its end and each redrive; each
 * state entered and exited; each attempt at a task scheduled, started, ended, and submitted where a token is waited for.
 * Never fewer than there are: a state that was failed in is counted as exited, an attempt without an answer as ended.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
export function historyEventsOf({ visits, machine, now }: Execution): number {
  const { states } = machine.definition
  const ofVisit = ({ state, attempts }: Visit) => {
    const known = states.get(state)
    if (known?.type !== 'Task') return 2
    return 2 + attempts * (waitsForToken(known.resource) ? 4 : 3)
  }
  return visits.reduce((sum, visit) => sum + ofVisit(visit), 2 + now.redriveCount)
}
