import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { stopLocalCloud } from '../../../bin/local/cloud/local-cloud.ts'
import { type FaultProxy, startFaultProxy } from '../../../bin/local/erp/fault-proxy.ts'
import { stopLocalErp } from '../../../bin/local/erp/local-erp.ts'
import { ownSeed, startLocalEnvironment } from '../../../bin/local/local-environment.ts'
import { type LocalEnvironment, localFolder } from '../../../bin/local/state.ts'
import { startProxyControl } from './proxy-control.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    hub: LocalEnvironment
    /** Where a fault can be put between the hub and the ERP. */
    proxyControl: string
  }
}

/** One environment for all of these tests: its own ports, its own state, short times; gone when they are over. */
export default async function startHub(project: TestProject) {
  const folder = mkdtempSync(join(localFolder, 'test-'))
  let proxy: FaultProxy | undefined
  const hub = await startLocalEnvironment({
    seeds: [ownSeed],
    detached: false,
    configuration: 'local-test',
    folder,
    onProgress: () => {},
    erpUrlFor: async (url) => {
      proxy = await startFaultProxy(url)
      return proxy.url
    },
  })
  const control = await startProxyControl(() => proxy)
  project.provide('hub', hub)
  project.provide('proxyControl', control.url)
  return async () => {
    await control.stop()
    await proxy?.stop()
    await Promise.all([stopLocalCloud(hub.cloudPid), stopLocalErp(hub.erpPid)])
    rmSync(folder, { recursive: true, force: true })
  }
}
