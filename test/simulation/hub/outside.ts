import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SFNClient } from '@aws-sdk/client-sfn'
import { SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
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
import { replaceAbortTimeout, replaceProperty, replaceSend, type Undo } from '../replace.ts'
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

const silentMetric = { addDimension: () => silentMetric, addMetric: () => undefined }

let run: Pick<Outside, 'profile' | 'broken'> | undefined

/** Puts the simulation in the place of AWS, the ERP and the time; the answer gives everything back. */
export function replaceOutside(outside: Outside): Undo {
  const { time, seam, machines, broken, buses, queues, request } = outside
  const passing = (name: string) => () =>
    Object.assign(new Error('Rate exceeded'), { name, $fault: 'client', $metadata: { httpStatusCode: 429 } })
  const refusals = { throttled: passing('ThrottlingException') }
  const { nowMs, sleep } = clock
  run = outside
  const requestStates = (command: object) => requestOfMachines(machines, command)
  Object.assign(clock, seam.clock)
  const undo = [
    replaceSend(DynamoDBDocumentClient, {
      seam,
      time,
      service: 'dynamodb',
      request,
      refusals: { throttled, conflict: () => transactionConflict(2) },
    }),
    replaceSend(SFNClient, {
      seam,
      time,
      service: 'states',
      request: broken.states?.(requestStates) ?? requestStates,
      refusals,
    }),
    replaceSend(EventBridgeClient, {
      seam,
      time,
      service: 'events',
      request: (command) => {
        if (!(command instanceof PutEventsCommand)) throw notKnown(command.constructor.name)
        return requestOfBuses(buses, command)
      },
      refusals,
    }),
    replaceSend(SQSClient, {
      seam,
      time,
      service: 'sqs',
      request: (command) => requestOfQueues(queues, command),
      refusals,
    }),
    replaceSend(S3Client, {
      seam,
      time,
      service: 's3',
      request: (command) => requestOfBucket(outside.payloads, command),
      refusals: { throttled: passing('SlowDown') },
    }),
    // Silent it is; but it asks the environment for a trace id before it finds that out.
    replaceProperty(Logger.prototype, 'processLogItem', () => undefined),
    // A console of its own for each metric costs as much as the step does.
    replaceProperty(Metrics.prototype, 'singleMetric', () => silentMetric),
    replaceAbortTimeout(time),
    replaceProperty(globalThis, 'fetch', outside.fetch),
    () => Object.assign(clock, { nowMs, sleep }),
  ]
  return () => {
    for (const one of undo) one()
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

function runNow(): Pick<Outside, 'profile' | 'broken'> {
  if (run === undefined) throw new Error('No history runs')
  return run
}
