import { join } from 'node:path'
import { Duration, RemovalPolicy, Size, Validations } from 'aws-cdk-lib'
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { bundleFunctions } from './bundle.ts'
import { type Environment, slotWaitSeconds } from './environment.ts'

/** Those who record what a queue brings are quick; AWS asks for a visibility of at least six times their time-out. */
export const recorderTimeout = Duration.seconds(10)
/** Also how long a message waits when its recorder dies with it. */
export const recorderVisibility = Duration.seconds(60)

export interface HubFunctionProps {
  readonly environment: Environment
  /** The file's folder and name without its ending: `order-to-cash/create-sales-order`. */
  readonly file: string
  readonly key: IKey
  /** Environment variables besides those that every function has. */
  readonly variables: Readonly<Record<string, string>>
  readonly memoryMb?: number
  /** What lies in its temporary folder; without it, 512. */
  readonly diskMb?: number
  readonly timeout?: Duration
  /** At most so many at once. Keeps a backlog from queueing up inside of functions before a slot that admits one. */
  readonly reservedConcurrency?: number
}

/** A Lambda with a role and a log group of its own, which may do nothing until it is granted. */
export class HubFunction extends Construct {
  readonly function: LambdaFunction
  readonly role: Role

  constructor(scope: Construct, id: string, props: HubFunctionProps) {
    super(scope, id)
    const { environment } = props
    const logGroup = new LogGroup(this, 'Logs', {
      retention: retentionOf(environment.retention.logDays),
      encryptionKey: props.key,
      removalPolicy: environment.retention.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    })
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    logGroup.grantWrite(this.role)
    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(join(bundleFunctions(), props.file)),
      handler: 'index.handler',
      memorySize: props.memoryMb ?? 512,
      ...(props.diskMb !== undefined && { ephemeralStorageSize: Size.mebibytes(props.diskMb) }),
      timeout: props.timeout ?? Duration.seconds(environment.times.lambdaTimeoutSeconds),
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      environmentEncryption: props.key,
      environment: {
        POWERTOOLS_SERVICE_NAME: 'postonce',
        POWERTOOLS_METRICS_NAMESPACE: 'Postonce',
        NODE_OPTIONS: '--disable-warning=DEP0169',
        BODY_DAYS: String(environment.retention.bodyDays),
        ...timesOf(environment),
        ...props.variables,
      },
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
    })
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray has no resources to restrict PutTraceSegments to.',
    })
  }

  /** Lets the function do exactly this. */
  allow(actions: readonly string[], resources: readonly string[]): this {
    this.role.addToPolicy(
      new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources] }),
    )
    return this
  }
}

function timesOf({ times }: Environment): Record<string, string> {
  const ms = (seconds: number) => String(seconds * 1000)
  return {
    CLIENT_TIMEOUT_MS: ms(times.clientTimeoutSeconds),
    LEASE_MS: ms(times.leaseSeconds),
    SETTLE_MS: ms(times.settleSeconds),
    SKEW_MS: ms(times.skewSeconds),
    SLOT_WAIT_MS: ms(slotWaitSeconds),
    DEADLINE_MS: ms(times.deadlineSeconds),
    PARKED_MS: ms(times.parkedSeconds),
    SILENT_MS: ms(times.silentSeconds),
  }
}

/** CloudWatch keeps logs only for certain numbers of days. */
export function retentionOf(days: number): RetentionDays {
  const allowed = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653]
  if (!allowed.includes(days)) throw new Error(`retention.logDays ${days} is not one of ${allowed.join(', ')}`)
  return days
}
