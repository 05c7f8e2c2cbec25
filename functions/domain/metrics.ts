/**
 * Each metric that the hub counts or measures, with the dimensions that it bears. CloudWatch takes a metric with other
 * dimensions for another metric, of which nobody ever hears: whoever writes one, draws it, alarms by it or watches its
 * silence names exactly these. docs/operate.md says what each means.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Dimension
 */
export const counted = {
  StepSucceeded: ['stage'],
  StepFailed: ['stage', 'class'],
  Failure: ['class'],
  FailureRecorded: ['process'],
  EventHeard: ['event'],
  ItemFailed: ['function'],
  SignalRecorded: [],
  SignalParked: [],
  UndeliveredStarted: [],
  CaseSwept: [],
  NeedsPerson: [],
  InboxOpened: ['kind'],
  DecisionApplied: [],
  DecisionRefused: [],
  DeadLetterCleared: [],
  AuditBroken: [],
  DifferenceFound: [],
  DifferenceOfClass: ['class'],
  DifferenceGone: ['class'],
  DifferenceRepaired: ['class'],
  ReconciliationRun: [],
  ErpCalls: ['account', 'lane'],
  ErpTurnedAway: ['account', 'why'],
  ErpThrottled: ['account'],
  ErpCircuitOpened: ['account'],
} as const satisfies Catalog

/** In seconds: how old the oldest of something is, or how long something took. */
export const measured = {
  DeadLetterAge: [],
  DifferenceAge: [],
  InboxAge: [],
  ParkedAge: [],
  FlowSilence: ['flow'],
  FlowLatency: ['event'],
  ErpWait: ['account', 'lane'],
  ErpSlotTime: ['account', 'lane'],
} as const satisfies Catalog

type Catalog = Readonly<Record<string, readonly string[]>>
type Metrics = typeof counted & typeof measured
export type CountedName = keyof typeof counted
export type MeasuredName = keyof typeof measured
export type MetricName = keyof Metrics

/** A value for each dimension of a metric, and for no other. */
export type DimensionsOf<Name extends MetricName> = Readonly<Record<Metrics[Name][number], string>>
