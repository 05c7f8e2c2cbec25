import { type App, Aspects, Tags, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { checkedFlows } from '#domain/flow-catalog/check.ts'
import type { Flow } from '#domain/flow-catalog/flow.ts'
import { flowCatalog } from '#domain/flow-catalog.ts'
import { processNames } from '#domain/processes.ts'
import { type Environment, erpAccountOf } from './environment.ts'
import { flowDifferences } from './flow-check.ts'
import { isExpected } from './flow-watching.ts'
import { HubStack } from './hub-stack.ts'
import { OmitWhatTheLocalCloudRefuses } from './local-cloud.ts'
import { ProcessStack } from './process-stack.ts'
import { stackOf } from './stack-of.ts'

/**
 * The topology at a glance: one stack that everything shares, and one for each process.
 * @throws Error when the flow catalogue contradicts itself or the limits of the environment's ERP account
 */
export function createStacks(app: App, environment: Environment, catalog: readonly unknown[] = flowCatalog) {
  const flows = asExpected(checkedFlows(catalog, erpAccountOf(environment)), environment)
  // When everything is in its place, aspects included.
  app.node.addValidation({ validate: () => flowDifferences(app, flows, !environment.localCloud) })
  const { account, region } = environment
  const env = { ...(account !== undefined && { account }), ...(region !== undefined && { region }) }
  const { hub } = new HubStack(app, 'PostonceHub', { env, environment, flows })
  const processes = processNames.map((process) => new ProcessStack(app, stackOf(process), { env, hub, process }))
  Tags.of(app).add('product', 'postonce')
  if (environment.localCloud) Aspects.of(app).add(new OmitWhatTheLocalCloudRefuses())
  else Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  return { hub, processes }
}

/** Where nobody publishes all day, silence is no sign of anything; schedules have to run there as well. */
function asExpected(flows: readonly Flow[], { expectsEvents }: Environment): readonly Flow[] {
  if (expectsEvents) return flows
  return flows.map((flow) => (isExpected(flow) ? { ...flow, expected: 'irregularly' } : flow))
}
