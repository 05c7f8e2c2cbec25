import type { Finding } from './check.ts'
import { type Channel, type Flow, latencyClasses } from './flow.ts'

/** Channel and latency classes that go with each pattern. */
const patterns: Readonly<
  Record<
    Flow['pattern'],
    { readonly channels: readonly Channel['kind'][]; readonly latency: readonly Flow['latency'][] }
  >
> = {
  event: { channels: ['event', 'aws-event', 'other-events'], latency: ['event', 'batch'] },
  'request/response': { channels: ['request'], latency: ['interactive'] },
  batch: { channels: ['schedule'], latency: ['event', 'batch'] },
}

/** A flow can be as fast as its latency class says, and each event has one flow. */
export function channelFindings(flows: readonly Flow[]): readonly Finding[] {
  return [...flows.flatMap((flow) => [...patternFindings(flow), ...paceFindings(flow)]), ...sharedFindings(flows)]
}

function patternFindings({ name, pattern, channel, latency }: Flow): readonly Finding[] {
  const { channels, latency: possible } = patterns[pattern]
  const findings: Finding[] = []
  if (!possible.includes(latency)) {
    findings.push({
      flows: [name],
      rule: 'latency',
      says: `the pattern ${pattern} contradicts the latency class ${latency} (within ${latencyClasses[latency].withinSeconds} s): ${whyNot[pattern]}`,
      mend: `make it ${possible.join(' or ')}, or choose another pattern`,
    })
  }
  if (!channels.includes(channel.kind)) {
    findings.push({
      flows: [name],
      rule: 'channel',
      says: `the pattern ${pattern} cannot come over a channel of the kind ${channel.kind}`,
      mend: `choose one of ${channels.join(', ')}, or another pattern`,
    })
  }
  return findings
}

const whyNot: Readonly<Record<Flow['pattern'], string>> = {
  event: 'the bus promises no time within which it delivers, so nobody can wait for what comes of it',
  'request/response': 'whoever asked waits for the answer',
  batch: 'what comes on a schedule waits for its next run',
}

/** What waits for a schedule, and what comes all day long, is no more than the flow says. */
function paceFindings({ name, channel, latency, volume }: Flow): readonly Finding[] {
  const findings: Finding[] = []
  const { withinSeconds } = latencyClasses[latency]
  if (channel.kind === 'schedule' && channel.everyMinutes * 60 > withinSeconds) {
    findings.push({
      flows: [name],
      rule: 'latency',
      says: `it runs every ${channel.everyMinutes} min = ${channel.everyMinutes * 60} s, and the latency class ${latency} promises ${withinSeconds} s`,
      mend: `run it at least every ${Math.floor(withinSeconds / 60)} min, or make it batch`,
    })
  }
  if (volume.perDay > volume.peakPerMinute * 1440) {
    findings.push({
      flows: [name],
      rule: 'peak',
      says: `${volume.perDay} a day are more than its peak of ${volume.peakPerMinute} a minute × 1440 min = ${volume.peakPerMinute * 1440}`,
      mend: 'raise peakPerMinute, or lower perDay',
    })
  }
  return findings
}

/** Two rules for one event would do twice what is to be done once. */
function sharedFindings(flows: readonly Flow[]): readonly Finding[] {
  const event = ({ channel }: Flow) => ('event' in channel ? `${channel.kind} ${channel.event}` : undefined)
  return flows.flatMap((flow, index) => {
    const first = flows.slice(0, index).find((other) => event(other) !== undefined && event(other) === event(flow))
    if (first === undefined) return []
    return [
      {
        flows: [first.name, flow.name],
        rule: 'channel',
        says: `both take the ${event(flow)}`,
        mend: 'make one flow of them, or give one an event of its own',
      },
    ]
  })
}
