import { afterEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import type { ErpGate } from '#connectors/port.ts'
import { createConnector } from '#connectors/registry.ts'
import { TrytonClient } from '#connectors/tryton/client.ts'
import { interpret, shows } from '#connectors/tryton/errors.ts'
import { sending, writeIfUnchanged } from '#connectors/tryton/send.ts'
import { ErpBusyError, messagesOf, PoisonMessageError, RetryableError } from '#domain/errors.ts'

const connection = {
  url: 'http://erp.example:8000/',
  credentials: { database: 'erp', login: 'hub', password: 'secret' },
  clientTimeoutMs: 30_000,
  settleMs: 60_000,
}

interface Call {
  readonly method: string
  readonly params: readonly unknown[]
}
type Answer = (call: Call) => { readonly status?: number; readonly result?: unknown; readonly error?: unknown }

/** Answers in place of Tryton; the login always succeeds. */
function answer(answers: Answer): Call[] {
  const calls: Call[] = []
  vi.stubGlobal('fetch', async (_url: string, init: { readonly body: string }) => {
    const call: Call = z.object({ method: z.string(), params: z.array(z.unknown()) }).parse(JSON.parse(init.body))
    calls.push(call)
    if (call.method === 'common.db.login') return Response.json({ id: 1, result: [2, 'token', null] })
    if (call.method === 'model.res.user.get_preferences') return Response.json({ id: 1, result: { company: 1 } })
    const { status = 200, ...body } = answers(call)
    return Response.json({ id: 1, ...body }, { status })
  })
  return calls
}

afterEach(() => vi.unstubAllGlobals())

describe('the client', () => {
  it('logs in once for all that is asked at the same time, and sends the context of the user', async () => {
    const calls = answer(() => ({ result: [] }))
    const client = new TrytonClient(connection)
    await Promise.all([1, 2, 3].map(() => client.search(z.unknown(), 'party.party', [], ['name'])))
    expect(calls.filter(({ method }) => method === 'common.db.login')).toHaveLength(1)
    expect(calls.at(-1)?.params.at(-1)).toEqual({ company: 1, language: 'en' })
  })

  it('logs in again once when the session has ended, and not a second time', async () => {
    const calls = answer(() => ({ status: 401 }))
    const client = new TrytonClient(connection)
    const reply = await client.write('model.sale.sale.quote', [[1]], { signal: client.deadline() })
    expect(reply.kind).toBe('session-ended')
    expect(calls.filter(({ method }) => method === 'common.db.login')).toHaveLength(2)
    expect(calls.filter(({ method }) => method === 'model.sale.sale.quote')).toHaveLength(2)
  })

  it('passes the gate with every request, and tells what each showed of Tryton', async () => {
    answer(() => ({ status: 503 }))
    const told: string[] = []
    const gate: ErpGate = {
      beforeCall: async () => void told.push('before'),
      after: async ({ kind }) => void told.push(kind),
    }
    const client = new TrytonClient({ ...connection, gate })
    await client.write('model.sale.sale.quote', [[1]], { signal: client.deadline() })
    expect(told).toEqual(['before', 'up', 'before', 'up', 'before', 'down'])
  })

  it('sends nothing when the gate is closed, and asks it again for the next request', async () => {
    const calls = answer(() => ({ result: [] }))
    const busy = new ErpBusyError('The ERP account tryton', 'down', 1, 0)
    const gate = { beforeCall: vi.fn().mockRejectedValueOnce(busy), after: vi.fn() }
    const client = new TrytonClient({ ...connection, gate })
    await expect(client.search(z.unknown(), 'party.party', [], ['name'])).rejects.toBe(busy)
    expect(calls).toEqual([])
    await expect(client.search(z.unknown(), 'party.party', [], ['name'])).resolves.toEqual([])
  })

  it.each([
    [429, '7', { kind: 'throttled', retryAfter: '7' }],
    [503, '7', { kind: 'throttled', retryAfter: '7' }],
    [503, null, { kind: 'down' }],
    [502, null, { kind: 'no-answer' }],
    [504, null, { kind: 'no-answer' }],
    [500, null, { kind: 'up' }],
    [200, null, { kind: 'up' }],
  ])('tells of HTTP %i with Retry-After %s that Tryton is %o', (status, retryAfter, outcome) => {
    expect(shows(status, interpret(status, ''), retryAfter)).toEqual(outcome)
  })

  it('tells of a lock that Tryton could not get that it is up', () => {
    const text = 'database is locked'
    expect(shows(503, interpret(503, text), null)).toEqual({ kind: 'up' })
  })

  it('sends the stamp of the record with a write, and the write once', async () => {
    const calls = answer(() => ({ status: 500 }))
    const client = new TrytonClient(connection)
    const record = { model: 'sale.sale', id: 7, stamp: '123.4' }
    const outcome = await writeIfUnchanged(client, record, 'model.sale.sale.quote', [[7]], {
      signal: client.deadline(),
    })
    expect(outcome.kind).toBe('no-answer')
    const writes = calls.filter(({ method }) => method === 'model.sale.sale.quote')
    expect(writes.map(({ params }) => params.at(-1))).toEqual([
      { company: 1, language: 'en', _timestamp: { 'sale.sale,7': '123.4' } },
    ])
  })

  it('is asked again later when Tryton cannot be reached, and not when its answer is not understood', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')))
    await expect(new TrytonClient(connection).search(z.unknown(), 'party.party', [], [])).rejects.toThrow(
      RetryableError,
    )
    answer(() => ({ result: 'nonsense' }))
    await expect(new TrytonClient(connection).search(z.unknown(), 'party.party', [], [])).rejects.toThrow(
      PoisonMessageError,
    )
  })

  it('says of a failed login that nothing was applied', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')))
    const client = new TrytonClient(connection)
    const reply = await client.write('model.sale.sale.quote', [[1]], { signal: client.deadline() })
    expect(reply.kind).toBe('not-applied')
  })

  it.each([
    ['a login that Tryton does not know', () => new Response('', { status: 401 }), 'does not accept the login'],
    ['a Tryton that nobody can reach', () => Promise.reject(new TypeError('fetch failed')), 'fetch failed'],
    ['a gateway without Tryton behind it', () => new Response('', { status: 502 }), 'HTTP 502'],
  ])('tells %s from whatever else keeps it out', async (_what, fetched, says) => {
    vi.stubGlobal('fetch', async () => await fetched())
    const asked = new TrytonClient(connection).search(z.unknown(), 'party.party', [], [])
    const error = await asked.catch((thrown: unknown) => thrown)
    expect(messagesOf(error)).toMatch(/^Tryton could not be asked for model\.party\.party\.search_read: /)
    expect(messagesOf(error)).toContain(says)
  })
})

