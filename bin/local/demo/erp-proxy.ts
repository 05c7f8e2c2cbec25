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
export const ErpProxy = z.object({ pid: z.int(), url: z.url(), control: z.url(), target: z.url() })
export type ErpProxy = z.output<typeof ErpProxy>

/** Which answer is to be lost: the first one to this RPC method with this text in its request. */
export const LostAnswer = z.object({ method: z.string().min(1), contains: z.string().min(1) })
export type LostAnswer = z.output<typeof LostAnswer>

const startTimeoutMs = 10_000

/**
 * Starts the proxy that stands between the hub and the ERP of the laptop. It passes everything on, until it is told to
 * lose an answer. It ends by itself with the environment.
 * @returns the URL that the hub has to use
 */
export async function startErpProxy(target: string): Promise<string> {
  mkdirSync(localFolder, { recursive: true })
  rmSync(proxyFile, { force: true })
  const program = fileURLToPath(new URL('serve-erp-proxy.ts', import.meta.url))
  const child = spawn(process.execPath, [program, target, String(process.pid)], { detached: true, stdio: 'ignore' })
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

/** Loses the ERP's answer to one request on its way back; the request itself goes through. */
export async function loseAnswer(proxy: ErpProxy, answer: LostAnswer): Promise<void> {
  await ask(proxy, { method: 'POST', body: JSON.stringify(answer) })
}

/** How many answers to requests with this text were lost. */
export async function countLostAnswers(proxy: ErpProxy, contains: string): Promise<number> {
  const lost = await ask(proxy, {})
  return lost.filter((one) => one.contains === contains).reduce((total, one) => total + one.lost, 0)
}

/** Returns when an answer to a request with this text has been lost; if none is in half a minute, the check will say so. */
export async function untilAnswerLost(proxy: ErpProxy, contains: string): Promise<void> {
  const giveUpAtMs = Date.now() + 30_000
  while ((await countLostAnswers(proxy, contains)) === 0 && Date.now() < giveUpAtMs) await sleep(100)
}

async function ask(proxy: ErpProxy, request: RequestInit) {
  const response = await fetch(proxy.control, { ...request, signal: AbortSignal.timeout(5_000) })
  const Lost = z.array(z.object({ contains: z.string(), lost: z.int() }))
  return parse(Lost, await response.json(), 'What the proxy before the ERP has lost')
}
