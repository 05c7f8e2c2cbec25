import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { addAlarm, addErrors, logOf, postonce } from './alarm.ts'
import type { AuditSealing } from './audit-sealing.ts'
import type { DeadLetterClearing } from './dead-letter-clearing.ts'
import type { ErpWatching } from './erp-watching.ts'
import { addNotDelivered } from './event-not-delivered.ts'
import type { FailureRecording } from './failure-recording.ts'
import { addScheduleAlarms } from './flow-alarms.ts'
import type { FlowRule } from './flow-rule.ts'
import type { FlowSchedule } from './flow-schedule.ts'
import type { FlowWatching } from './flow-watching.ts'
import { hubMetric } from './hub-metric.ts'
import type { Hub } from './hub-stack.ts'
import type { Inbox } from './inbox.ts'
import type { Reconciliation } from './reconciliation.ts'
import { addReconciliationAlarms } from './reconciliation-alarms.ts'
import type { Sweeping } from './sweeping.ts'

export interface HubAlarmsProps {
  readonly hub: Hub
  readonly recording: FailureRecording
  readonly inbox: Inbox
  readonly clearing: DeadLetterClearing
  readonly sweeping: Sweeping
  readonly erpWatching: ErpWatching
  readonly sealing: AuditSealing
  readonly reconciliation: Reconciliation
  readonly watching: FlowWatching
  /** What it watches besides the flows of the processes. */
  readonly schedules: readonly FlowSchedule[]
  /** The rules that bring decisions, failures and unknown events, and the schedules. */
  readonly rules: readonly FlowRule[]
}

/**
 * Failures by class. A refusal for business reasons wakes nobody at night: it waits in the dead letters for its owner.
 */
export const failureClasses = {
  retryable: {
    means: 'The ERP could not be reached, or refused to work, for longer than the machine retries.',
    harms: 'These cases stand still until they are redriven. Nothing is lost, nothing is posted twice.',
  },
  'in-doubt': {
    means: 'The ERP may or may not have a document: it did not answer, and ten attempts to find out failed.',
    harms:
      'These cases stand still; a document may be there that the hub does not know of. Never post it by hand unseen.',
  },
  poison: {
    means: 'An event, or an answer of the ERP, is not understood.',
    harms: 'These cases stand still, and more of the same kind will. Nothing of them was posted.',
  },
  bug: {
    means: 'A step failed in a way that nobody planned.',
    harms: 'These cases stand still until a mended version is deployed and they are redriven.',
  },
} as const

const somebodyIsNeeded = 'Something needs a person: a rejected or failed case, or an event that nothing could take.'

