import type { ErpAccount } from '#domain/erp-limits.ts'
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
  const parsed = flows.map((flow) => ({ flow, result: Flow.safeParse(flow) }))
  const complete = parsed.flatMap(({ result }) => (result.success ? [result.data] : []))
  const incomplete = parsed.flatMap(({ flow, result }, index) =>
    result.success ? [] : attributeFindings(nameOf(flow, index), result.error.issues),
  )
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

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string }

function attributeFindings(flow: string, issues: readonly Issue[]): readonly Finding[] {
  return issues.map(({ path, message }) => {
    const attribute = path.map(String).join('.') || '(whole)'
    return {
      flows: [flow],
      rule: 'attributes',
      says: `${attribute} is missing or not valid: ${message}`,
      mend: `give ${flow} its ${attribute} in functions/domain/flow-catalog; flow-catalog/flow.ts says what it is`,
    }
  })
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
