import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { parse } from '#domain/schema.ts'

export const root = fileURLToPath(new URL('../../', import.meta.url))
/** Everything that the laptop keeps: virtual environments, the ERP's snapshot, the running environment, logs. */
export const localFolder = join(root, '.local')
const file = join(localFolder, 'environment.json')

/** A running environment on the laptop, as `npm run local` started it. */
export const LocalEnvironment = z.object({
  endpoint: z.url(),
  cloudPid: z.int(),
  erpPid: z.int(),
  erp: z.object({
    url: z.url(),
    database: z.string(),
    login: z.string(),
    password: z.string(),
    admin: z.object({ login: z.string(), password: z.string() }),
  }),
  bus: z.string(),
  table: z.string(),
  deadLetterQueueUrl: z.string(),
  /** Absent in the state of an environment that an older version started. */
  payloadBucket: z.string().optional(),
  sourceBucket: z.string().optional(),
  stateMachineArn: z.string(),
  erpAccount: z.string(),
  /** Source systems whose customers and items were seeded. */
  seeded: z.array(z.string()),
})
export type LocalEnvironment = z.output<typeof LocalEnvironment>

/** The running environment, or undefined when there is none or its processes have ended. */
export function readLocalEnvironment(): LocalEnvironment | undefined {
  if (!existsSync(file)) return undefined
  const environment = parse(LocalEnvironment, JSON.parse(readFileSync(file, 'utf8')), file)
  return isAlive(environment.cloudPid) && isAlive(environment.erpPid) ? environment : undefined
}

/** What the file says, whether its processes run or not: for those who clean up. */
export function lastLocalEnvironment(): LocalEnvironment | undefined {
  return existsSync(file) ? parse(LocalEnvironment, JSON.parse(readFileSync(file, 'utf8')), file) : undefined
}

export function writeLocalEnvironment(environment: LocalEnvironment, folder = localFolder): void {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'environment.json')
  writeFileSync(`${path}.new`, `${JSON.stringify(environment, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

export function forgetLocalEnvironment(): void {
  rmSync(file, { force: true })
}

/** Whether a process that was started for the environment still runs. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** What a client of the local cloud needs in its process environment. */
export function awsVariables(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DEFAULT_ACCOUNT: '000000000000',
    CDK_DEFAULT_REGION: 'us-east-1',
  }
}
