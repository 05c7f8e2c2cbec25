import { buildSync } from 'esbuild'
import { root } from './synthesized.ts'

/** Which right each command of the SDK needs. */
const actionOf: Readonly<Record<string, string>> = {
  Get: 'dynamodb:GetItem',
  Query: 'dynamodb:Query',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  DescribeExecution: 'states:DescribeExecution',
  StartExecution: 'states:StartExecution',
  SendTaskSuccess: 'states:SendTaskSuccess',
  PutEvents: 'events:PutEvents',
  SendMessage: 'sqs:SendMessage',
  ReceiveMessage: 'sqs:ReceiveMessage',
  DeleteMessageBatch: 'sqs:DeleteMessage',
  ChangeMessageVisibilityBatch: 'sqs:ChangeMessageVisibility',
  GetObject: 's3:GetObject',
  ListObjectsV2: 's3:ListBucket',
  PutObject: 's3:PutObject',
  GetMetricData: 'cloudwatch:GetMetricData',
}

/** A transaction needs the right of each of its parts. Parts are plain objects of functions/aws/table.ts. */
const actionOfPart = {
  put: 'dynamodb:PutItem',
  update: 'dynamodb:UpdateItem',
  remove: 'dynamodb:DeleteItem',
  check: 'dynamodb:ConditionCheckItem',
} as const

/**
 * The rights that a Lambda needs, read from the code that is left when everything it never reaches is shaken off:
 * neither the local cloud nor the simulation knows rights, and an account would tell of a missing one at night.
 * @throws Error for a command that it does not know
 */
export function actionsNeededBy(file: string): string[] {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [file],
    bundle: true,
    packages: 'external',
    // The package's own imports would count as packages.
    alias: { '#domain': './functions/domain', '#aws': './functions/aws', '#connectors': './functions/connectors' },
    format: 'esm',
    platform: 'node',
    write: false,
    logLevel: 'error',
  })
  const text = outputFiles[0]?.text ?? ''
  const actions = new Set<string>()
  for (const [, command = ''] of text.matchAll(/new (\w+?)Command\d*\(/g)) {
    if (command === 'TransactWrite') {
      for (const [part, action] of Object.entries(actionOfPart)) {
        if (new RegExp(`(^|[{,])\\s*${part}: `, 'm').test(text)) actions.add(action)
      }
    } else if (actionOf[command] === undefined) {
      throw new Error(`${file} sends ${command}Command: say here which right that needs`)
    } else {
      actions.add(actionOf[command])
    }
  }
  // What a function says to S3 without its client (functions/aws/clients/payload-bucket.ts).
  for (const [, request] of text.matchAll(/new (GetObject|PutObject)\d*\(/g)) actions.add(`s3:${request}`)
  for (const [, operation] of text.matchAll(/await kms\(\s*"(\w+)"/g)) actions.add(`kms:${operation}`)
  if (text.includes('new SecretsProvider(')) actions.add('secretsmanager:GetSecretValue')
  return [...actions].sort()
}
