import { CfnResource, type IAspect } from 'aws-cdk-lib'
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch'
import type { IConstruct } from 'constructs'

/** Resource types that the local cloud's CloudFormation refuses. The archive is created through the API after the deployment. */
const refusedTypes = ['AWS::Events::Archive', 'AWS::CloudWatch::CompositeAlarm']

/**
 * The one place that knows what the local cloud cannot take. It removes that from the template of the environment
 * `local`; tests assert it in the template of an account instead.
 */
export class OmitWhatTheLocalCloudRefuses implements IAspect {
  visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node)) return
    const computed = node instanceof CfnAlarm && node.metrics !== undefined
    if (refusedTypes.includes(node.cfnResourceType) || computed) node.node.scope?.node.tryRemoveChild(node.node.id)
  }
}
