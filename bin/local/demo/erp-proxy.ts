import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { isAlive, localFolder } from '../state.ts'

/** Where the proxy says who it is. */
export const proxyFile = join(localFolder, 'erp-proxy.json')
export const ErpProxy = z.object({ pid: z.int(), url: z.url(), target: z.url() })
export type ErpProxy = z.output<typeof ErpProxy>

const startTimeoutMs = 10_000

/**
 * Starts the proxy that stands between the hub and the ERP of the laptop. It passes everything on, until it is told to
 * cut an answer off. It ends by itself with the environment.
 * @returns the URL that the hub has to use
 */
export async function startErpProxy(target: string): Promise<string> {
  mkdirSync(localFolder, { recursive: true })
  rmSync(proxyFile, { force: true })
  const program = fileURLToPath(new URL('serve-erp-proxy.ts', import.meta.url))
  const child = spawn(process.execPath, [program, target], { detached: true, stdio: 'ignore' })
  child.unref()
  const giveUpAtMs = Date.now() + startTimeoutMs
  while (Date.now() < giveUpAtMs) {
    const proxy = readErpProxy(target)
    if (proxy !== undefined) return proxy.url
    await sleep(25)
  }
  throw new Error('The proxy between the hub and the ERP did not start')
}

/** The running proxy before this ERP, or undefined. */
export function readErpProxy(target: string): ErpProxy | undefined {
  if (!existsSync(proxyFile)) return undefined
  const proxy = parse(ErpProxy, JSON.parse(readFileSync(proxyFile, 'utf8')), proxyFile)
  return proxy.target === target && isAlive(proxy.pid) ? proxy : undefined
}

/** Cuts off the ERP's answer to the next request that holds all of these texts; the request itself goes through. */
export async function cutNextAnswer(proxy: ErpProxy, texts: readonly string[]): Promise<void> {
  await control(proxy, { method: 'POST', body: JSON.stringify({ texts }) })
}

/** How many answers to requests with these texts were cut off. */
export async function countCuts(proxy: ErpProxy, texts: readonly string[]): Promise<number> {
  const Cuts = z.array(z.array(z.string()))
  const cuts = parse(Cuts, await (await control(proxy, {})).json(), 'What the proxy has cut off')
  return cuts.filter((cut) => JSON.stringify(cut) === JSON.stringify(texts)).length
}

async function control(proxy: ErpProxy, request: RequestInit): Promise<Response> {
  const response = await fetch(`${proxy.url}/_cuts`, { ...request, signal: AbortSignal.timeout(5_000) })
  if (!response.ok) throw new Error(`The proxy before the ERP answers ${response.status}`)
  return response
}
