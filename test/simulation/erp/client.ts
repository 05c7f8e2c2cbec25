import type { ErpGate, SendOutcome } from '#connectors/port.ts'
import type { ErpRecord } from '#connectors/records-port.ts'
import { ErpBusyError, RetryableError } from '#domain/errors.ts'
import {
  type FindReply,
  FindReply as FindReplySchema,
  type FindRequest,
  type Numbered,
  ReadReply,
  RecordsReply,
  type RecordsRequest,
  Reply,
  type WriteRequest,
} from './wire.ts'

/** How the connector reaches the simulated ERP: one request, one outcome, in the words of the port. */
export type ErpClient = {
  /** @returns the id besides, where the answer names one: a document that is known by its id is read at once */
  write(request: WriteRequest): Promise<{ readonly outcome: SendOutcome; readonly id?: string }>
  find(request: FindRequest): Promise<FindReply>
  read(kind: string, id: string): Promise<readonly Numbered[]>
  records(request: RecordsRequest): Promise<readonly ErpRecord[]>
}

export function createClient(url: string, clientTimeoutMs: number, gate?: ErpGate): ErpClient {
  const post = async (path: string, body: unknown) => {
    await gate?.beforeCall()
    try {
      const response = await fetch(`${url}/${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(clientTimeoutMs),
      })
      await gate?.after({ kind: response.status === 429 ? 'throttled' : response.status === 503 ? 'down' : 'up' })
      return response
    } catch (error) {
      await gate?.after({ kind: neverConnected(error) ? 'down' : 'no-answer' })
      throw error
    }
  }

  return {
    write: async (request) => {
      let status: number
      let reply: Reply
      try {
        const response = await post(request.operation, request)
        status = response.status
        if (status === 429) return { outcome: { kind: 'not-applied', cause: new Error('429') } }
        // A gateway says 503, and it does not know.
        if (status !== 200) return { outcome: { kind: 'no-answer', cause: new Error(String(status)) } }
        reply = Reply.parse(await response.json())
      } catch (cause) {
        const isSent = !(cause instanceof ErpBusyError) && !neverConnected(cause)
        return { outcome: { kind: isSent ? 'no-answer' : 'not-applied', cause } }
      }
      if (reply.said === 'applied') return { outcome: { kind: 'answered' }, id: reply.id }
      if (reply.said !== 'refused') return { outcome: { kind: reply.said } }
      const { code, owner } = reply
      return { outcome: { kind: 'refused', refusal: { code, message: `The ERP says ${code}`, owner } } }
    },
    read: async (kind, id) => {
      try {
        const response = await post('read', { kind, id })
        if (response.status === 200) return ReadReply.parse(await response.json())
        throw new Error(String(response.status))
      } catch (cause) {
        throw new RetryableError(`The simulated ERP did not answer what ${kind} ${id} is`, { cause })
      }
    },
    records: async (request) => {
      const response = await post('records', request)
      if (response.status !== 200) throw new RetryableError(`The simulated ERP answered ${response.status}`)
      return RecordsReply.parse(await response.json())
    },
    find: async (request) => {
      try {
        const response = await post('find', request)
        if (response.status === 200) return FindReplySchema.parse(await response.json())
        throw new Error(String(response.status))
      } catch (cause) {
        if (cause instanceof ErpBusyError) throw cause
        throw new RetryableError(`The simulated ERP did not answer the look-up of ${request.reference}`, { cause })
      }
    },
  }
}

function neverConnected(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && Reflect.get(cause, 'code') === 'ECONNREFUSED'
}
