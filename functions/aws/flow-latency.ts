import { eventOfKind } from '#domain/events.ts'
import type { SignalName } from '#domain/next-event/situation.ts'
import { type Process, processes, processOf } from '#domain/processes.ts'
import type { CaseItem, Ownership } from './case-store.ts'
import type { CaseStory } from './case-story.ts'
import { clock } from './clock.ts'
import type { Posted } from './post-document.ts'
import { measureSeconds } from './telemetry.ts'

/** Measures how long an event has taken until it was posted and published. */
export function measureLatency(owner: Ownership, story: CaseStory, signal: SignalName): void {
  const latency = latencyOf(owner, story, signal, clock.nowMs())
  if (latency !== undefined) measure(latency.event, latency.ms)
}

/**
 * How long it has taken since it was recorded, or since the case has come to it, if that was later: a supplier's invoice
 * that waits for its goods is not late. Undefined for what waited for a person, whom another alarm has called.
 */
export function latencyOf(
  owner: Ownership,
  story: CaseStory,
  { kind, number }: SignalName,
  nowMs: number,
): { readonly event: string; readonly ms: number } | undefined {
  const signal = story.signals.find((one) => one.kind === kind && one.number === number)
  // Under the event by which it was heard, so that both are told of the same flow.
  const event = signal?.event ?? eventOfKind(kind, processOf(owner.caseKey))
  if (signal?.acceptedAtMs === undefined || event === undefined || owner.redriveCount > 0) return undefined
  if (signal.consumedAtMs !== undefined || signal.match?.decision !== undefined) return undefined
  const { signalOf }: Process = processes[processOf(owner.caseKey)]
  const before = [
    story.case.acceptedAtMs,
    ...story.signals.map(({ consumedAtMs = 0 }) => consumedAtMs),
    // The order itself, and what else belongs to no signal.
    ...story.postings.map((one) => (signalOf(one.kind, one.number) === undefined ? (one.postedAtMs ?? 0) : 0)),
  ]
  return { event, ms: Math.max(0, nowMs - Math.max(signal.acceptedAtMs, ...before)) }
}

/** How long an order has taken from its acceptance until it stands in the ERP, unless a person had to agree or to mend. */
export function measureOrderLatency(owner: Ownership, theCase: CaseItem | undefined, { replayed }: Posted): void {
  if (theCase === undefined || replayed || theCase.needsApproval || owner.epoch > 1 || owner.redriveCount > 0) return
  const event = eventOfKind('order', processOf(owner.caseKey))
  if (event !== undefined) measure(event, clock.nowMs() - theCase.acceptedAtMs)
}

function measure(event: string, ms: number): void {
  measureSeconds('FlowLatency', Math.max(0, ms / 1000), { event })
}