/** Alarms about the hub as a whole. */
export class HubAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    {
      hub,
      recording,
      inbox,
      clearing,
      sweeping,
      erpWatching,
      sealing,
      reconciliation,
      watching,
      schedules,
      rules,
    }: HubAlarmsProps,
  ) {
    super(scope, id)
    const failed = postonce(hub, 'cases --status failed')
    const rejected = postonce(hub, 'cases --status rejected')
    const letters = postonce(hub, 'dead-letters')
    for (const [failureClass, text] of Object.entries(failureClasses)) {
      addAlarm(this, `Failure-${failureClass}`, hub, {
        metric: hubMetric('Failure', { class: failureClass }),
        threshold: 1,
        tells: 'on-call',
        says: { ...text, first: failed },
      })
    }
    addAlarm(this, 'DeadLetterArrived', hub, {
      metric: hub.deadLetters.metricNumberOfMessagesSent({ period: Duration.minutes(1) }),
      threshold: 1,
      tells: 'by-day',
      says: { means: somebodyIsNeeded, harms: 'That case waits; every other goes on.', first: letters },
    })
    addAlarm(this, 'DeadLettersWaiting', hub, {
      metric: hub.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 1,
      // Whoever looks through the letters hides them for a moment.
      periods: 3,
      breachingPeriods: 1,
      tells: 'by-day',
      says: {
        means: `${somebodyIsNeeded} It stays until the queue of dead letters is empty.`,
        harms: 'Those cases wait; every other goes on.',
        first: letters,
      },
    })
    addAlarm(this, 'DeadLetterTooOld', hub, {
      // SQS's own metric of the age leaves out what has been received three times.
      metric: hubMetric('DeadLetterAge', {}).with({ statistic: 'Maximum', period: Duration.minutes(10) }),
      threshold: Duration.days(1).toSeconds(),
      tells: 'by-day',
      says: {
        means: 'A dead letter has waited for more than a day.',
        harms:
          'After 14 days SQS drops it. Its case is still listed then, an event without a case only in the archive.',
        first: letters,
      },
    })
    addAlarm(this, 'NeedsPerson', hub, {
      metric: hubMetric('NeedsPerson', {}),
      threshold: 1,
      tells: 'on-call',
      says: {
        means: 'A document is in conflict, or in a doubt that nothing resolves.',
        harms: 'It may be in the ERP twice, not at all, or changed by hand. The hub does not touch it again by itself.',
        first: rejected,
      },
    })
    for (const [item, harms] of Object.entries(itemHarms)) {
      addAlarm(this, `${item}ItemFailed`, hub, {
        metric: hubMetric('ItemFailed', { function: item }).with({ period: Duration.minutes(5) }),
        threshold: 3,
        tells: 'on-call',
        says: {
          means: `${item} fails again and again at what it is given, though the function itself runs.`,
          harms,
          first: logOf(item),
        },
      })
    }
    addAlarm(this, 'InboxTooOld', hub, {
      // Told by the sweeper, which looks at each question every minute or two.
      metric: hubMetric('InboxAge', {}).with({ statistic: 'Maximum', period: Duration.minutes(10) }),
      threshold: Duration.days(1).toSeconds(),
      tells: 'by-day',
      says: {
        means: 'A question has waited in the inbox for more than a day.',
        harms: 'Its case stands still, or pays nothing more, until somebody decides.',
        first: postonce(hub, 'inbox'),
      },
    })
    addAlarm(this, 'DecisionRefused', hub, {
      metric: hubMetric('DecisionRefused', {}),
      threshold: 1,
      tells: 'by-day',
      says: {
        means: 'A decision was not carried out: its ground had changed, or the question did not allow it.',
        harms: 'None: its question is still open, or settled by itself, and says why.',
        first: postonce(hub, 'inbox'),
      },
    })
    addErrors(this, hub, inbox.decider, 1, 'on-call', {
      means: 'The function that carries decisions out fails itself.',
      harms: itemHarms.ApplyDecision,
    })
    addErrors(this, hub, clearing.clearer, 5, 'by-day', {
      means: 'The function that takes mended dead letters away fails itself.',
      harms: 'Letters of mended cases stay, and nobody is told of one that is too old.',
    })
    addErrors(this, hub, sweeping.sweeper, 1, 'on-call', {
      means: 'The function that finds what nobody else would find fails itself.',
      harms: itemHarms.SweepCases,
    })
    addErrors(this, hub, erpWatching.watcher, 1, 'on-call', {
      means: 'The function that wakes cases when the ERP is back fails itself.',
      harms: 'Cases that sleep since the ERP was down or paused look for themselves after six hours.',
    })
    addAlarm(this, 'AuditBroken', hub, {
      metric: hubMetric('AuditBroken', {}),
      threshold: 1,
      tells: 'on-call',
      says: {
        means: 'Entries of the audit trail do not follow one another as they were written: one was changed or removed.',
        harms: 'The trail of that case proves nothing from that entry on. Postings are not touched.',
        first: logOf('SealAudit'),
      },
    })
    addErrors(this, hub, sealing.sealer, 5, 'by-day', {
      means: 'The function that seals the audit trail fails itself.',
      harms: 'Days that are over have no signed root yet; the next run seals them too.',
    })
    addReconciliationAlarms(this, hub, reconciliation)
    addScheduleAlarms(this, hub, schedules, watching)
    addErrors(this, hub, recording.recorder, 1, 'on-call', {
      means: 'The function that records failed executions fails itself.',
      harms: itemHarms.RecordFailedExecution,
    })
    addNotDelivered(
      this,
      'HubEventNotDelivered',
      hub,
      rules,
      'A decision is not carried out, a failed case looks open, or an unknown event is not told; nothing of a case is lost.',
    )
  }
}

/** What does not happen while these fail; what they were given comes again, up to ten times. */
export const itemHarms = {
  StartUndelivered: 'Large events start no case; after ten attempts they are dead letters.',
  RecordSignal: 'Goods issues and payments do not reach their cases; after ten attempts they are dead letters.',
  RecordFailedExecution: 'Failed cases are listed as open, and their owners are not told.',
  ApplyDecision: 'What people decide is not carried out; after ten attempts it is a dead letter.',
  SweepCases:
    'What lost its wake-up or its execution stays where it is, and nothing that is parked becomes a dead letter.',
} as const
