import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { awsVariables, localFolder, root } from './state.ts'

const Outputs = z.object({
  PostonceHub: z.looseObject({
    BusName: z.string(),
    TableName: z.string(),
    DeadLetterQueueUrl: z.string(),
    PayloadBucketName: z.string(),
    SourceBucketName: z.string(),
    ErpAccount: z.string(),
    SweeperName: z.string(),
  }),
  PostonceOrderToCash: z.looseObject({ StateMachineArn: z.string() }),
})
export type Deployed = z.output<typeof Outputs>

/**
 * Synthesizes the app for the local cloud; returns the assembly's folder, whose template the checks read.
 * @param app the file of another app than the product's own
 */
export async function synthesize(configuration: string, folder: string, app?: string): Promise<string> {
  const own = app === undefined ? [] : ['--app', `${process.execPath} ${app}`]
  await cdk(['synth', '--quiet', '-c', `environment=${configuration}`, '--output', folder, ...own], {}, 'synth')
  return folder
}

/** `cdk bootstrap` and `cdk deploy` into the local cloud, as into an account. */
export async function deploy(endpoint: string, assembly: string): Promise<Deployed> {
  const variables = awsVariables(endpoint)
  const outputs = join(assembly, 'outputs.json')
  await cdk(['bootstrap', 'aws://000000000000/us-east-1', '--app', assembly], variables, 'bootstrap')
  await cdk(
    [
      'deploy',
      '--all',
      '--app',
      assembly,
      '--require-approval',
      'never',
      '--method',
      'direct',
      '--outputs-file',
      outputs,
    ],
    variables,
    'deploy',
  )
  return parse(Outputs, JSON.parse(readFileSync(outputs, 'utf8')), 'The outputs of the deployment')
}

/** Runs the CDK's own command line; its output is shown only when it fails. */
function cdk(args: readonly string[], variables: Readonly<Record<string, string>>, what: string): Promise<void> {
  mkdirSync(localFolder, { recursive: true })
  const node = join(root, 'node_modules', 'node', 'bin', 'node')
  const child = spawn(node, [join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk'), ...args, '--no-notices', '--ci'], {
    cwd: root,
    env: { ...process.env, ...variables, JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      output += text
    })
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`cdk ${what} failed:\n${output.slice(-4000)}`))
    })
  })
}
