import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib'
import { RuleTargetInput } from 'aws-cdk-lib/aws-events'
import { LambdaFunction, SfnStateMachine, SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs'
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { lambdaEntries } from './bundle.ts'
import type { Environment } from './environment.ts'
import { acknowledgeKeyWildcards, machinePrefix } from './failure-recording.ts'
import { FlowRule, flowNamed, flowsThat } from './flow-rule.ts'
import {
  allowErp,
  allowLists,
  allowPayloads,
  allowTable,
  payloadActionsOf,
  readAndWriteCase,
  tableActionsOf,
} from './grants.ts'
import { HubFunction, recorderTimeout, recorderVisibility, retentionOf } from './hub-function.ts'
import type { Hub } from './hub-stack.ts'
import { ProcessAlarms } from './process-alarms.ts'
import { createQueue } from './queue.ts'
import { checkFiles, completeMachine, fileOf, lambdasOf, readMachine } from './state-machine.ts'

export interface ProcessStackProps extends StackProps {
  readonly hub: Hub
  /** Name of the machine's file and of the folder of its steps: `order-to-cash`. */
  readonly process: string
}

/** States whose Lambda talks to the ERP. */
const erpSteps = [
  'CreateSalesOrder',
  'AmendSalesOrder',
  'CancelSalesOrder',
  'CloseSalesOrder',
  'PostGoodsIssue',
  'PostGoodsReturn',
  'CreateCustomerInvoice',
  'CreateCreditNote',
  'PostIncomingPayment',
  'PostOutgoingPayment',
  'AllocatePayment',
]

/** One process: its machine, a Lambda for each step, and the rules that bring its events. */
export class ProcessStack extends Stack {
  readonly machine: StateMachine
  /** The hub's dead letters, as a target of rules; their policy stands in the hub's stack. */
  private readonly deadLetters: IQueue
  private readonly hubEnvironment: Environment
  /** What every function of the process is told. */
  private readonly variables: Readonly<Record<string, string>>

  constructor(scope: Construct, id: string, props: ProcessStackProps) {
    super(scope, id, props)
    const { hub, process } = props
    this.hubEnvironment = hub.environment
    this.deadLetters = Queue.fromQueueArn(this, 'DeadLetters', hub.deadLetters.queueArn)
    this.variables = {
      HUB_TABLE: hub.table.tableName,
      BUS_NAME: hub.bus.eventBusName,
      DEAD_LETTER_QUEUE_URL: hub.deadLetters.queueUrl,
      PAYLOAD_BUCKET: hub.payloads.bucketName,
    }
    const steps = this.createSteps(hub, process)
    this.machine = this.createMachine(hub, process, steps)
    for (const [name, step] of steps) {
      if (name.startsWith('Accept')) this.allowDescribe(step, process)
      if (name.startsWith('Accept') || name === 'AwaitEvent') {
        step.allow(['states:SendTaskSuccess'], [this.arnOf('stateMachine', process)])
      }
    }
    const undelivered = this.createStart(props)
    const signals = this.createSignals(props)
    const sweeper = this.createSweeper(hub, process)
    new ProcessAlarms(this, 'Alarms', {
      hub,
      machine: this.machine,
      rules: this.node.findAll().filter((child) => child instanceof FlowRule),
      others: [undelivered, signals, sweeper],
    })
    new CfnOutput(this, 'StateMachineArn', { value: this.machine.stateMachineArn })
    new CfnOutput(this, 'SweeperName', { value: sweeper.function.functionName })
  }

  /** A Lambda for each `${Name}` of the machine. Throws on a missing file and on one that no state invokes. */
  private createSteps(hub: Hub, process: string): Map<string, HubFunction> {
    const names = lambdasOf(readMachine(process))
    const files = lambdaEntries()
      .filter(({ folder }) => folder === process)
      .map(({ name }) => name)
    checkFiles(process, names, files)
    return new Map(names.map((name) => [name, this.createStep(hub, name)]))
  }

  private createStep(hub: Hub, name: string): HubFunction {
    const writesToErp = erpSteps.includes(name)
    const { erp } = hub.environment
    const step = new HubFunction(this, name, {
      environment: hub.environment,
      file: fileOf(name),
      key: hub.key,
      variables: {
        ...this.variables,
        ERP_ACCOUNT: erp.account,
        ...(writesToErp && { ERP_CONNECTOR: erp.connector, ERP_SECRET: erp.secretName }),
      },
      // The ERP account has one writer slot: more than a few would only queue up before it.
      ...(writesToErp && { reservedConcurrency: 3 }),
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

  private allowDescribe(target: HubFunction, process: string): void {
    const executions = `${machinePrefix}${process}:*`
    target.allow(['states:DescribeExecution'], [this.arnOf('execution', `${process}:*`)])
    const { region = '<AWS::Region>', account = '<AWS::AccountId>' } = this.hubEnvironment
    Validations.of(target).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:${region}:${account}:execution:${executions}]`,
      reason: 'Asks about any execution of the one machine; their names are drawn when they start.',
    })
  }

  /** By name, since a step that referred to the machine that invokes it would be a circle. */
  private arnOf(kind: 'stateMachine' | 'execution', name: string): string {
    return `arn:${this.partition}:states:${this.region}:${this.account}:${kind}:${machinePrefix}${name}`
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
      file: 'start-undelivered',
      key: hub.key,
      timeout: recorderTimeout,
      variables: { ...this.variables, STATE_MACHINE_ARN: this.machine.stateMachineArn },
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
      file: 'record-signal',
      key: hub.key,
      timeout: recorderTimeout,
      variables: { ...this.variables, STATE_MACHINE_ARN: this.machine.stateMachineArn },
    })
    allowTable(recorder, hub, readAndWriteCase)
    allowPayloads(recorder, hub, ['s3:PutObject'])
    // A case that had ended is opened again, and carried on by an execution of its own.
    recorder.allow(['states:SendTaskSuccess', 'states:StartExecution'], [this.machine.stateMachineArn])
    hub.deadLetters.grantSendMessages(recorder.role)
    recorder.function.addEventSource(new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true }))
    acknowledgeKeyWildcards(recorder)
    return recorder
  }

  private createSweeper(hub: Hub, process: string): HubFunction {
    const sweeper = new HubFunction(this, 'SweepCases', {
      environment: hub.environment,
      file: 'sweep-cases',
      key: hub.key,
      timeout: Duration.minutes(5),
      variables: { ...this.variables, STATE_MACHINE_ARN: this.machine.stateMachineArn },
    })
    const actions = readAndWriteCase.filter((action) => action !== 'dynamodb:ConditionCheckItem')
    allowTable(sweeper, hub, actions)
    allowLists(sweeper, hub)
    sweeper.allow(['states:StartExecution', 'states:SendTaskSuccess'], [this.machine.stateMachineArn])
    this.allowDescribe(sweeper, process)
    hub.deadLetters.grantSendMessages(sweeper.role)
    acknowledgeKeyWildcards(sweeper)
    new FlowRule(this, 'Sweep', {
      flows: [flowNamed(hub.flows, `${process}-sweep`)],
      catalog: hub.flows,
      description: 'Finds what nobody else would find.',
      targets: [
        new LambdaFunction(sweeper.function, {
          event: RuleTargetInput.fromObject({}),
          deadLetterQueue: this.deadLetters,
          retryAttempts: 1,
        }),
      ],
    })
    return sweeper
  }
}
