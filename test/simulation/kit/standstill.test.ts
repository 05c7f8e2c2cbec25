import '../hub/settings.ts'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readEntries } from '#aws/audit-days.ts'
import { clock } from '#aws/clock.ts'
import { environment } from '#aws/environment.ts'
import { withErpSlot } from '#aws/erp-budget/gate.ts'
import { pause, readPauses, resume } from '#aws/erp-budget/pause-store.ts'
import { slotRequest } from '#aws/erp-budget/request.ts'
import { postingDayOf } from '#aws/erp-budget/standstill.ts'
import { ErpCalendar } from '#domain/erp-calendar/calendar.ts'
import { ErpBusyError } from '#domain/errors.ts'
import type { PostingName } from '#domain/keys.ts'
import { createDatabase, type Database } from '../dynamodb/database.ts'
import { names } from '../hub/settings.ts'

let nowMs = 0
let database: Database

beforeEach(() => {
  nowMs = Date.parse('2026-11-24T09:00:00Z')
  database = createDatabase({
    tables: [{ name: names.table, keys: { partition: 'pk', sort: 'sk' } }],
    removeUndefinedValues: true,
  })
  vi.spyOn(clock, 'nowMs').mockImplementation(() => nowMs)
  vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(async (command: object) =>
    database.execute(command),
  )
  vi.spyOn(SecretsManagerClient.prototype, 'send').mockRejectedValue(new Error('No secret is needed here'))
})

afterEach(() => {
  delete environment().ERP_CALENDAR
  vi.restoreAllMocks()
})

const { account } = names
const ann = { person: 'ann', reason: 'stock-taking' }
const delivery = { document: 'goods-issue', number: 'DN-1' } as const
const credit = { document: 'credit-note', number: 'R-1' } as const

let callers = 0
const request = (posting: PostingName, flow?: string) =>
  slotRequest({ holder: `step-${callers++}`, endsAtMs: nowMs + 30_000, posting, flow })

/** `went`, or what is said and for how many seconds from now. */
async function call(posting: PostingName, flow?: string): Promise<string> {
  try {
    return await withErpSlot(request(posting, flow), async () => 'went')
  } catch (error) {
    if (!(error instanceof ErpBusyError)) throw error
    return `${error.message.replace(/ until.*/, '')}, ${Math.floor((error.untilMs - nowMs) / 1000)} s`
  }
}

describe('what stands still before an ERP', () => {
  it('is the whole account, until somebody resumes it', async () => {
    await pause({ account, flow: undefined, person: ann }, undefined)
    expect(await call(delivery)).toMatch(/^The ERP account erp is paused, 6\d s$/)
    await resume({ account, flow: undefined, person: { person: 'bob', reason: 'done' } })
    expect(await call(delivery)).toBe('went')
  })

  it('counts from the first pause while that holds, and says which one another takes the place of', async () => {
    const beganAtMs = nowMs
    const first = await pause({ account, flow: undefined, person: ann }, undefined)
    expect(first).toEqual({ made: { by: 'ann', reason: 'stock-taking', sinceMs: beganAtMs }, instead: undefined })
    nowMs += 3_600_000
    const bob = { person: 'bob', reason: 'upgrade' }
    const second = await pause({ account, flow: undefined, person: bob }, nowMs + 60_000)
    expect(second).toEqual({
      made: { by: 'bob', reason: 'upgrade', sinceMs: beganAtMs, untilMs: nowMs + 60_000 },
      instead: first.made,
    })
    expect((await readPauses(account)).account).toEqual(second.made)
    nowMs += 60_000
    expect((await pause({ account, flow: undefined, person: ann }, undefined)).made.sinceMs).toBe(nowMs)
  })

  it('is one flow, and no other', async () => {
    await pause({ account, flow: 'goods-return', person: ann }, undefined)
    expect(await call(delivery)).toBe('went')
    expect(await call(credit, 'refund')).toBe('went')
    expect(await call(credit, 'goods-return')).toMatch(/^The flow goods-return is paused, 6\d s$/)
  })

  it('goes on by itself at the end of the pause, one after the other', async () => {
    await pause({ account, flow: undefined, person: ann }, nowMs + 30_000)
    expect([await call(delivery), await call(delivery)]).toEqual(Array(2).fill('The ERP account erp is paused, 30 s'))
    nowMs += 30_000
    expect(await call(delivery)).toBe('went')
  })

  it('holds no slot and writes nothing of the budget', async () => {
    await pause({ account, flow: undefined, person: ann }, undefined)
    await call(delivery)
    expect(database.items(names.table).filter(({ sk }) => String(sk).startsWith('BUDGET#'))).toEqual([])
  })

  it('is told in the audit trail with who and why, in the same write', async () => {
    await pause({ account, flow: 'refund', person: ann }, nowMs + 60_000)
    await pause({ account, flow: undefined, person: ann }, undefined)
    await resume({ account, flow: 'refund', person: { person: 'bob', reason: 'done' } })
    expect(await resume({ account, flow: 'refund', person: ann })).toBeUndefined()
    const entries = await readEntries(`ERP#${account}`, 1, undefined)
    expect(entries.map(({ stage, by, before, after }) => [stage, by, before, after])).toEqual([
      [
        'paused',
        'person',
        { of: 'refund', is: 'running' },
        { of: 'refund', is: 'paused', until: '2026-11-24T09:01:00.000Z' },
      ],
      ['paused', 'person', { of: 'account', is: 'running' }, { of: 'account', is: 'paused' }],
      [
        'resumed',
        'person',
        { of: 'refund', is: 'paused', until: '2026-11-24T09:01:00.000Z' },
        { of: 'refund', is: 'running' },
      ],
    ])
    const persons = database.items(names.table).filter(({ sk }) => String(sk).startsWith('PERSON#'))
    expect(JSON.stringify(persons)).toMatch(/ann.*stock-taking.*bob/)
    expect(await readPauses(account)).toMatchObject({ account: { by: 'ann', reason: 'stock-taking' }, flows: {} })
  })

  it('is the account in its maintenance window, by the clock of its place', async () => {
    const maintenance = [{ days: ['tuesday'], from: '09:30', to: '11:00' }]
    environment().ERP_CALENDAR = ErpCalendar.parse({ timeZone: 'Europe/Berlin', maintenance })
    expect(await call(delivery)).toBe('The ERP account erp is in maintenance, 3600 s')
    nowMs += 3_600_000
    expect(await call(delivery)).toBe('went')
  })
})

describe('the day that a step posts to', () => {
  it('is the next open one, or the case waits, as the calendar says', () => {
    const closed = [{ from: '2026-11-20', through: '2026-11-24', opensOn: '2026-11-26' }]
    environment().ERP_CALENDAR = ErpCalendar.parse({ timeZone: 'UTC', posting: { whenClosed: 'move', closed } })
    expect(postingDayOf('2026-11-23', request(delivery))).toBe('2026-11-25')
    environment().ERP_CALENDAR = ErpCalendar.parse({ timeZone: 'UTC', posting: { whenClosed: 'wait', closed } })
    expect(() => postingDayOf('2026-11-23', request(delivery))).toThrow(
      'The posting period of 2026-11-23 in the ERP account erp is closed until 2026-11-26T00:00:00.000Z',
    )
    expect(postingDayOf('2026-11-25', request(delivery))).toBe('2026-11-25')
  })
})
