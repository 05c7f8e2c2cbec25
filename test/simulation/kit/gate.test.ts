import '../hub/settings.ts'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clock } from '#aws/clock.ts'
import { erpGate, withErpSlot } from '#aws/erp-budget/gate.ts'
import { slotRequest } from '#aws/erp-budget/request.ts'
import type { CallOutcome } from '#connectors/port.ts'
import { ErpBusyError, PostingInProgressError, RetryableError } from '#domain/errors.ts'
import { createDatabase } from '../dynamodb/database.ts'
import { names, times } from '../hub/settings.ts'

const settleMs = times.settleSeconds * 1000
const skewMs = times.skewSeconds * 1000
let nowMs = 0

beforeEach(() => {
  nowMs = Date.parse('2026-11-24T09:00:00Z')
  const database = createDatabase({
    tables: [{ name: names.table, keys: { partition: 'pk', sort: 'sk' } }],
    removeUndefinedValues: true,
  })
  vi.spyOn(clock, 'nowMs').mockImplementation(() => nowMs)
  vi.spyOn(clock, 'sleep').mockImplementation(async (milliseconds) => {
    nowMs += milliseconds
  })
  vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(async (command: object) =>
    database.execute(command),
  )
  vi.spyOn(SecretsManagerClient.prototype, 'send').mockRejectedValue(new Error('No secret is needed here'))
})

afterEach(() => {
  vi.restoreAllMocks()
})

let callers = 0

/** One step, whose calls end like that, and then its work. The account allows one call at once. */
async function step(outcomes: readonly CallOutcome['kind'][], error?: Error): Promise<void> {
  const request = slotRequest({ holder: `step-${callers++}`, endsAtMs: nowMs + 75_000 })
  await withErpSlot(request, async () => {
    for (const kind of outcomes) {
      await erpGate.beforeCall()
      await erpGate.after({ kind })
    }
    if (error !== undefined) throw error
  })
}

/** For how long the account is said to be full, and not just in use; 0: it takes a call. */
async function fullForMs(): Promise<number> {
  const fromMs = nowMs
  try {
    await step(['up'])
    return 0
  } catch (error) {
    if (!(error instanceof ErpBusyError) || error.why !== 'full') throw error
    return error.untilMs - fromMs
  }
}

const notAsked = new RetryableError('The ERP could not be asked')

describe('a slot of an ERP account', () => {
  it.each<{ readonly title: string; readonly ends: readonly CallOutcome['kind'][]; readonly error?: Error }>([
    { title: 'all calls were answered', ends: ['up', 'up'] },
    { title: 'a look-up was refused by a gateway', ends: ['down'], error: notAsked },
    { title: 'no time was left for a call', ends: ['up', 'not-sent'], error: notAsked },
    {
      title: 'another attempt had the posting, and nothing was sent',
      ends: [],
      error: new PostingInProgressError('A'),
    },
    { title: 'a mistake of ours came before any call', ends: [], error: new TypeError('undefined is not a function') },
  ])('is free at once when $title', async ({ ends, error }) => {
    await step(ends, error).catch(() => undefined)
    expect(await fullForMs()).toBe(0)
  })

  it.each<{ readonly title: string; readonly ends: readonly CallOutcome['kind'][]; readonly error?: Error }>([
    { title: 'a look-up had no answer', ends: ['up', 'no-answer'], error: notAsked },
    { title: 'a look-up had no answer, and nobody minded', ends: ['no-answer'] },
    { title: 'a mistake of ours came after a call', ends: ['up'], error: new TypeError('undefined is not a function') },
  ])('is held until the ERP has settled when $title', async ({ ends, error }) => {
    await step(ends, error).catch(() => undefined)
    expect(await fullForMs()).toBe(settleMs + skewMs)
    nowMs += settleMs + skewMs
    expect(await fullForMs()).toBe(0)
  })

  it('is for one call at a time, whatever its holder begins at once', async () => {
    const told: string[] = []
    const call = async (name: string) => {
      await erpGate.beforeCall()
      told.push(`${name} begins`)
      await new Promise(setImmediate)
      told.push(`${name} ends`)
      await erpGate.after({ kind: 'up' })
    }
    const request = slotRequest({ holder: 'several', endsAtMs: nowMs + 75_000 })
    await withErpSlot(request, async () => await Promise.all(['a', 'b', 'c'].map(call)))
    expect(told).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  it('lets nothing more be sent beside a call that may be at work', async () => {
    const sent: string[] = []
    const call = async (kind: CallOutcome['kind']) => {
      await erpGate.beforeCall()
      sent.push(kind)
      await erpGate.after({ kind })
    }
    const request = slotRequest({ holder: 'silent', endsAtMs: nowMs + 75_000 })
    const both = async () => await Promise.all([call('no-answer'), call('up')])
    await expect(withErpSlot(request, both)).rejects.toThrow('The ERP account erp is full until')
    expect(sent).toEqual(['no-answer'])
  })

  it('is given back when the last of its calls has ended, not when the first has failed, and none begins after that', async () => {
    const sent: string[] = []
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
    const call = async (name: string, end: Promise<unknown>) => {
      await erpGate.beforeCall()
      sent.push(name)
      await end
      await erpGate.after({ kind: 'up' })
      if (name === 'refused') throw notAsked
    }
    const request = slotRequest({ holder: 'failing', endsAtMs: nowMs + 75_000 })
    const ended = withErpSlot(
      request,
      async () =>
        await Promise.all([call('refused', Promise.resolve()), call('slow', answered), call('late', answered)]),
    ).catch((error: unknown) => error)
    while (sent.length < 2) await new Promise(setImmediate)
    await new Promise(setImmediate)
    expect(await fullForMs()).toBeGreaterThan(0)
    answer()
    expect(await ended).toBe(notAsked)
    expect(await fullForMs()).toBe(0)
    expect(sent).toEqual(['refused', 'slow'])
  })
})
