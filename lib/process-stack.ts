import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib'
import { SfnStateMachine, SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs'
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import type { ErpLimits } from '#domain/erp-limits.ts'
import { machinePrefix, type ProcessName } from '#domain/processes.ts'
import { withoutErp } from './await-erp.ts'
import { lambdaEntries } from './bundle.ts'
import { erpAccountOf } from './environment.ts'
import { accountVariables, erpVariables } from './erp-variables.ts'
import { acknowledgeKeyWildcards } from './failure-recording.ts'
import { FlowRule, flowsThat } from './flow-rule.ts'
import {
  allowErp,
  allowNumbers,
  allowPayloads,
  allowTable,
  payloadActionsOf,
  readAndWriteCase,
  tableActionsOf,
  tellingSteps,
} from './grants.ts'
import { HubFunction, recorderTimeout, recorderVisibility, retentionOf } from './hub-function.ts'
import type { Hub } from './hub-stack.ts'
import { allowDescribe, machineArns, machinesArn } from './machines.ts'
import { ProcessAlarms } from './process-alarms.ts'
import { ProcessDashboard } from './process-dashboard.ts'
import { createQueue } from './queue.ts'
import { checkFiles, completeMachine, fileOf, lambdasOf, readMachine } from './state-machine.ts'

export interface ProcessStackProps extends StackProps {
  readonly hub: Hub
  /** Name of the machine's file and of the folder of its steps: `order-to-cash`. */
  readonly process: ProcessName
}

/** One process: its machine, a Lambda for each step, and the rules that bring its events. */
export class ProcessStack extends Stack {
  readonly machine: StateMachine
  /** The hub's dead letters, as a target of rules; their policy stands in the hub's stack. */
  private readonly deadLetters: IQueue
  /** What every function of the process is told. */
  private readonly variables: Readonly<Record<string, string>>

  constructor(scope: Construct, id: string, props: ProcessStackProps) {
    super(scope, id, props)
    const { hub, process } = props
    this.deadLetters = Queue.fromQueueArn(this, 'DeadLetters', hub.deadLetters.queueArn)
    this.variables = {
      HUB_TABLE: hub.table.tableName,
      BUS_NAME: hub.bus.eventBusName,
      DEAD_LETTER_QUEUE_URL: hub.deadLetters.queueUrl,
      PAYLOAD_BUCKET: hub.payloads.bucketName,
      STATE_MACHINES: machinesArn(this),
      ...(process === 'procure-to-pay' && { PURCHASING: JSON.stringify(hub.environment.purchasing) }),
    }
    const steps = this.createSteps(hub, process)
    this.machine = this.createMachine(hub, process, steps)
    for (const [name, step] of steps) {
      if (tellingSteps[process].includes(name)) step.allow(['events:PutEvents'], [hub.bus.eventBusArn])
      if (name.startsWith('Accept')) allowDescribe(step, hub.environment, [process])
      if (name.startsWith('Accept') || name === 'AwaitEvent') {
        // By name, since a step that referred to the machine that invokes it would be a circle.
        step.allow(['states:SendTaskSuccess'], machineArns(this, [process]))
      }
    }
    const undelivered = this.createStart(props)
    const signals = this.createSignals(props)
    new ProcessAlarms(this, 'Alarms', {
      hub,
      process,
      machine: this.machine,
      rules: this.node.findAll().filter((child) => child instanceof FlowRule),
      others: [undelivered, signals],
    })
    new ProcessDashboard(this, 'ProcessDashboard', {
      hub,
      process,
      machine: this.machine,
      posting: [...steps.keys()].filter((name) => !withoutErp.test(name)),
      queues: this.node.findAll().filter((child) => child instanceof Queue),
    })
    new CfnOutput(this, 'StateMachineArn', { value: this.machine.stateMachineArn })
  }

  /** A Lambda for each `${Name}` of the machine. Throws on a missing file and on one that no state invokes. */
  private createSteps(hub: Hub, process: string): Map<string, HubFunction> {
    const names = lambdasOf(readMachine(process))
    const files = lambdaEntries()
      .filter(({ folder }) => folder === process)
      .map(({ name }) => name)
    checkFiles(process, names, files)
    return new Map(names.map((name) => [name, this.createStep(hub, process, name)]))
  }

  private createStep(hub: Hub, process: string, name: string): HubFunction {
    const writesToErp = !withoutErp.test(name)
    const step = new HubFunction(this, name, {
      environment: hub.environment,
      file: `${process}/${fileOf(name)}`,
      key: hub.key,
      variables: {
        ...this.variables,
        ...(writesToErp ? erpVariables(hub.environment) : accountVariables(hub.environment)),
      },
      ...(writesToErp && reservationOf(erpAccountOf(hub.environment).limits)),
    })
    allowTable(step, hub, tableActionsOf(name))
    allowPayloads(step, hub, payloadActionsOf(name))
    if (writesToErp) allowErp(step, hub)
    acknowledgeKeyWildcards(step)
    return step
  }

  private createMachine(hub: Hub, process: string, steps: ReadonlyMap<string, HubFunction>): StateMachine {
    const { environment, key, bus } = hub
    const logs = new LogGroup(this, 'MachineLogs', {
      logGroupName: `/aws/vendedlogs/states/${machinePrefix}${process}`,
      retention: retentionOf(environment.retention.logDays),
      encryptionKey: key,
      removalPolicy: environment.retention.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    })
    const machine = new StateMachine(this, 'Machine', {
      stateMachineName: `${machinePrefix}${process}`,
      definitionBody: DefinitionBody.fromString(
        JSON.stringify(completeMachine(readMachine(process), environment.times)),
      ),
      definitionSubstitutions: {
        BusName: bus.eventBusName,
        ...Object.fromEntries([...steps].map(([name, step]) => [name, step.function.functionArn])),
      },
      logs: { destination: logs, level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
    })
    machine.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [...steps.values()].map((step) => step.function.functionArn),
      }),
    )
    bus.grantPutEventsTo(machine)
    key.grantEncryptDecrypt(machine)
    acknowledgeKeyWildcards(machine)
    Validations.of(machine).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Log delivery and X-Ray have no resources to restrict them to.',
    })
    return machine
  }

  /** What the bus cannot start the machine with, such as an event above 256 KiB, is started from a queue of its own. */
  private createStart({ hub, process }: ProcessStackProps): HubFunction {
    const queue = createQueue(this, 'Undelivered', hub.key, hub.deadLetters, recorderVisibility)
    new FlowRule(this, 'Started', {
      flows: flowsThat('start', process, hub.flows),
      catalog: hub.flows,
      bus: hub.bus,
      description: 'Starts a case.',
      targets: [
        new SfnStateMachine(this.machine, {
          deadLetterQueue: queue,
          maxEventAge: Duration.hours(24),
          retryAttempts: 185,
        }),
      ],
    })
    const starter = new HubFunction(this, 'StartUndelivered', {
      environment: hub.environment,
      file: 'ingress/start-undelivered',
      key: hub.key,
      timeout: recorderTimeout,
      variables: this.variables,
    })
    // The frame that every Lambda has can store an error of an execution.
    allowTable(starter, hub, ['dynamodb:UpdateItem'])
    allowPayloads(starter, hub, ['s3:PutObject'])
    starter.allow(['states:StartExecution'], [this.machine.stateMachineArn])
    hub.deadLetters.grantSendMessages(starter.role)
    starter.function.addEventSource(new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true }))
    acknowledgeKeyWildcards(starter)
    return starter
  }

  /** Signals go through a queue of their own, so that a burst of them waits there and not in retries of the bus. */
  private createSignals({ hub, process }: ProcessStackProps): HubFunction {
    const queue = createQueue(this, 'Signals', hub.key, hub.deadLetters, recorderVisibility)
    new FlowRule(this, 'Signalled', {
      flows: flowsThat('signal', process, hub.flows),
      catalog: hub.flows,
      bus: hub.bus,
      description: 'An event for a case that exists.',
      targets: [
        new SqsQueue(queue, {
          deadLetterQueue: this.deadLetters,
          maxEventAge: Duration.hours(24),
          retryAttempts: 185,
        }),
      ],
    })
    const recorder = new HubFunction(this, 'RecordSignal', {
      environment: hub.environment,
      file: 'ingress/record-signal',
      key: hub.key,
      timeout: recorderTimeout,
      variables: this.variables,
    })
    allowTable(recorder, hub, readAndWriteCase)
    allowPayloads(recorder, hub, ['s3:PutObject'])
    // A supplier names the order by the number that the ERP has given it.
    if (process === 'procure-to-pay') allowNumbers(recorder, hub)
    // A case that had ended is opened again, and carried on by an execution of its own.
    recorder.allow(['states:SendTaskSuccess', 'states:StartExecution'], [this.machine.stateMachineArn])
    hub.deadLetters.grantSendMessages(recorder.role)
    recorder.function.addEventSource(new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true }))
    acknowledgeKeyWildcards(recorder)
    return recorder
  }
}

/**
 * As many of a step as can hold a slot of the ERP account or wait for one; more would only queue up. A large account is not
 * worth it: all steps together would reserve more than the thousand that an AWS account has, and whoever comes in vain leaves.
 */
function reservationOf({ slots }: ErpLimits): { readonly reservedConcurrency?: number } {
  const reservedConcurrency = slots + Math.max(2, Math.ceil(slots / 4))
  return reservedConcurrency <= 20 ? { reservedConcurrency } : {}
}
