import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

/** A request on its way to the ERP. */
export interface ProxiedRequest {
  /** The RPC method, such as `model.sale.sale.create`; empty if the body is no RPC. */
  readonly method: string
  readonly body: string
}

/** What becomes of a request. */
export type Fault =
  /**
   * The ERP gets it and answers; the caller sees its connection break. An answer that `unless` is true of is passed on, and
   * the rule waits for the next request.
   */
  | { readonly kind: 'lose-answer'; readonly unless?: (answer: string) => boolean }
  /** The connection breaks before the ERP gets anything, which the caller cannot tell from a lost answer. */
  | { readonly kind: 'lose-request' }
  /** Something in between answers, and the ERP gets nothing. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** The ERP gets it and answers, and the answer is changed on its way back. */
  | { readonly kind: 'rewrite'; readonly rewrite: (body: string) => string }
  /** The caller dies so long after it has sent: both connections break, whatever the ERP has got or answered by then. */
  | { readonly kind: 'hang-up'; readonly afterMs: number }
  /** The connection breaks at once, and the ERP gets the request only so long after: something in between held it back. */
  | { readonly kind: 'late'; readonly afterMs: number }
  /** The ERP gets it; then this happens while it works, and its answer is lost. */
  | { readonly kind: 'meanwhile'; readonly run: () => void }

export interface FaultRule {
  readonly matches: (request: ProxiedRequest) => boolean
  /** Which of the matching requests, from 1; every one when absent. */
  readonly nth?: number
  readonly fault: Fault
}

export interface FaultProxy {
  readonly url: string
  /** How often each RPC method was asked for. */
  readonly counts: ReadonlyMap<string, number>
  /** Adds a rule; the function that is returned takes it away and tells how often it applied. */
  inject(rule: FaultRule): () => number
  stop(): Promise<void>
}

interface Entry {
  readonly rule: FaultRule
  seen: number
  applied: number
}

/** Stands between the hub and the ERP on 127.0.0.1, and breaks what it is told to break. */
export async function startFaultProxy(target: string, port = 0): Promise<FaultProxy> {
  const rules = new Set<Entry>()
  const counts = new Map<string, number>()
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      const proxied = { method: methodOf(body), body: body.toString() }
      counts.set(proxied.method, (counts.get(proxied.method) ?? 0) + 1)
      pass(target, incoming, body, outgoing, entryFor(proxied))
    })
  })

  function entryFor(proxied: ProxiedRequest): Entry | undefined {
    for (const entry of rules) {
      if (!entry.rule.matches(proxied)) continue
      entry.seen += 1
      if (entry.rule.nth !== undefined && entry.seen !== entry.rule.nth) continue
      entry.applied += 1
      return entry
    }
    return undefined
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The fault proxy has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    counts,
    inject: (rule) => {
      const entry = { rule, seen: 0, applied: 0 }
      rules.add(entry)
      return () => {
        rules.delete(entry)
        return entry.applied
      }
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function pass(
  target: string,
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  entry: Entry | undefined,
): void {
  const fault = entry?.rule.fault
  if (fault?.kind === 'lose-request') return void outgoing.destroy()
  if (fault?.kind === 'answer') return void outgoing.writeHead(fault.status).end(fault.body)
  if (fault?.kind === 'late') {
    outgoing.destroy()
    return void setTimeout(() => pass(target, incoming, body, outgoing, undefined), fault.afterMs)
  }
  const url = new URL(incoming.url ?? '/', target)
  // What the ERP's answer is compressed with matters to the rewriting, and nothing is gained by it here.
  const headers = { ...incoming.headers, host: url.host, 'accept-encoding': 'identity' }
  const forwarded = request(url, { method: incoming.method, headers }, (answer) => {
    const chunks: Buffer[] = []
    answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    answer.on('error', () => outgoing.destroy())
    answer.on('end', () => {
      const text = Buffer.concat(chunks)
      const isSpared = fault?.kind === 'lose-answer' && fault.unless?.(text.toString())
      if (isSpared && entry) {
        entry.seen -= 1
        entry.applied -= 1
      } else if (fault?.kind === 'lose-answer' || fault?.kind === 'meanwhile' || fault?.kind === 'hang-up')
        return outgoing.destroy()
      const {
        'content-length': _length,
        'transfer-encoding': _encoding,
        connection: _connection,
        // Tryton says gzip of what it streams, also when it does not compress it (trytond/protocols/jsonrpc.py).
        'content-encoding': _compression,
        ...rest
      } = answer.headers
      outgoing.writeHead(answer.statusCode ?? 502, rest)
      outgoing.end(fault?.kind === 'rewrite' ? fault.rewrite(text.toString()) : text)
    })
  })
  forwarded.on('error', () => outgoing.destroy())
  forwarded.end(body)
  if (fault?.kind === 'meanwhile') fault.run()
  if (fault?.kind === 'hang-up') {
    setTimeout(() => {
      forwarded.destroy()
      outgoing.destroy()
    }, fault.afterMs)
  }
}

function methodOf(body: Buffer): string {
  try {
    const method: unknown = Reflect.get(Object(JSON.parse(body.toString())), 'method')
    return typeof method === 'string' ? method : ''
  } catch {
    return ''
  }
}
