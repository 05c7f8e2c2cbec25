import { dayMs } from '#domain/erp-calendar/local-time.ts'
import { expectedMs } from '#domain/silence.ts'
import type { Finding } from './check.ts'
import type { Expectation } from './expectation.ts'
import type { Flow } from './flow.ts'

/** What is expected of a flow can be heard of it, and is no more than it brings. */
export function silenceFindings(flows: readonly Flow[]): readonly Finding[] {
  return flows.flatMap((flow) => {
    const { expected } = flow
    return typeof expected === 'string' ? wordFindings(flow, expected) : expectationFindings(flow, expected)
  })
}

function wordFindings({ name, channel }: Flow, expected: 'irregularly' | 'on-schedule'): readonly Finding[] {
  const fitting = channel.kind === 'schedule' ? 'on-schedule' : 'irregularly'
  if (expected === fitting) return []
  return [finding(name, `it is expected ${expected} and comes by ${channel.kind}`, `say ${fitting}`)]
}

function expectationFindings({ name, channel, volume }: Flow, expected: Expectation): readonly Finding[] {
  if (channel.kind !== 'event' || channel.does === 'decide') {
    const mend = channel.kind === 'schedule' ? 'say on-schedule' : 'say irregularly'
    return [finding(name, `nobody counts when a flow by ${channel.kind} is heard`, mend)]
  }
  const { atLeast, withinMinutes } = expected
  const findings: Finding[] = []
  // A week without holidays and changes of clocks.
  const week = expectedMs({ ...expected, timeZone: 'UTC', notOn: [] }, monday, monday + 7 * dayMs) / 60_000
  if (week < withinMinutes) {
    const says = `its hours are ${week} min a week, fewer than the ${withinMinutes} min within which something is expected`
    findings.push(finding(name, says, 'lower withinMinutes, or name more hours'))
  }
  const perDay = ((week / withinMinutes) * atLeast) / 7
  if (perDay > volume.perDay) {
    const says = `at least ${atLeast} within ${withinMinutes} min are ${Math.ceil(perDay)} a day, above its volume of ${volume.perDay}`
    findings.push(finding(name, says, 'lower atLeast, or raise withinMinutes or volume.perDay'))
  }
  return findings
}

const monday = Date.parse('2026-01-05T00:00:00Z')

function finding(flow: string, says: string, mend: string): Finding {
  return { flows: [flow], rule: 'silence', says, mend }
}
