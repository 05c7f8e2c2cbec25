import { readFileSync } from 'node:fs'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import { createDatabase } from '../dynamodb/database.ts'
import { throttled, transactionConflict } from '../dynamodb/errors.ts'
import { type FaultRates, recordFaults, seededFaults } from '../faults.ts'
import { withInvocation } from '../invocation.ts'
import { createMachines } from '../machine/machines.ts'
import { seededRandom } from '../random.ts'
import { replaceSend } from '../replace.ts'
import { createSeam } from '../seam.ts'
import { createVirtualTime } from '../virtual-time.ts'

/** How many histories of 15 states and 60 calls the kit runs in a second: `node test/simulation/kit/rate.ts [histories]`. */
const TableName = 'hub'
const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }))
const definition: unknown = JSON.parse(readFileSync(new URL('rate.asl.json', import.meta.url), 'utf8'))

export type History = {
  readonly status: string
  readonly calls: number
  readonly states: number
  readonly faults: number
  readonly digest: number
}

export async function runHistory(seed: number, rates: FaultRates): Promise<History> {
  const time = createVirtualTime()
  const random = seededRandom(seed)
  const latency = random.fork('latency')
  const plan = recordFaults(seededFaults(random.fork('faults'), rates))
  let calls = 0
  const onCall = () => {
    calls += 1
  }
  const seam = createSeam({ time, plan, latencyMs: () => latency.integer(1, 20), onCall })
  const database = createDatabase({
    tables: [{ name: TableName, keys: { partition: 'pk', sort: 'sk' } }],
    nowMs: time.nowMs,
  })
  const refusals = { throttled, conflict: () => transactionConflict(2) }
  const undo = replaceSend(DynamoDBDocumentClient, {
    seam,
    time,
    service: 'dynamodb',
    request: database.request,
    refusals,
  })
  const machines = createMachines({
    time,
    random: random.fork('machine'),
    transitionMs: () => latency.integer(5, 30),
    invokeLambda: async (functionName, payload) => ({
      payload: await withInvocation(time, { functionName, timeoutMs: 60_000 }, () => step(payload)),
    }),
  })
  const machine = machines.define('rate', definition)
  const execution = machines.start(machine.arn, JSON.stringify({ key: `T${seed}`, n: 0 }))
  await time.run()
  undo()
  return {
    status: execution.now.status,
    calls,
    states: execution.visits.length,
    faults: plan.faults.length,
    digest: time.digest(),
  }
}

/** Reads, claims, queries and writes, as a posting does. */
async function step(payload: unknown): Promise<unknown> {
  const { key, n } = Object(payload)
  const Key = { pk: key, sk: 'CASE' }
  await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }))
  await client.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          Put: {
            TableName,
            Item: { pk: key, sk: `POSTING#${n}`, status: 'claimed', lines: [{ sku: 'a', quantity: '1' }] },
          },
        },
        {
          Update: {
            TableName,
            Key,
            UpdateExpression: 'SET epoch = if_not_exists(epoch, :one)',
            ExpressionAttributeValues: { ':one': 1 },
          },
        },
      ],
    }),
  )
  await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': key, ':sk': 'POSTING#' },
      ConsistentRead: true,
    }),
  )
  await client.send(
    new UpdateCommand({
      TableName,
      Key: { pk: key, sk: `POSTING#${n}` },
      UpdateExpression: 'SET #status = :posted, document = :document',
      ConditionExpression: '#status IN (:claimed, :posted)',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':posted': 'posted', ':claimed': 'claimed', ':document': { id: 7 } },
    }),
  )
  return { key, n: n + 1 }
}

async function measure(histories: number, title: string, rates: FaultRates): Promise<void> {
  const startMs = performance.now()
  const startCpu = process.cpuUsage()
  const sum = { calls: 0, states: 0, faults: 0 }
  for (let seed = 1; seed <= histories; seed++) {
    const { calls, states, faults } = await runHistory(seed, rates)
    sum.calls += calls
    sum.states += states
    sum.faults += faults
  }
  const seconds = (performance.now() - startMs) / 1000
  const { user, system } = process.cpuUsage(startCpu)
  const perCpuSecond = Math.round(histories / ((user + system) / 1e6))
  const each = (total: number) => (total / histories).toFixed(1)
  console.log(
    `${title}: ${Math.round(histories / seconds)} histories/s, ${perCpuSecond} by processor time; each ${each(sum.states)} states, ${each(sum.calls)} calls, ${each(sum.faults)} faults`,
  )
}

if (import.meta.filename === process.argv[1]) {
  const histories = Number(process.argv[2] ?? 1000)
  await measure(histories, 'without faults', {})
  await measure(histories, 'with faults', {
    'crash-before': 0.01,
    'crash-after': 0.01,
    'answer-lost': 0.02,
    throttled: 0.02,
    'frozen-after': 0.005,
  })
}
