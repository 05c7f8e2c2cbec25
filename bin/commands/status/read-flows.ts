import { readMetric } from '#aws/read-metric.ts'
import type { Flow } from '#domain/flow-catalog/flow.ts'
import { flowCatalog } from '#domain/flow-catalog.ts'

/** What is heard of a flow that comes by events, and how fast it is. */
export interface FlowStatus {
  readonly flow: string
  /** Absent: not within a day. */
  readonly heardAtMs: number | undefined
  /** How much of the time in which events are expected has gone by without enough; absent where nobody watches for it. */
  readonly silentSeconds: number | undefined
  /** Within what time all but the slowest twentieth of a day were through; absent when there were none. */
  readonly latencySeconds: number | undefined
}

const dayMs = 86_400_000

/** Reads what the functions have counted; a few minutes old in an account. */
export async function readFlows(nowMs: number): Promise<readonly FlowStatus[]> {
  return await Promise.all(flowCatalog.flatMap((flow) => (isHeard(flow) ? [readFlow(flow, nowMs)] : [])))
}

type HeardFlow = Flow & { readonly channel: { readonly kind: 'event'; readonly event: string } }

function isHeard(flow: Flow): flow is HeardFlow {
  return flow.channel.kind === 'event' && flow.channel.does !== 'decide'
}

async function readFlow({ name, channel: { event } }: HeardFlow, nowMs: number): Promise<FlowStatus> {
  // The minute that is not over counts as well.
  const untilMs = nowMs + 60_000
  const day = { dimensions: { event }, fromMs: nowMs - dayMs, untilMs }
  const [heard, silence, latency] = await Promise.all([
    readMetric({ ...day, metric: 'EventHeard', statistic: 'Sum', periodSeconds: 60, atMost: 1 }),
    readMetric({
      metric: 'FlowSilence',
      dimensions: { flow: name },
      statistic: 'Maximum',
      fromMs: nowMs - 600_000,
      untilMs,
      periodSeconds: 60,
      atMost: 1,
    }),
    // A day may begin within one of CloudWatch's and end within the next.
    readMetric({ ...day, metric: 'FlowLatency', statistic: 'p95', periodSeconds: 86_400, atMost: 2 }),
  ])
  return {
    flow: name,
    heardAtMs: heard[0]?.atMs,
    silentSeconds: silence[0]?.value,
    latencySeconds: latency.length === 0 ? undefined : Math.max(...latency.map(({ value }) => value)),
  }
}
