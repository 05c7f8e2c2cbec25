import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { describe, expect, it } from 'vitest'
import { type BusEvent, createBus, requestOfBuses } from '../bus.ts'
import { compilePattern } from '../event-pattern.ts'
import { seededRandom } from '../random.ts'
import { createVirtualTime } from '../virtual-time.ts'

const entry = {
  EventBusName: 'postonce',
  Source: 'vendure',
  DetailType: 'SalesOrderSubmitted',
  Detail: '{"data":{"number":"T1"}}',
}

function open(settings: { duplicateRate?: number; deliveryMs?: () => number } = {}) {
  const time = createVirtualTime(Date.UTC(2026, 0, 5))
  const bus = createBus({ name: 'postonce', time, random: seededRandom(1), ...settings })
  const seen: BusEvent[] = []
  const rule = {
    name: 'all',
    pattern: { source: [{ 'anything-but': 'postonce' }] },
    target: (event: BusEvent) => void seen.push(event),
  }
  return { time, bus, seen, rule }
}

describe('the bus', () => {
  it("delivers what a rule matches, in EventBridge's form", async () => {
    const { time, bus, seen, rule } = open()
    bus.rule(rule)
    bus.putEvents([entry, { ...entry, Source: 'postonce' }])
    await time.run()
    expect(seen).toMatchObject([
      {
        version: '0',
        source: 'vendure',
        'detail-type': 'SalesOrderSubmitted',
        time: '2026-01-05T00:00:00Z',
        detail: { data: { number: 'T1' } },
      },
    ])
    expect(bus.events).toHaveLength(2)
  })

  it('delivers some twice, and in another order, as the seed says', async () => {
    const random = seededRandom(2)
    const { time, bus, seen, rule } = open({ duplicateRate: 0.5, deliveryMs: () => random.integer(0, 1000) })
    bus.rule(rule)
    for (let i = 0; i < 20; i++) bus.putEvents([{ ...entry, Detail: JSON.stringify({ i }) }])
    await time.run()
    const order = seen.map(({ detail }) => Reflect.get(Object(detail), 'i'))
    expect(new Set(order).size).toBe(20)
    expect(order.length).toBeGreaterThan(25)
    expect(order).not.toEqual([...order].sort((a, b) => a - b))
  })

  it('tries again for a day, then gives the event to the dead-letter queue or counts it as lost', async () => {
    const { time, bus, rule } = open()
    const dead: BusEvent[] = []
    let attempts = 0
    const failing = () => {
      attempts += 1
      throw new Error('no')
    }
    bus.rule({ ...rule, target: failing, retryAttempts: 5, deadLetter: (event) => void dead.push(event) })
    bus.rule({ ...rule, name: 'careless', target: failing, retryAttempts: 0 })
    bus.putEvents([entry])
    await time.run()
    expect(attempts).toBe(7)
    expect(dead).toHaveLength(1)
    expect(bus.lost).toMatchObject([{ rule: 'careless' }])
  })

  it('replays from the archive what is asked for', async () => {
    const { time, bus, seen, rule } = open()
    bus.rule(rule)
    bus.putEvents([entry, { ...entry, DetailType: 'Other' }])
    await time.run()
    bus.replay('again', (event) => event['detail-type'] === 'Other')
    await time.run()
    expect(seen.map((event) => [event['detail-type'], event['replay-name']])).toEqual([
      ['SalesOrderSubmitted', undefined],
      ['Other', undefined],
      ['Other', 'again'],
    ])
  })

  it('delivers what it was told to forget, and never again', async () => {
    const { time, bus, seen, rule } = open()
    bus.rule(rule)
    bus.putEvents([entry])
    bus.forget()
    bus.replay('again', () => true)
    await time.run()
    expect(seen.map((event) => event['replay-name'])).toEqual([undefined])
    expect(bus.events).toEqual([])
  })

  it.each([
    ['a detail that is no JSON', { ...entry, Detail: 'none' }],
    ['a detail that is no object', { ...entry, Detail: '[]' }],
    ['a source of AWS', { ...entry, Source: 'aws.states' }],
    ['more than a megabyte', { ...entry, Detail: JSON.stringify({ a: 'x'.repeat(1024 * 1024) }) }],
    ['a bus that is not there', { ...entry, EventBusName: 'other' }],
    ['a field that it does not know', { ...entry, Unheard: 1 }],
  ])('refuses %s', (_, wrong) => {
    expect(() => open().bus.putEvents([wrong])).toThrow()
  })

  it("answers the client's command", () => {
    const { bus } = open()
    expect(requestOfBuses([bus], new PutEventsCommand({ Entries: [entry] }))()).toMatchObject({
      FailedEntryCount: 0,
      Entries: [{ EventId: bus.events[0]?.id }],
    })
  })
})

describe('an event pattern', () => {
  const event = {
    source: 'vendure',
    'detail-type': 'A',
    detail: { status: 'FAILED', tags: ['x', 'y'], n: 1, none: null },
  }
  it.each([
    [{ source: ['vendure'] }, true],
    [{ source: ['other', 'vendure'], 'detail-type': ['B'] }, false],
    [{ source: [{ prefix: 'ven' }] }, true],
    [{ source: [{ suffix: 'dure' }] }, true],
    [{ source: [{ 'anything-but': 'vendure' }] }, false],
    [{ source: [{ 'anything-but': ['a', 'b'] }] }, true],
    [{ source: [{ 'anything-but': { prefix: 'ven' } }] }, false],
    [{ detail: { status: ['FAILED', 'ABORTED'] } }, true],
    [{ detail: { tags: ['y'] } }, true],
    [{ detail: { n: ['1'] } }, false],
    [{ detail: { n: [1], none: [null] } }, true],
    [{ detail: { missing: [{ exists: false }], n: [{ exists: true }] } }, true],
    [{ detail: { missing: [{ 'anything-but': 'x' }] } }, false],
    [{ missing: { deeper: ['x'] } }, false],
  ])('%j matches: %s', (pattern, isMatch) => {
    expect(compilePattern(pattern)(event)).toBe(isMatch)
  })

  it.each([{ n: [{ numeric: ['>', 1] }] }, { $or: [] }, { source: 'vendure' }])(
    'refuses %j, which nobody taught it',
    (pattern) => {
      expect(() => compilePattern(pattern)).toThrow('not known')
    },
  )
})
