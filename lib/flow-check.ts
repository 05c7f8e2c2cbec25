import { type App, CfnResource } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import type { IConstruct } from 'constructs'
import { formatFindings } from '#domain/flow-catalog/check.ts'
import { eventFindings } from '#domain/flow-catalog/check-events.ts'
import type { Flow } from '#domain/flow-catalog/flow.ts'
import { FlowRule } from './flow-rule.ts'

/** What runs by an event or by the clock. */
const triggers = ['AWS::Events::Rule', 'AWS::Scheduler::Schedule']

/**
 * What is about to be deployed against the flow catalogue, both ways: a rule or schedule without an entry, an entry
 * without a rule, and an alarm or a dead-letter queue that an entry names and nobody has built.
 * @param hasAllAlarms false for the local cloud, which cannot take some
 * @returns a line for each, with what mends it
 */
export function flowDifferences(app: App, catalog: readonly Flow[], hasAllAlarms: boolean): string[] {
  const nodes = app.node.findAll()
  const resources = nodes.filter(CfnResource.isCfnResource)
  const rules = nodes.filter((node) => node instanceof FlowRule)
  const built = rules.flatMap(({ flows }) => flows)
  return [
    ...resources.filter(isWithoutEntry).map(withoutEntry),
    ...built.filter((flow) => !catalog.includes(flow)).map(({ name }) => unknownEntry(name)),
    ...catalog.filter((flow) => flow.channel.kind !== 'request' && !built.includes(flow)).map(withoutRule),
    ...catalog.flatMap((flow) =>
      missing(flow, 'dead-letter queue', [flow.deadLetterQueue], idsOf(resources, 'AWS::SQS::Queue')),
    ),
    ...eventFindings(catalog).map((finding) => formatFindings([finding]).replace(/^- /, '')),
    ...(hasAllAlarms
      ? catalog.flatMap((flow) => missing(flow, 'alarm', flow.alarms, idsOf(resources, 'AWS::CloudWatch::Alarm')))
      : []),
  ]
}

function isWithoutEntry(resource: CfnResource): boolean {
  return triggers.includes(resource.cfnResourceType) && !(resource.node.scope instanceof FlowRule)
}

function withoutEntry(resource: CfnResource): string {
  const kind = resource instanceof CfnRule && resource.scheduleExpression === undefined ? 'rule' : 'schedule'
  return `${pathOf(resource)} [rule]: this ${kind} has no entry in the flow catalog. Mend: add the flow to functions/domain/flow-catalog, and make the ${kind} of it with FlowRule.`
}

function unknownEntry(name: string): string {
  return `${name} [rule]: a rule is made of this flow, which is not in the catalog. Mend: add the flow to functions/domain/flow-catalog.ts.`
}

function withoutRule({ name, process, channel }: Flow): string {
  const what = channel.kind === 'schedule' ? 'schedule' : 'rule'
  return `${name} [rule]: no ${what} brings this flow (${process}, ${JSON.stringify(channel)}). Mend: make a FlowRule of it, or take it out of the catalog.`
}

function missing({ name }: Flow, what: string, wanted: readonly string[], ids: readonly string[]): readonly string[] {
  return wanted
    .filter((id) => !ids.includes(id))
    .map((id) => `${name} [${what}]: there is no ${what} ${id}. Mend: name one that there is, or add it to lib/.`)
}

/** What a resource is called in lib/: the id of its construct. */
function idsOf(resources: readonly CfnResource[], type: string): readonly string[] {
  return resources
    .filter(({ cfnResourceType }) => cfnResourceType === type)
    .map(({ node }) => node.scope?.node.id ?? '')
}

function pathOf(resource: IConstruct): string {
  return resource.node.path.replace(/\/Resource$/, '')
}
