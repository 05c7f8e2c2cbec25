import { type App, Aspects, Tags, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { signalEvents, startingEvents } from '#domain/events.ts'
import type { Environment } from './environment.ts'
import { HubStack } from './hub-stack.ts'
import { OmitWhatTheLocalCloudRefuses } from './local-cloud.ts'
import { ProcessStack } from './process-stack.ts'

/** The topology at a glance: one stack that everything shares, and one for each process. */
export function createStacks(app: App, environment: Environment) {
  const { account, region } = environment
  const env = { ...(account !== undefined && { account }), ...(region !== undefined && { region }) }
  const { hub } = new HubStack(app, 'PostonceHub', { env, environment })
  const orderToCash = new ProcessStack(app, 'PostonceOrderToCash', {
    env,
    hub,
    process: 'order-to-cash',
    startedBy: Object.keys(startingEvents),
    signals: Object.keys(signalEvents),
  })
  Tags.of(app).add('product', 'postonce')
  if (environment.localCloud) Aspects.of(app).add(new OmitWhatTheLocalCloudRefuses())
  else Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  return { hub, orderToCash }
}
