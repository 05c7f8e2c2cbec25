import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from '../../lib/temporary-folder.ts'

export const root = fileURLToPath(new URL('../../', import.meta.url))
const cache = join(root, 'node_modules', '.cache', 'postonce-topology')
const inputs = [
  'bin/app.ts',
  'cdk.json',
  'environments',
  'functions',
  'lib',
  'mappings',
  'package-lock.json',
  'state-machines',
]

/** A synthesis takes some ten seconds, and many times that where everything else is tried beside it. */
const timeoutMs = 300_000

export type EnvironmentName = 'prod' | 'local'

/**
 * What `npx cdk synth` writes for an environment, for someone without AWS credentials. The test files run in processes of
 * their own, so the first that asks synthesizes both environments and leaves the result for the others under the hash of
 * everything that it was made of.
 * @returns the folder with the templates, their metadata and validation-report.json
 */
export async function synthesized(environment: EnvironmentName): Promise<string> {
  const folder = join(cache, hashOf(inputs.map((input) => join(root, input))))
  const lock = `${folder}.lock`
  for (let waitedMs = 0; !existsSync(folder); waitedMs += 100) {
    if (waitedMs > timeoutMs)
      throw new Error(`Another test has synthesized for ${timeoutMs} ms. Remove ${lock} if none runs.`)
    if (!takeLock(lock)) {
      await setTimeout(100)
      continue
    }
    try {
      // Between the look and the lock another may have finished.
      if (!existsSync(folder)) await synthesizeBoth(folder)
    } finally {
      rmSync(lock, { recursive: true, force: true })
    }
  }
  return join(folder, environment)
}

async function synthesizeBoth(folder: string): Promise<void> {
  for (const name of readdirSync(cache)) {
    const old = join(cache, name)
    if (Date.now() - statSync(old).mtimeMs > 3_600_000) rmSync(old, { recursive: true, force: true })
  }
  const partial = `${folder}.partial`
  rmSync(partial, { recursive: true, force: true })
  await Promise.all([synthesize('prod', partial), synthesize('local', partial)])
  renameSync(partial, folder)
}

function takeLock(lock: string): boolean {
  mkdirSync(cache, { recursive: true })
  const stale = statSync(lock, { throwIfNoEntry: false })
  if (stale !== undefined && Date.now() - stale.mtimeMs > timeoutMs) rmSync(lock, { recursive: true, force: true })
  try {
    mkdirSync(lock)
    return true
  } catch {
    return false
  }
}

async function synthesize(environment: EnvironmentName, folder: string): Promise<void> {
  const scratch = temporaryFolder('synth')
  const output = join(scratch, 'cdk.out')
  try {
    await promisify(execFile)(
      process.execPath,
      [
        join(root, 'node_modules/aws-cdk/bin/cdk'),
        'synth',
        '--quiet',
        '--no-notices',
        '--output',
        output,
        '-c',
        `environment=${environment}`,
      ],
      // No AWS_* variable and a home without ~/.aws: whoever reads the templates needs no account.
      {
        cwd: root,
        timeout: timeoutMs,
        env: {
          PATH: process.env.PATH,
          HOME: scratch,
          CDK_DISABLE_CLI_TELEMETRY: 'true',
          // CloudFormation's own rules take seconds; what they say of an account's templates is enough.
          CDK_VALIDATION: String(environment === 'prod'),
          AWS_EC2_METADATA_DISABLED: 'true',
        },
      },
    )
    for (const asset of readdirSync(output).filter((name) => name.startsWith('asset.'))) {
      rmSync(join(output, asset), { recursive: true })
    }
    cpSync(output, join(folder, environment), { recursive: true })
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256').update(process.version)
  const add = (path: string) => {
    if (statSync(path).isFile()) hash.update(path).update(readFileSync(path))
    else for (const name of readdirSync(path).sort()) add(join(path, name))
  }
  for (const path of paths) add(path)
  return hash.digest('hex').slice(0, 16)
}
