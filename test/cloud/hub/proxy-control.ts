import { createServer } from 'node:http'
import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import type { FaultProxy } from '../../../bin/local/erp/fault-proxy.ts'

/** A fault as a test asks for it: the first request with this method whose body has this text. */
export const WantedFault = z.object({
  method: z.string(),
  contains: z.string(),
  kind: z.enum(['lose-answer', 'lose-request']),
})
export type WantedFault = z.output<typeof WantedFault>

/** The proxy lives in the process that started the hub, the tests in others: they ask for faults over HTTP. */
export async function startProxyControl(proxy: () => FaultProxy | undefined) {
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      const { method, contains, kind } = parse(WantedFault, JSON.parse(body), 'The wanted fault')
      proxy()?.inject({
        matches: (proxied) => proxied.method === method && proxied.body.includes(contains),
        nth: 1,
        fault: { kind },
      })
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy control has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
