import { RuleTargetInput } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import type { Construct } from 'constructs'
import type { Flow } from '#domain/flow-catalog/flow.ts'
import { FlowRule, flowNamed } from './flow-rule.ts'
import type { HubFunction } from './hub-function.ts'
import type { Hub } from './hub-stack.ts'

export interface FlowScheduleProps {
  readonly hub: Hub
  /** Its entry in the flow catalogue, which says how often. */
  readonly flow: string
  readonly description: string
  readonly runs: HubFunction
}

/** The clock calls a function of the hub's own. */
export class FlowSchedule extends FlowRule {
  readonly flow: Flow
  readonly runs: HubFunction

  constructor(scope: Construct, id: string, { hub, flow, description, runs }: FlowScheduleProps) {
    const entry = flowNamed(hub.flows, flow)
    super(scope, id, {
      flows: [entry],
      catalog: hub.flows,
      description,
      targets: [
        new LambdaFunction(runs.function, {
          event: RuleTargetInput.fromObject({}),
          deadLetterQueue: hub.deadLetters,
          retryAttempts: 1,
        }),
      ],
    })
    this.flow = entry
    this.runs = runs
  }
}
