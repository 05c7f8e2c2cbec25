import { setTimeout as sleep } from 'node:timers/promises'
import { CloudFormationClient, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { CloudWatchClient, DeleteAlarmsCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch'
import { DeleteTableCommand, DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb'
import {
  DeleteRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import { DeleteFunctionCommand, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda'
import {
  DeleteStateMachineCommand,
  paginateListExecutions,
  paginateListStateMachines,
  SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { DeleteQueueCommand, paginateListQueues, SQSClient } from '@aws-sdk/client-sqs'

/** One kind of resource: those there are under the prefix, and how one of them goes. */
interface Kind {
  readonly name: string
  readonly list: (prefix: string) => Promise<readonly string[]>
  readonly remove: (id: string) => Promise<unknown>
}

/** Lists and deletions lag behind one another, so it is looked again until nothing is listed any more. */
const patienceMs = 300_000

/**
 * Removes everything that has the prefix, in any order of failures.
 * @returns what is still there when the time is over
 */
export async function removeEverything(region: string, prefix: string, pauseMs = 5_000): Promise<readonly string[]> {
  const kinds = kindsOf(region)
  const giveUpAtMs = Date.now() + patienceMs
  // Twice, since a list may not know yet what was created a moment ago.
  for (let emptyPasses = 0; ; await sleep(pauseMs)) {
    const left = (await Promise.all(kinds.map((kind) => removeKind(kind, prefix)))).flat()
    emptyPasses = left.length === 0 ? emptyPasses + 1 : 0
    if (emptyPasses === 2) return []
    if (Date.now() > giveUpAtMs) return left
  }
}

/** Those that were there, each with the reason if it could not be removed. */
async function removeKind({ name, list, remove }: Kind, prefix: string): Promise<readonly string[]> {
  try {
    const ids = await list(prefix)
    const outcomes = await Promise.allSettled(ids.map((id) => remove(id)))
    return ids.map((id, index) => {
      const outcome = outcomes[index]
      return `${name} ${id}${outcome?.status === 'rejected' ? ` (${outcome.reason})` : ''}`
    })
  } catch (error) {
    return [`any ${name} (${error})`]
  }
}

function kindsOf(region: string): readonly Kind[] {
  const config = { region, maxAttempts: 8 }
  return [
    rules(new EventBridgeClient(config)),
    machines(new SFNClient(config)),
    functions(new LambdaClient(config)),
    queues(new SQSClient(config)),
    alarms(new CloudWatchClient(config)),
    tables(new DynamoDBClient(config)),
    stack(new CloudFormationClient(config)),
  ]
}

function rules(client: EventBridgeClient): Kind {
  return {
    name: 'rule',
    list: async (prefix) => {
      const { Rules = [] } = await client.send(new ListRulesCommand({ NamePrefix: `${prefix}-`, Limit: 100 }))
      return Rules.flatMap(({ Name }) => Name ?? [])
    },
    remove: async (Rule) => {
      const { Targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule }))
      const Ids = Targets.flatMap(({ Id }) => Id ?? [])
      if (Ids.length > 0) await client.send(new RemoveTargetsCommand({ Rule, Ids }))
      await client.send(new DeleteRuleCommand({ Name: Rule }))
    },
  }
}

function machines(client: SFNClient): Kind {
  return {
    name: 'state machine',
    list: async (prefix) => {
      const pages = paginateListStateMachines({ client }, {})
      return (await all(pages, (page) => page.stateMachines))
        .filter(({ name }) => name?.startsWith(`${prefix}-`))
        .flatMap(({ stateMachineArn }) => stateMachineArn ?? [])
    },
    remove: async (stateMachineArn) => {
      // A machine goes when its executions have ended, and some wait for ever.
      const pages = paginateListExecutions({ client }, { stateMachineArn, statusFilter: 'RUNNING' })
      const running = await all(pages, (page) => page.executions)
      for (const { executionArn } of running) await client.send(new StopExecutionCommand({ executionArn }))
      await client.send(new DeleteStateMachineCommand({ stateMachineArn }))
    },
  }
}

function functions(client: LambdaClient): Kind {
  return {
    name: 'function',
    list: async (prefix) =>
      (await all(paginateListFunctions({ client }, {}), (page) => page.Functions))
        .flatMap(({ FunctionName }) => FunctionName ?? [])
        .filter((name) => name.startsWith(`${prefix}-`)),
    remove: (FunctionName) => client.send(new DeleteFunctionCommand({ FunctionName })),
  }
}

function queues(client: SQSClient): Kind {
  return {
    name: 'queue',
    list: async (QueueNamePrefix) => {
      const all: string[] = []
      for await (const page of paginateListQueues(
        { client },
        { QueueNamePrefix: `${QueueNamePrefix}-`, MaxResults: 1000 },
      )) {
        all.push(...(page.QueueUrls ?? []))
      }
      // Those of the stack begin with its name, too, and go with it.
      return all.filter((url) => /-[0-9a-f]{6}-\d+$/.test(url))
    },
    remove: (QueueUrl) => client.send(new DeleteQueueCommand({ QueueUrl })),
  }
}

function alarms(client: CloudWatchClient): Kind {
  return {
    name: 'alarm',
    list: async (prefix) =>
      (
        await all(paginateDescribeAlarms({ client }, { AlarmNamePrefix: `${prefix}-` }), (page) => page.MetricAlarms)
      ).flatMap(({ AlarmName }) => AlarmName ?? []),
    remove: (name) => client.send(new DeleteAlarmsCommand({ AlarmNames: [name] })),
  }
}

function tables(client: DynamoDBClient): Kind {
  return {
    name: 'table',
    list: async (prefix) =>
      (await all(paginateListTables({ client }, {}), (page) => page.TableNames)).filter((name) =>
        name.startsWith(`${prefix}-`),
      ),
    remove: (TableName) => client.send(new DeleteTableCommand({ TableName })),
  }
}

function stack(client: CloudFormationClient): Kind {
  return {
    name: 'stack',
    list: async (prefix) => {
      const answer = await client.send(new DescribeStacksCommand({ StackName: prefix })).catch((error: unknown) => {
        if (error instanceof Error && error.name === 'ValidationError') return { Stacks: [] }
        throw error
      })
      const there = (answer.Stacks ?? []).filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE')
      return there.flatMap(({ StackName }) => StackName ?? [])
    },
    remove: (StackName) => client.send(new DeleteStackCommand({ StackName })),
  }
}

async function all<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<readonly Item[]> {
  const items: Item[] = []
  for await (const page of pages) items.push(...(itemsOf(page) ?? []))
  return items
}
