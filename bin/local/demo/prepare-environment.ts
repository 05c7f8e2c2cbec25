import {
  ownSeed,
  seedLocalEnvironment,
  startLocalEnvironment,
  stopLocalEnvironment,
  useLocalCloud,
} from '../local-environment.ts'
import { type LocalEnvironment, readLocalEnvironment } from '../state.ts'
import { type ErpProxy, readErpProxy, startErpProxy } from './erp-proxy.ts'

/**
 * The running environment with the shop's customers and items, or a new one.
 * @throws Error when it runs without the proxy that loses an answer of the ERP
 */
export async function prepareEnvironment(
  onProgress: (text: string) => void,
): Promise<{ readonly environment: LocalEnvironment; readonly proxy: ErpProxy }> {
  const environment = await runningEnvironment(onProgress)
  useLocalCloud(environment.endpoint, environment)
  const proxy = readErpProxy(environment.erp.url)
  if (proxy === undefined) {
    throw new Error(
      'The environment that is running has no proxy before its ERP, which the demo needs to lose an answer. npm run stop, then npm run demo.',
    )
  }
  return { environment, proxy }
}

async function runningEnvironment(onProgress: (text: string) => void): Promise<LocalEnvironment> {
  const running = readLocalEnvironment()
  if (running === undefined) {
    await stopLocalEnvironment()
    return await startLocalEnvironment({ seeds: [ownSeed], detached: true, onProgress, erpUrlFor: startErpProxy })
  }
  onProgress('Using the environment that is running.')
  return running.seeded.includes('shop') ? running : await seedLocalEnvironment(running, [ownSeed], onProgress)
}
