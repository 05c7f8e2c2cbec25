import { Duration } from 'aws-cdk-lib'
import { EventField, RuleTargetInput } from 'aws-cdk-lib/aws-events'
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import { Construct } from 'constructs'
import { FlowRule, flowNamed } from './flow-rule.ts'
import type { Hub } from './hub-stack.ts'

/**
 * An event of a kind that no process waits for: misspelt, or of a process that is not there. Without this rule the bus
 * would take it and nobody would ever hear of it. It becomes a dead letter that names kind and source.
 */
export class UnknownEvents extends Construct {
  constructor(scope: Construct, id: string, { hub }: { readonly hub: Hub }) {
    super(scope, id)
    const type = EventField.fromPath('$.detail-type')
    new FlowRule(this, 'UnknownEvent', {
      flows: [flowNamed(hub.flows, 'unknown-event')],
      catalog: hub.flows,
      bus: hub.bus,
      description: 'An event of a kind that no process waits for.',
      targets: [
        new SqsQueue(hub.deadLetters, {
          deadLetterQueue: hub.deadLetters,
          maxEventAge: Duration.hours(24),
          retryAttempts: 185,
          message: RuleTargetInput.fromObject({
            id: EventField.eventId,
            signature: `Bus | poison | UNKNOWN_EVENT | ${EventField.source} | ${type}`,
            class: 'poison',
            code: 'UNKNOWN_EVENT',
            owner: 'integration',
            message: `No process waits for an event of the kind ${type}, which ${EventField.source} published; docs/events.md lists those there are.`,
          }),
        }),
      ],
    })
  }
}
