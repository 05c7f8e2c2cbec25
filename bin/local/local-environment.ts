import { rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { secrets } from '#aws/clients/secrets.ts'
import { putCrossReference, referenceKinds } from '#aws/cross-reference-store.ts'
import { readEnvironment } from '../../lib/environment.ts'
import { applyDroppedSettings } from './after-deploy.ts'
import { startLocalCloud, stopLocalCloud } from './cloud/local-cloud.ts'
import { deploy, synthesize } from './deploy.ts'
import { startLocalErp, stopLocalErp } from './erp/local-erp.ts'
import { seedErp } from './erp/seed.ts'
import {
  awsVariables,
  forgetLocalEnvironment,
  type LocalEnvironment,
  lastLocalEnvironment,
  localFolder,
  root,
  writeLocalEnvironment,
} from './state.ts'

export interface StartOptions {
  /** Folders with customers.csv, products.csv and perhaps suppliers.csv; a folder's name is the source system. */
  readonly seeds: readonly string[]
  /** It outlives this process, until `npm run stop`. */
  readonly detached: boolean
  readonly onProgress: (text: string) => void
  /** A configuration of environments/; `local` when none is given. */
  readonly configuration?: string
  /** Where this environment keeps its state; another one than the user's for tests. */
  readonly folder?: string
  readonly cloudPort?: number
  readonly erpPort?: number
  /** A URL that the functions use for the ERP instead of its own, such as a proxy's. */
  readonly erpUrlFor?: (url: string) => Promise<string>
}

/** The folder of the customers, suppliers and items that the repository ships. */
export const ownSeed = join(root, 'bin', 'local', 'seed', 'shop')

/** Starts the local cloud and the ERP, deploys the hub, and seeds: the whole product on a laptop, from nothing. */
export async function startLocalEnvironment(options: StartOptions): Promise<LocalEnvironment> {
  const { onProgress, detached, configuration = 'local', folder = localFolder } = options
  const assembly = join(folder, 'assembly')
  rmSync(assembly, { recursive: true, force: true })
  onProgress('Starting the local cloud and the ERP …')
  const [cloud, erp] = await startTogether(
    startLocalCloud({ detached, ...(options.cloudPort !== undefined && { port: options.cloudPort }) }),
    startLocalErp({
      stateDir: join(folder, 'erp'),
      fresh: true,
      detached,
      ...(options.erpPort !== undefined && { port: options.erpPort }),
    }),
    synthesize(configuration, assembly),
  )
  try {
    useLocalCloud(cloud.endpoint)
    onProgress('Deploying the hub with the CDK …')
    const { PostonceHub: hub, PostonceOrderToCash: process } = await deploy(cloud.endpoint, assembly)
    await applyDroppedSettings(assembly, cloud.endpoint, hub.BusName)
    const { url, database, login, password, admin } = erp
    await secrets.send(
      new CreateSecretCommand({
        Name: readEnvironment(configuration).erp.secretName,
        SecretString: JSON.stringify({ url: (await options.erpUrlFor?.(url)) ?? url, database, login, password }),
      }),
    )
    const environment: LocalEnvironment = {
      endpoint: cloud.endpoint,
      cloudPid: cloud.pid,
      erpPid: erp.pid,
      erp: { url, database, login, password, admin },
      bus: hub.BusName,
      table: hub.TableName,
      deadLetterQueueUrl: hub.DeadLetterQueueUrl,
      payloadBucket: hub.PayloadBucketName,
      sourceBucket: hub.SourceBucketName,
      stateMachineArn: process.StateMachineArn,
      erpAccount: hub.ErpAccount,
      seeded: [],
    }
    return await seedLocalEnvironment(environment, options.seeds, onProgress, folder)
  } catch (error) {
    await Promise.all([cloud.stop(), erp.stop()])
    throw error
  }
}

/** Waits for all of them; when one fails, what has started is stopped before the failure is told. */
async function startTogether<One extends Stoppable, Other extends Stoppable>(
  one: Promise<One>,
  other: Promise<Other>,
  work: Promise<unknown>,
): Promise<[One, Other]> {
  const started = await Promise.allSettled([one, other, work])
  const failed = started.find((outcome) => outcome.status === 'rejected')
  if (failed === undefined) return [await one, await other]
  for (const outcome of await Promise.allSettled([one, other])) {
    if (outcome.status === 'fulfilled') await outcome.value.stop()
  }
  throw failed.reason
}

interface Stoppable {
  stop(): Promise<void>
}

/** Adds the customers, suppliers and items of folders to the ERP and to the cross-reference; what is there already stays. */
export async function seedLocalEnvironment(
  environment: LocalEnvironment,
  folders: readonly string[],
  onProgress: (text: string) => void,
  stateFolder = localFolder,
): Promise<LocalEnvironment> {
  useLocalCloud(environment.endpoint, environment)
  let seeded = environment.seeded
  for (const folder of folders) {
    const system = basename(resolve(folder))
    onProgress(`Seeding customers, suppliers and items of ${system} …`)
    const seed = await seedErp({ erp: environment.erp, directory: folder, system })
    const seededAs = {
      customer: seed.customers,
      supplier: seed.suppliers,
      item: seed.items,
      tax: seed.taxes,
      'purchase-tax': seed.purchaseTaxes,
    } as const
    for (const kind of referenceKinds) {
      for (const { id, erpId } of seededAs[kind]) {
        await putCrossReference(system, kind, id, environment.erpAccount, erpId)
      }
    }
    for (const line of seed.repaired.slice(0, 3)) onProgress(`  mended: ${line}`)
    if (seed.repaired.length > 3) onProgress(`  mended: ${seed.repaired.length - 3} more rows`)
    for (const line of seed.skipped) onProgress(`  left out: ${line}`)
    seeded = [...new Set([...seeded, system])]
  }
  const changed = { ...environment, seeded }
  writeLocalEnvironment(changed, stateFolder)
  return changed
}

/** Points this process's AWS clients, and what reads the function environment, at the local cloud. */
export function useLocalCloud(endpoint: string, environment?: Pick<LocalEnvironment, 'table' | 'bus'>): void {
  Object.assign(process.env, awsVariables(endpoint))
  if (environment === undefined) return
  Object.assign(process.env, { HUB_TABLE: environment.table, BUS_NAME: environment.bus })
}

/** Ends the environment that was started last, and only its processes. */
export async function stopLocalEnvironment(): Promise<boolean> {
  const environment = lastLocalEnvironment()
  if (environment === undefined) return false
  await Promise.all([stopLocalCloud(environment.cloudPid), stopLocalErp(environment.erpPid)])
  forgetLocalEnvironment()
  return true
}
