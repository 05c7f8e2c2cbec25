import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { secrets } from '#aws/clients/secrets.ts'
import { applyDroppedSettings } from '../../../bin/local/after-deploy.ts'
import { startLocalCloud } from '../../../bin/local/cloud/local-cloud.ts'
import { deploy, synthesize } from '../../../bin/local/deploy.ts'
import { useLocalCloud } from '../../../bin/local/local-environment.ts'
import { localFolder } from '../../../bin/local/state.ts'
import { readEnvironment } from '../../../lib/environment.ts'

/**
 * A local cloud of its own with the hub deployed in front of the ERP at this URL.
 * @param more another app, and what the functions find in their environment besides
 */
export async function startHub(
  erpUrl: string,
  more: { readonly app?: string; readonly cloud?: Readonly<Record<string, string>> } = {},
) {
  mkdirSync(localFolder, { recursive: true })
  const folder = mkdtempSync(join(localFolder, 'redrive-many-'))
  const cloud = await startLocalCloud(more.cloud && { env: more.cloud })
  const stop = async () => {
    await cloud.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    useLocalCloud(cloud.endpoint)
    const app = more.app ?? fileURLToPath(new URL('app.ts', import.meta.url))
    const assembly = await synthesize('local', join(folder, 'assembly'), app)
    const { PostonceHub: hub, PostonceOrderToCash: process } = await deploy(cloud.endpoint, assembly)
    await applyDroppedSettings(assembly, cloud.endpoint, hub.BusName)
    await secrets.send(
      new CreateSecretCommand({
        Name: readEnvironment('local').erp.secretName,
        SecretString: JSON.stringify({ url: erpUrl }),
      }),
    )
    useLocalCloud(cloud.endpoint, { table: hub.TableName, bus: hub.BusName })
    return {
      folder,
      cloudPid: cloud.pid,
      bus: hub.BusName,
      deadLetterQueueUrl: hub.DeadLetterQueueUrl,
      stateMachineArn: process.StateMachineArn,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
