import { Duration } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { addAlarm, addErrors, logOf, postonce } from './alarm.ts'
import { silenceMetric } from './flow-alarms.ts'
import { completedReconciliation, reconciledWithinMinutes } from './flow-watching.ts'
import { hubMetric } from './hub-metric.ts'
import type { Hub } from './hub-stack.ts'
import type { Reconciliation } from './reconciliation.ts'

/** What tells that books do not agree, that nobody has seen to it, and that nobody compares them any more. */
export function addReconciliationAlarms(scope: Construct, hub: Hub, { reconciler }: Reconciliation): void {
  const first = postonce(hub, 'reconcile')
  addAlarm(scope, 'DifferenceFound', hub, {
    metric: hubMetric('DifferenceFound', {}).with({ period: Duration.minutes(5) }),
    threshold: 1,
    tells: 'by-day',
    says: {
      means: 'The books of the hub and of the ERP do not agree on a document.',
      harms:
        'That document may be in the ERP not at all, twice, or otherwise than it was posted. What selfRepair does not name waits for a person.',
      first,
    },
  })
  addAlarm(scope, 'DifferenceTooOld', hub, {
    metric: hubMetric('DifferenceAge', {}).with({ statistic: 'Maximum', period: Duration.hours(1) }),
    threshold: Duration.days(2).toSeconds(),
    tells: 'by-day',
    says: {
      means: 'A difference between the books has stood for more than two days.',
      harms: 'The books of that day cannot be closed with certainty.',
      first,
    },
  })
  addAlarm(scope, 'ReconciliationSilent', hub, {
    metric: silenceMetric(completedReconciliation),
    threshold: reconciledWithinMinutes * 60,
    tells: 'by-day',
    says: {
      means: 'Nobody has compared the books for more than a day: the schedule, the function or the ERP is at a stand.',
      harms: 'Differences go unnoticed. The next run begins where the last one ended, so none is lost.',
      first,
    },
  })
  addErrors(scope, hub, reconciler, 60, 'by-day', {
    means: 'The function that compares the books fails itself.',
    harms: 'Differences go unnoticed until a run succeeds, which begins where the last one ended.',
  })
  addAlarm(scope, 'ReconcileBooksItemFailed', hub, {
    metric: hubMetric('ItemFailed', { function: reconciler.node.id }).with({ period: Duration.hours(1) }),
    threshold: 1,
    tells: 'by-day',
    says: {
      means: 'A difference could not be repaired by the hub itself, or a file of a source not be compared.',
      harms: 'That difference or file stays as it is, and is tried again each quarter of an hour; all others go on.',
      first: logOf(reconciler.node.id),
    },
  })
}
