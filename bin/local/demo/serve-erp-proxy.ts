// The process between the hub and the ERP of the laptop: node serve-erp-proxy.ts URL-OF-THE-ERP. Passes everything on
// as it is; an answer that it was told to cut off is lost on its way back, as a broken connection loses it.
import { renameSync, writeFileSync } from 'node:fs'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { isAlive, lastLocalEnvironment } from '../state.ts'
import { proxyFile } from './erp-proxy.ts'

const [target = ''] = process.argv.slice(2)
const { hostname, port: targetPort } = new URL(target)
const agent = new Agent({ keepAlive: true })
/** What is to be cut off next, and what was. */
const wanted: (readonly string[])[] = []
const made: (readonly string[])[] = []

const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('error', () => outgoing.destroy())
  incoming.on('end', () => {
    const body = Buffer.concat(chunks)
    if (incoming.url === '/_cuts') answerControl(incoming, outgoing, body)
    else passOn(incoming, outgoing, body)
  })
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port')
  const state = { pid: process.pid, url: `http://127.0.0.1:${address.port}`, target }
  writeFileSync(`${proxyFile}.new`, JSON.stringify(state))
  renameSync(`${proxyFile}.new`, proxyFile)
})

function answerControl(incoming: IncomingMessage, outgoing: ServerResponse, body: Buffer): void {
  if (incoming.method === 'POST') {
    wanted.push(parse(z.object({ texts: z.array(z.string()).min(1) }), JSON.parse(body.toString()), 'The cut').texts)
  }
  outgoing.setHeader('content-type', 'application/json')
  outgoing.end(JSON.stringify(made))
}

function passOn(incoming: IncomingMessage, outgoing: ServerResponse, body: Buffer): void {
  const text = wanted.length > 0 ? body.toString() : ''
  const cut = wanted.find((texts) => texts.every((one) => text.includes(one)))
  const { method, url: path, headers } = incoming
  const upstream = request({ host: hostname, port: targetPort, method, path, headers, agent }, (answer) => {
    const chunks: Buffer[] = []
    answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    answer.on('error', () => outgoing.destroy())
    answer.on('end', () => {
      if (cut !== undefined && wanted.includes(cut)) {
        wanted.splice(wanted.indexOf(cut), 1)
        made.push(cut)
        outgoing.destroy()
        return
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      outgoing.end(Buffer.concat(chunks))
    })
  })
  upstream.on('error', (error) => {
    outgoing.destroy()
    if ('code' in error && error.code === 'ECONNREFUSED') void closeUntilErpIsBack()
  })
  // A client that has given up must not leave the ERP's answer waiting for nobody.
  outgoing.on('close', () => upstream.destroy())
  upstream.end(body)
}

let isClosed = false

/** While the ERP is down nobody can connect here either, so that the hub meets what it would meet without the proxy. */
async function closeUntilErpIsBack(): Promise<void> {
  const address = server.address()
  if (isClosed || address === null || typeof address === 'string') return
  isClosed = true
  server.close()
  server.closeAllConnections()
  while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 50))
  server.listen(address.port, '127.0.0.1')
  isClosed = false
}

function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(targetPort), hostname)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** The environment is written when its start is over; from then on the proxy lives as long as it. */
const giveUpAtMs = Date.now() + 15 * 60_000
let belongs = false
setInterval(() => {
  const environment = lastLocalEnvironment()
  const isMine = environment?.erp.url === target && isAlive(environment.erpPid)
  if (isMine) belongs = true
  else if (belongs || Date.now() > giveUpAtMs) process.exit(0)
}, 1_000)
