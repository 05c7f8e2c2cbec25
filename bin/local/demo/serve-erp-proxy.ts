// The process between the hub and the ERP of the laptop: node serve-erp-proxy.ts URL-OF-THE-ERP STARTER'S-PID. Passes everything on
// as it is, until somebody asks over HTTP for an answer to be lost. It lives as long as the environment, and
// ends with its starter when the environment does not come to be.
import { renameSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from '#domain/schema.ts'
import { type FaultProxy, startFaultProxy } from '../erp/fault-proxy.ts'
import { isAlive, lastLocalEnvironment } from '../state.ts'
import { LostAnswer, proxyFile } from './erp-proxy.ts'

/** The environment is written when its start is over; it may take so long. */
const startTimeoutMs = 15 * 60_000
const watchMs = 500

const [target = '', starter = ''] = process.argv.slice(2)
let proxy: FaultProxy = await startFaultProxy(target)
const port = Number(new URL(proxy.url).port)
const asked: { readonly contains: string; readonly lost: () => number }[] = []

const control = createServer(async (incoming, outgoing) => {
  if (incoming.method === 'POST') {
    const { method, contains } = parse(LostAnswer, JSON.parse(await bodyOf(incoming)), 'The lost answer')
    const lost = countLosses(method, contains)
    asked.push({ contains, lost })
  }
  outgoing.setHeader('content-type', 'application/json')
  outgoing.end(JSON.stringify(asked.map(({ contains, lost }) => ({ contains, lost: lost() }))))
})
control.listen(0, '127.0.0.1', () => {
  const address = control.address()
  if (address === null || typeof address === 'string') throw new Error('The control of the proxy has no port')
  const state = { pid: process.pid, url: proxy.url, control: `http://127.0.0.1:${address.port}`, target }
  writeFileSync(`${proxyFile}.new`, JSON.stringify(state))
  renameSync(`${proxyFile}.new`, proxyFile)
})
await watch()

/** Loses the first answer; the function that is returned tells how often that has happened. */
function countLosses(method: string, contains: string): () => number {
  let losses = 0
  proxy.inject({
    matches: (request) => {
      const isMeant = losses === 0 && request.method === method && request.body.includes(contains)
      if (isMeant) losses += 1
      return isMeant
    },
    fault: { kind: 'lose-answer' },
  })
  return () => losses
}

/**
 * While the ERP is down nobody can connect here either, so that the hub meets what it would meet without the proxy: a
 * refused connection, after which nothing is in doubt.
 */
async function watch(): Promise<never> {
  const giveUpAtMs = Date.now() + startTimeoutMs
  for (let belongs = false; ; ) {
    const environment = lastLocalEnvironment()
    const isMine = environment?.erp.url === target && isAlive(environment.erpPid)
    if (isMine) belongs = true
    else if (belongs || !isAlive(Number(starter)) || Date.now() > giveUpAtMs) process.exit(0)
    if (!(await erpListens())) {
      await proxy.stop()
      while (!(await erpListens()) && isAlive(environment?.erpPid ?? 0)) await sleep(50)
      proxy = await startFaultProxy(target, port)
    }
    await sleep(watchMs)
  }
}

function erpListens(): Promise<boolean> {
  const { hostname, port: erpPort } = new URL(target)
  return new Promise((resolve) => {
    const socket = connect(Number(erpPort), hostname)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  let body = ''
  incoming.setEncoding('utf8')
  for await (const text of incoming) body += String(text)
  return body
}
