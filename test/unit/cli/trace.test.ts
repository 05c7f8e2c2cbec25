import { describe, expect, it } from 'vitest'
import { candidateKeys, unknownCase } from '../../../bin/commands/trace/case-key.ts'
import { formatStory } from '../../../bin/commands/trace/format-story.ts'
import { tellStory } from '../../../bin/commands/trace/tell-story.ts'

const key = 'shop/sales-order/T1001'
const atMs = Date.UTC(2026, 10, 24, 9, 30)
const arn = 'arn:aws:states:eu-west-1:111122223333:execution:postonce-order-to-cash:run-1'

const theCase = {
  pk: key,
  sk: 'CASE',
  process: 'order-to-cash',
  status: 'failed',
  owner: { executionArn: arn, epoch: 2, redriveCount: 1 },
  version: 1,
  fingerprint: 'f',
  currency: 'EUR',
  netTotal: '59.20',
  lines: [{ line: '1', quantity: '2' }],
  signalCount: 2,
  acceptedAtMs: atMs,
  deadlineAtMs: atMs + 604_800_000,
  deadlinesTold: 0,
  listedAtMs: atMs,
  failure: {
    code: 'OutcomeUnknownError',
    stage: 'PostGoodsIssue',
    class: 'in-doubt',
    owner: 'integration',
    message: 'no answer',
  },
}
const posted = {
  pk: key,
  sk: 'POSTING#sales-order#T1001',
  status: 'posted',
  fence: 2,
  attempts: 2,
  fingerprint: 'f',
  reference: 'REF1',
  document: { id: '41', number: '41', amount: '71.04', currency: 'EUR' },
  postedAtMs: atMs + 1_000,
}
const inDoubt = {
  pk: key,
  sk: 'POSTING#goods-issue#DN-1',
  status: 'in-doubt',
  fence: 1,
  fingerprint: 'f',
  reference: 'REF2',
  sentAtMs: atMs + 2_000,
  intent: { operation: 'finish-delivery', doubt: 'if-unchanged' },
}
const signal = (number: string, more: object) => ({
  pk: key,
  sk: `SIGNAL#goods-issue#${number}`,
  kind: 'goods-issue',
  number,
  eventId: `event of ${number}`,
  occurredAt: '2026-11-24T09:30:00Z',
  fingerprint: 'f',
  data: { shipTo: 'somebody' },
  ...more,
})
const audit = {
  pk: key,
  sk: 'AUDIT#0000000001',
  entry: {
    case: key,
    place: 1,
    atMs,
    stage: 'accepted',
    by: arn,
    before: { version: 1 },
    after: { version: 2 },
    previous: '0'.repeat(64),
  },
}
const decided = {
  pk: key,
  sk: 'AUDIT#0000000002',
  entry: {
    ...audit.entry,
    place: 2,
    stage: 'decided',
    by: 'person',
    note: 'kqtrwbmzx: ignore',
    previous: 'a'.repeat(64),
  },
}
const person = {
  pk: key,
  sk: 'PERSON#0000000002',
  values: { by: { value: 'ann', salt: 's' }, reason: { value: 'sold out', salt: 't' } },
}
const items = [
  audit,
  { pk: key, sk: 'BODY#0000000001', body: { customer: 'somebody' } },
  theCase,
  inDoubt,
  posted,
  signal('DN-1', { consumedAtMs: atMs }),
  signal('DN-2', {}),
  signal('DN-3', { parkedUntilMs: atMs + 60_000 }),
  { pk: key, sk: 'TOKEN#abc', token: 'secret' },
]
const story = (of: readonly Record<string, unknown>[]) => tellStory(key, of, String)

describe('the story of a case', () => {
  it('tells the postings in the order in which they were posted, what is open last', () => {
    expect(story(items).postings.map(({ name, status }) => [name, status])).toEqual([
      ['sales-order/T1001', 'posted'],
      ['goods-issue/DN-1', 'in-doubt'],
    ])
  })

  it('tells which signals were consumed, wait, or are parked', () => {
    expect(story(items).signals.map(({ number, state }) => [number, state])).toEqual([
      ['DN-1', 'consumed'],
      ['DN-2', 'waiting'],
      ['DN-3', 'parked'],
    ])
  })

  it('holds no personal data and no token', () => {
    const text = JSON.stringify(story(items))
    expect(text).not.toContain('somebody')
    expect(text).not.toContain('secret')
  })

  it('says what cannot be read instead of hiding it', () => {
    const { unreadable, case: read } = story([{ ...theCase, status: 'lost' }])
    expect(read).toBeUndefined()
    expect(unreadable).toHaveLength(1)
  })

  it('reads as a page: the failure with its owner, the doubt with how it ends, who sleeps', () => {
    const page = formatStory(story(items), atMs + 300_000)
    expect(page).toContain('status    failed, for 5 min')
    expect(page).toContain('OutcomeUnknownError at PostGoodsIssue (in-doubt), for integration')
    expect(page).toMatch(/sales-order\/T1001\s+posted\s+41\s+71\.04 EUR\s+2/)
    expect(page).toContain('finish-delivery not answered; ends by if-unchanged; sent 2026-11-24 09:30:02')
    expect(page).toContain('run-1, epoch 2, redriven 1 times')
    expect(page).toContain('2026-11-24 09:30:00.000  accepted')
  })

  it('tells what changed, and who decided what and why until that is erased', () => {
    const lines = formatStory(story([...items, decided, person]), atMs)
    expect(lines).toContain('2026-11-24 09:30:00.000  accepted   version 1 → 2  by run-1')
    expect(lines).toMatch(/decided .*kqtrwbmzx: ignore {2}sold out {2}by ann/)
    expect(formatStory(story([...items, decided]), atMs)).toMatch(/decided .*kqtrwbmzx: ignore {2}by person/)
  })

  it('tells of signals that wait for a case that never came', () => {
    expect(formatStory(story([signal('DN-3', { parkedUntilMs: atMs })]), atMs)).toContain('no case yet')
  })
})

describe('the key that a person gives', () => {
  const purchase = 'shop/purchase-requisition/T1001'
  it.each([
    [key, [key]],
    ['shop/sales-order/2026/17', ['shop/sales-order/2026/17']],
    ['shop/T1001', [key, purchase]],
    ['T1001', [key, purchase, 'northwind/sales-order/T1001', 'northwind/purchase-requisition/T1001']],
  ])('%s may mean %j', (given, keys) => {
    expect(candidateKeys(given, ['shop', 'northwind'], ['northwind'])).toEqual(keys)
  })

  it('is explained when it finds nothing, and asked for in full when it finds two', () => {
    expect(unknownCase('T1', []).message).toContain('<source>/<document>/<number>')
    expect(unknownCase('T1', ['a/sales-order/T1', 'b/sales-order/T1']).message).toBe(
      'T1 may be a/sales-order/T1 or b/sales-order/T1: give the whole key.',
    )
  })
})
