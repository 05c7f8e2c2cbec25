import { isDeepStrictEqual } from 'node:util'
import {
  CreateTableCommand,
  DynamoDBClient,
  DynamoDBServiceException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { isRecord } from '../json.ts'
import { type Case, cases } from './cases.ts'

/**
 * Asks a real table the cases that the database in memory answers: `node test/simulation/dynamodb/referee.ts URL`, the
 * URL of the local cloud, of DynamoDB Local, or none for an account. Prints where they differ.
 */
export async function askReferee(endpoint: string | undefined): Promise<string[]> {
  const plain = new DynamoDBClient({ region: 'us-east-1', ...(endpoint !== undefined && { endpoint }) })
  const client = DynamoDBDocumentClient.from(plain)
  const table = `referee-${Date.now()}`
  await plain.send(new CreateTableCommand(tableOf(table)))
  const differences: string[] = []
  for (const one of cases) {
    const difference = await ask(client, table, one)
    if (difference !== undefined) differences.push(`${one.title}: ${difference}`)
    for (const item of await itemsOf(client, table)) {
      await client.send(new DeleteCommand({ TableName: table, Key: { pk: item.pk, sk: item.sk } }))
    }
  }
  return differences
}

async function ask(
  client: DynamoDBDocumentClient,
  table: string,
  { given = [], when, outcome }: Case,
): Promise<string | undefined> {
  for (const Item of given) await client.send(new PutCommand({ TableName: table, Item }))
  const { error, message, reasons, output } = await attempt(client, when(table))
  if (error !== outcome.error) return `expected ${outcome.error ?? 'no error'}, was ${error ?? 'none'} ${message ?? ''}`
  if (outcome.reasons && !isDeepStrictEqual(reasons, outcome.reasons)) return `reasons were ${JSON.stringify(reasons)}`
  const part = Object.fromEntries(
    Object.keys(outcome.output ?? {}).map((name) => [name, isRecord(output) ? output[name] : undefined]),
  )
  if (outcome.output && !isDeepStrictEqual(part, outcome.output)) return `answered ${JSON.stringify(part)}`
  const items = await itemsOf(client, table)
  if (outcome.items && !isDeepStrictEqual(items, outcome.items)) return `left ${JSON.stringify(items)}`
  return undefined
}

async function attempt(client: DynamoDBDocumentClient, command: object) {
  try {
    const output: unknown = await Reflect.apply(client.send, client, [command])
    return { output }
  } catch (error) {
    if (!(error instanceof DynamoDBServiceException)) throw error
    const reasons =
      error instanceof TransactionCanceledException ? error.CancellationReasons?.map(({ Code }) => Code) : undefined
    return { error: error.name, message: error.message, reasons }
  }
}

async function itemsOf(client: DynamoDBDocumentClient, table: string) {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }))
  return Items
}

function tableOf(TableName: string) {
  const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType })
  const attribute = (AttributeName: string, AttributeType: 'S' | 'N') => ({ AttributeName, AttributeType })
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST' as const,
    KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
    AttributeDefinitions: [attribute('pk', 'S'), attribute('sk', 'S'), attribute('status', 'S'), attribute('age', 'N')],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byStatus',
        KeySchema: [key('status', 'HASH'), key('age', 'RANGE')],
        Projection: { ProjectionType: 'ALL' as const },
      },
    ],
  }
}

if (import.meta.filename === process.argv[1]) {
  const differences = await askReferee(process.argv[2])
  for (const difference of differences) console.log(difference)
  console.log(`${cases.length - differences.length} of ${cases.length} cases agree`)
  process.exitCode = differences.length === 0 ? 0 : 1
}