describe('a write under a stamp', () => {
  const write = (answers: Answer) => {
    const calls = answer(answers)
    const client = new TrytonClient(connection)
    const record = { model: 'account.invoice', id: 7, stamp: '1' }
    const outcome = writeIfUnchanged(client, record, 'model.account.invoice.post', [[7]], { signal: client.deadline() })
    return outcome.then((said) => ({
      said,
      posts: calls.filter(({ method }) => method.endsWith('.post')).length,
      calls,
    }))
  }
  const refused = { error: ['UserError', ['You can not call "post".', '', null]] }
  const warned = (name: string) => ({ error: ['UserWarning', [name, 'Hm.', '']] })

  it('counts as changed when a rule refuses it after the stamp has changed', async () => {
    const { said } = await write(({ method }) =>
      method.endsWith('search_read') ? { result: [{ id: 7, _timestamp: '2' }] } : refused,
    )
    expect(said).toEqual({ kind: 'changed' })
  })

  it('counts as changed when the record is gone', async () => {
    const { said } = await write(({ method }) => (method.endsWith('search_read') ? { result: [] } : refused))
    expect(said).toEqual({ kind: 'changed' })
  })

  it('counts as refused while the record still bears the stamp', async () => {
    const { said } = await write(({ method }) =>
      method.endsWith('search_read') ? { result: [{ id: 7, _timestamp: '1' }] } : refused,
    )
    expect(said.kind).toBe('refused')
  })

  it('skips a warning that it knows to be harmless, by its name, and goes on', async () => {
    let skipped: unknown
    const { said, posts } = await write(({ method, params }) => {
      if (method === 'model.res.user.warning.skip') skipped = params[0]
      return method.endsWith('.post') && skipped === undefined ? warned('ab12.invoice_taxes') : { result: null }
    })
    expect(said).toEqual({ kind: 'answered' })
    expect([skipped, posts]).toEqual(['ab12.invoice_taxes', 2])
  })

  it('never skips any other warning', async () => {
    const { said, calls } = await write(({ method }) =>
      method.endsWith('search_read') ? { result: [{ id: 7, _timestamp: '1' }] } : warned('ab12.credit_limit_amount'),
    )
    expect(said.kind).toBe('refused')
    expect(calls.map(({ method }) => method)).not.toContain('model.res.user.warning.skip')
  })
})

describe('an operation', () => {
  it('has applied nothing when what it looks up first cannot be asked', async () => {
    const outcome = await sending(() => Promise.reject(new RetryableError('not reached')))
    expect(outcome.kind).toBe('not-applied')
  })
})

describe('the registry', () => {
  it('knows Tryton and names what it knows', () => {
    expect(createConnector('tryton', connection).name).toBe('tryton')
    expect(() => createConnector('toString', connection)).toThrow(/there is one for tryton/)
  })

  it('takes no connection without a login', () => {
    expect(() => createConnector('tryton', { ...connection, credentials: { database: 'erp' } })).toThrow(
      PoisonMessageError,
    )
  })
})
