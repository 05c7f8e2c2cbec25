import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { type Books, createBooks } from '../../simulation/erp/books.ts'
import { profilesWith } from '../../simulation/erp/profiles.ts'
import { answerErp } from '../../simulation/erp/server.ts'

export interface SimulatedErp {
  readonly url: string
  readonly books: Books
  /** When each request came, look-ups included. */
  readonly requestedAtMs: readonly number[]
  stop(): Promise<void>
  /** Again, with the same books at the same place. */
  start(): Promise<void>
}

/** The ERP of the simulation behind a real server, for the functions of a deployed hub. */
export async function startSimulatedErp(): Promise<SimulatedErp> {
  const books = createBooks(profilesWith(0)['natural-key'], Date.now, () => 0)
  const requestedAtMs: number[] = []
  const server = createServer(async (request, response) => {
    const operation = (request.url ?? '').slice(1)
    const body = await text(request)
    requestedAtMs.push(Date.now())
    try {
      response.end(JSON.stringify(answerErp(books, operation, body, Date.now())))
    } catch (error) {
      response.writeHead(500).end(String(error))
    }
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The simulated ERP has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    books,
    requestedAtMs,
    start: () => listen(address.port),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
