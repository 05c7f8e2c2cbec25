import type { Command } from 'commander'
import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { awsVariables, readLocalEnvironment } from '../local/state.ts'
import { CommandError } from './terminal/explain.ts'

/** Where the commands work: what the functions of that deployment are told as well. */
export interface ConnectedEnvironment {
  readonly name: string
  readonly table: string
  readonly bus: string
  readonly erpAccount: string
  /** Undefined where HUB_TABLE names the place and DEAD_LETTER_QUEUE_URL is not set. */
  readonly deadLetterQueueUrl: string | undefined
  /** Sources whose customers and items are known to be there; of an account, none are. */
  readonly sources: readonly string[]
}

const Outputs = z.object({
  BusName: z.string(),
  TableName: z.string(),
  ErpAccount: z.string(),
  DeadLetterQueueUrl: z.string(),
  PayloadBucketName: z.string(),
})

/** The options that every verb has; some write what is for programs to a file. */
export function withEnvironment(command: Command, json = '--json'): Command {
  return command
    .option(
      '-e, --environment <name>',
      'local, or any other name for the account of your AWS credentials (default: HUB_TABLE and BUS_NAME if set, else local)',
    )
    .option(json, 'for programs', false)
}

/**
 * Points the clients of this process at the environment: the laptop's, what HUB_TABLE and BUS_NAME name, or what the
 * outputs of the stack PostonceHub say in the account of the ordinary AWS credentials.
 */
export async function connect(name: string | undefined): Promise<ConnectedEnvironment> {
  const { HUB_TABLE: table, BUS_NAME: bus, ERP_ACCOUNT: erpAccount = 'tryton' } = process.env
  const { DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl } = process.env
  if (name === undefined && table && bus) {
    return use({ name: 'HUB_TABLE', table, bus, erpAccount, deadLetterQueueUrl, sources: [] })
  }
  if (name === undefined || name === 'local') return connectLocal()
  const outputs = await readOutputs()
  process.env.PAYLOAD_BUCKET = outputs.PayloadBucketName
  return use({
    name,
    table: outputs.TableName,
    bus: outputs.BusName,
    erpAccount: outputs.ErpAccount,
    deadLetterQueueUrl: outputs.DeadLetterQueueUrl,
    sources: [],
  })
}

function connectLocal(): ConnectedEnvironment {
  const local = readLocalEnvironment()
  if (local === undefined) {
    throw new CommandError(
      'No environment is running: npm run local starts one. For an account, name it: --environment prod.',
    )
  }
  Object.assign(process.env, awsVariables(local.endpoint))
  const { table, bus, erpAccount, deadLetterQueueUrl, seeded, payloadBucket } = local
  if (payloadBucket !== undefined) process.env.PAYLOAD_BUCKET = payloadBucket
  return use({ name: 'local', table, bus, erpAccount, deadLetterQueueUrl, sources: seeded })
}

async function readOutputs(): Promise<z.output<typeof Outputs>> {
  // Loaded only here: it is needed for accounts alone.
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation')
  const { Stacks = [] } = await new CloudFormationClient({}).send(
    new DescribeStacksCommand({ StackName: 'PostonceHub' }),
  )
  const outputs = Stacks[0]?.Outputs ?? []
  const values = Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue]))
  return parse(Outputs, values, 'The outputs of the stack PostonceHub')
}

/**
 * The queue of dead letters of the environment.
 * @throws CommandError when nothing says which it is
 */
export function deadLettersOf({ deadLetterQueueUrl }: ConnectedEnvironment): string {
  if (deadLetterQueueUrl !== undefined) return deadLetterQueueUrl
  throw new CommandError(
    'HUB_TABLE names the environment; set DEAD_LETTER_QUEUE_URL to its queue of dead letters, too.',
  )
}

function use(environment: ConnectedEnvironment): ConnectedEnvironment {
  Object.assign(process.env, { HUB_TABLE: environment.table, BUS_NAME: environment.bus })
  return environment
}
