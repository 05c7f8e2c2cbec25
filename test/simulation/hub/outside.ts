import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SFNClient } from '@aws-sdk/client-sfn'
import { SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { payloadBucket } from '#aws/clients/payload-bucket.ts'
import { clock } from '#aws/clock.ts'
import { erp } from '#aws/erp.ts'
import { connectors } from '#connectors/registry.ts'
import type { Broken } from '../broken.ts'
import { type Bus, requestOfBuses } from '../bus.ts'
import type { Database } from '../dynamodb/database.ts'
import { throttled, transactionConflict } from '../dynamodb/errors.ts'
import { connectSimulatedErp } from '../erp/connector.ts'
import type { Profile } from '../erp/profiles.ts'
import { requestOfMachines } from '../machine/commands.ts'
import type { Machines } from '../machine/machines.ts'
import { type Queue, requestOfQueues } from '../queue.ts'
import { abortTimeout, redirectProperty, replaceProperty, type SendSettings, sender, type Undo } from '../replace.ts'
import type { Seam } from '../seam.ts'
import { notKnown } from '../simulation-error.ts'
import type { VirtualTime } from '../virtual-time.ts'
import { requestOfBucket } from './payloads.ts'

export type Outside = {
  readonly time: VirtualTime
  readonly seam: Seam
  readonly profile: Profile
  readonly request: Database['request']
  readonly machines: Machines
  readonly broken: Broken
  readonly buses: readonly Bus[]
  readonly queues: readonly Queue[]
  readonly payloads: Map<string, string>
  readonly fetch: unknown
}

export const silentMetric = {
  addDimension: (_name: string, _value: string): unknown => silentMetric,
  addMetric: (_name: string): unknown => undefined,
}

type Run = {
  readonly profile: Profile
  readonly broken: Broken
  readonly clock: Seam['clock']
  readonly send: Readonly<Record<ClientName, ReturnType<typeof sender>>>
  readonly abortTimeout: ReturnType<typeof abortTimeout>
  readonly fetch: unknown
}

const clients = {
  dynamodb: DynamoDBDocumentClient.prototype,
  states: SFNClient.prototype,
  events: EventBridgeClient.prototype,
  sqs: SQSClient.prototype,
  s3: payloadBucket,
} as const
type ClientName = keyof typeof clients

let run: Run | undefined

redirect()

/** Stands for good between the functions and AWS, the ERP and the time; which history answers is decided at each call. */
function redirect(): void {
  for (const service of ['dynamodb', 'states', 'events', 'sqs', 's3'] as const)
    redirectProperty(clients[service], 'send', () => run?.send[service])
  redirectProperty(clock, 'nowMs', () => run?.clock.nowMs)
  redirectProperty(clock, 'sleep', () => run?.clock.sleep)
  redirectProperty(AbortSignal, 'timeout', () => run?.abortTimeout)
  redirectProperty(globalThis, 'fetch', () => run?.fetch)
  // Silent it is; but it asks the environment for a trace id before it finds that out.
  redirectProperty(Logger.prototype, 'processLogItem', () => run && nothing)
  // A console of its own for each metric costs as much as the step does.
  redirectProperty(Metrics.prototype, 'singleMetric', () => run && (() => silentMetric))
}

function nothing(): void {}

/** Puts the simulation in the place of AWS, the ERP and the time; the answer gives everything back. */
export function replaceOutside(outside: Outside): Undo {
  const { time, seam, machines, broken, buses, queues, request, profile, fetch } = outside
  const passing = (name: string) => () =>
    Object.assign(new Error('Rate exceeded'), { name, $fault: 'client', $metadata: { httpStatusCode: 429 } })
  const refusals = { throttled: passing('ThrottlingException') }
  const requestStates = (command: object) => requestOfMachines(machines, command)
  const through = (service: ClientName, ask: SendSettings['request'], refused: SendSettings['refusals'] = refusals) =>
    sender({ seam, time, service, request: ask, refusals: refused })
  run = {
    profile,
    broken,
    clock: seam.clock,
    send: {
      dynamodb: through('dynamodb', request, { throttled, conflict: () => transactionConflict(2) }),
      states: through('states', broken.states?.(requestStates) ?? requestStates),
      events: through('events', (command) => {
        if (!(command instanceof PutEventsCommand)) throw notKnown(command.constructor.name)
        return requestOfBuses(buses, command)
      }),
      sqs: through('sqs', (command) => requestOfQueues(queues, command)),
      s3: through('s3', (command) => requestOfBucket(outside.payloads, command), { throttled: passing('SlowDown') }),
    },
    abortTimeout: abortTimeout(time),
    fetch,
  }
  return () => {
    run = undefined
  }
}

/** A function reads its secret once and keeps its connector; here that is done before the first history begins. */
export async function connectErp(): Promise<void> {
  connectors.set(
    'simulated',
    connectSimulatedErp(
      () => runNow().profile,
      (plan) => runNow().broken.plan?.(plan) ?? plan,
    ),
  )
  const send = async () => ({ SecretString: JSON.stringify({ url: 'http://erp.sim' }) })
  const undo = replaceProperty(SecretsManagerClient.prototype, 'send', send)
  await erp()
  undo()
}

function runNow(): Run {
  if (run === undefined) throw new Error('No history runs')
  return run
}
