import type { ErpAccount } from '#domain/erp-limits.ts'
import { type Violation, violationsOf } from '#domain/schema.ts'
import { channelFindings } from './check-channel.ts'
import { directionFindings } from './check-direction.ts'
import { peakFindings } from './check-peaks.ts'
import { recordFindings } from './check-records.ts'
import { silenceFindings } from './check-silence.ts'
import { Flow } from './flow.ts'

/** A rule that a flow, or several together, break. */
export interface Finding {
  /** By name. */
  readonly flows: readonly string[]
  readonly rule:
    | 'attributes'
    | 'name'
    | 'system-of-record'
    | 'owner'
    | 'echo'
    | 'loop'
    | 'latency'
    | 'channel'
    | 'peak'
    | 'silence'
  /** What is the matter, with the values. */
  readonly says: string
  /** What to change. */
  readonly mend: string
}

/** What a catalogue breaks; nothing, when it may be deployed against this ERP account. */
export function findingsOf(flows: readonly unknown[], account: ErpAccount): readonly Finding[] {
  const complete = flows.flatMap((flow) => {
    const parsed = Flow.safeParse(flow)
    return parsed.success ? [parsed.data] : []
  })
  const incomplete = flows.flatMap((flow, index) => attributeFindings(nameOf(flow, index), flow))
  return [
    ...incomplete,
    ...nameFindings(complete),
    ...recordFindings(complete),
    ...directionFindings(complete),
    ...channelFindings(complete),
    ...silenceFindings(complete),
    ...peakFindings(complete, account),
  ]
}

/**
 * The flows of a catalogue that breaks no rule.
 * @throws Error with every rule that is broken: by which flow, and what mends it
 */
export function checkedFlows(flows: readonly unknown[], account: ErpAccount): readonly Flow[] {
  const findings = findingsOf(flows, account)
  if (findings.length > 0) throw new Error(`The flow catalog must not be deployed:\n${formatFindings(findings)}`)
  return flows.map((flow) => Flow.parse(flow))
}

/** One line for each. */
export function formatFindings(findings: readonly Finding[]): string {
  return findings
    .map(({ flows, rule, says, mend }) => `- ${flows.join(', ')} [${rule}]: ${says}. Mend: ${mend}.`)
    .join('\n')
}

function attributeFindings(name: string, flow: unknown): readonly Finding[] {
  return violationsOf(Flow, flow).map((violation) => ({
    flows: [name],
    rule: 'attributes',
    says: saidOf(violation),
    mend: mendOf(name, violation),
  }))
}

function saidOf({ field, rule, was }: Violation): string {
  if (was !== 'missing' || field === '') return `${field || 'it'} ${rule} (was ${was})`
  // Of what is not there, some rules say only that it is not valid.
  return rule.startsWith('must be one of') ? `${field} is missing: it ${rule}` : `${field} is missing`
}

function mendOf(name: string, { field, isUnknown }: Violation): string {
  if (field === '') return `write ${name} as functions/domain/flow-catalog/flow.ts says, or take it out`
  if (isUnknown) return `take ${field} out of ${name}, or write it as functions/domain/flow-catalog/flow.ts does`
  return `give ${name} its ${field} in functions/domain/flow-catalog; flow-catalog/flow.ts says what it is`
}

function nameOf(flow: unknown, index: number): string {
  const name: unknown = Object(flow).name
  return typeof name === 'string' ? name : `flow ${index + 1} of the catalog`
}

function nameFindings(flows: readonly Flow[]): readonly Finding[] {
  const taken = flows.filter(({ name }, index) => flows.findIndex((other) => other.name === name) < index)
  return taken.map(({ name }) => ({
    flows: [name],
    rule: 'name',
    says: 'two flows have this name',
    mend: 'rename one of them',
  }))
}
