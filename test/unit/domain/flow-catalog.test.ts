import { describe, expect, it } from 'vitest'
import { decisionEvent } from '#domain/decision.ts'
import { type ErpAccount, erpLimits } from '#domain/erp-limits.ts'
import { hubEvents, signalEvents, startingEvents } from '#domain/events.ts'
import { checkedFlows, type Finding, findingsOf, formatFindings } from '#domain/flow-catalog/check.ts'
import { eventFindings } from '#domain/flow-catalog/check-events.ts'
import { callsPerItem } from '#domain/flow-catalog/check-peaks.ts'
import { Flow } from '#domain/flow-catalog/flow.ts'
import { workingHours } from '#domain/flow-catalog/hours.ts'
import { flowCatalog } from '#domain/flow-catalog.ts'
import { erpAccountOf, readEnvironment } from '../../../lib/environment.ts'

const account = erpAccountOf(readEnvironment('local'))

function named(name: string): Flow {
  const found = flowCatalog.find((flow) => flow.name === name)
  if (found === undefined) throw new Error(`There is no flow ${name}`)
  return found
}

const salesOrder = named('sales-order')
/** Stock that somebody asks for and waits. */
const stock: Flow = {
  ...salesOrder,
  name: 'stock',
  source: 'erp',
  target: 'shop',
  dataObject: 'stock',
  pattern: 'request/response',
  channel: { kind: 'request' },
  latency: 'interactive',
  expected: 'irregularly',
  systemOfRecord: { stock: 'erp' },
  erpCalls: { 'find-document': 1 },
  answers: [],
}

/** Prices from the ERP to the shop, and on to the warehouse. */
const price = (name: string, source: Flow['source'], target: Flow['target'], changes: Partial<Flow> = {}): Flow => ({
  ...salesOrder,
  name,
  source,
  target,
  dataObject: 'price',
  channel: { kind: 'event', event: `${name} changed`, does: 'signal', from: 'systems' },
  systemOfRecord: { [`price.${name}`]: source },
  erpCalls: target === 'erp' ? { 'find-document': 1 } : {},
  answers: [],
  ...changes,
})

const findings = (...added: readonly unknown[]) => findingsOf([...flowCatalog, ...added], account)
/** The catalogue with one flow changed. */
const changed = (name: string, changes: Partial<Flow>) =>
  flowCatalog.map((flow) => (flow.name === name ? { ...flow, ...changes } : flow))
const having = (name: string, changes: Partial<Flow>) => findingsOf(changed(name, changes), account)
const eventsOf = (name: string, changes: Partial<Flow>) => eventFindings(changed(name, changes))

describe('the flow catalog', () => {
  it.each(['local', 'local-test', 'local-kill', 'prod'])('may be deployed as %s', (environment) => {
    expect(findingsOf(flowCatalog, erpAccountOf(readEnvironment(environment)))).toEqual([])
    expect(eventFindings(flowCatalog)).toEqual([])
  })

  it('has the events that the hub takes, and no other', () => {
    const events = (does: string) =>
      flowCatalog.flatMap(({ channel }) => (channel.kind === 'event' && channel.does === does ? [channel.event] : []))
    expect(events('start')).toEqual(Object.keys(startingEvents))
    expect(events('signal')).toEqual(Object.keys(signalEvents))
    expect(events('decide')).toEqual([decisionEvent])
  })

  it('answers with the events that the hub publishes, and no other', () => {
    const answers = new Set<string>(flowCatalog.flatMap((flow) => flow.answers))
    expect([...answers].sort()).toEqual([...hubEvents].sort())
  })
})

describe('a flow', () => {
  const attributes = Object.keys(Flow.shape).filter((attribute) => attribute !== 'echoSuppression')
  it.each(attributes)('without %s is refused, and both are named', (attribute) => {
    const { [attribute]: _removed, ...rest }: Record<string, unknown> = { ...salesOrder }
    const flows = flowCatalog.map((flow) => (flow === salesOrder ? rest : flow))
    const [finding, ...others] = findingsOf(flows, account)
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      flows: [attribute === 'name' ? 'flow 1 of the catalog' : 'sales-order'],
      rule: 'attributes',
      says: expect.stringContaining(`${attribute} is missing`),
      mend: expect.stringContaining('functions/domain/flow-catalog'),
    })
    expect(() => checkedFlows(flows, account)).toThrow(`${attribute} is missing`)
  })

  it('without its channel is refused for that alone, and its event is not called forgotten', () => {
    const { channel: _channel, ...rest } = salesOrder
    expect(eventFindings(flowCatalog.map((flow) => (flow === salesOrder ? rest : flow)))).toEqual([])
  })

  it('with an attribute that nobody knows is refused', () => {
    expect(formatFindings(findings({ ...stock, owners: 'sales' }))).toBe(
      '- stock [attributes]: owners is a field that is not known here (was "sales"). Mend: take owners out of stock, or write it as functions/domain/flow-catalog/flow.ts does.',
    )
  })

  it.each([
    ['owner', { ...stock, owner: 'logistics' }, /owner must be one of "sales", .+ \(was "logistics"\)\. Mend: give/],
    ['name', { ...stock, name: 'Goods Issue' }, /name must be lower-case .+ \(was "Goods Issue"\)/],
    [
      'volume.perDay',
      { ...stock, volume: { perDay: -1, peakPerMinute: 1 } },
      /volume\.perDay must be more than 0 \(was -1\)/,
    ],
    [
      'erpCalls',
      { ...stock, erpCalls: { 'goods-isue': 1 } },
      /erpCalls\.goods-isue is a field that is not known .+Mend: take/,
    ],
  ])('with a %s that is not valid is refused with the value and the rule', (_what, flow, says) => {
    expect(formatFindings(findings(flow))).toMatch(says)
  })

  it('that is no flow at all is refused by its place', () => {
    expect(formatFindings(findingsOf([undefined], account))).toMatch(
      /^- flow 1 of the catalog \[attributes\]: it must be .+ \(was missing\)\. Mend: write flow 1 of the catalog as /,
    )
  })

  it('is taken when it contradicts nothing', () => {
    expect(findings(stock)).toEqual([])
  })
})

const regular = { ...workingHours, atLeast: 1, withinMinutes: 60 }

/** What is added to the catalogue, or changed in it: flows, rule, and what the message says besides. */
const contradictions: readonly (readonly [string, readonly Finding[], readonly string[], string, readonly string[]])[] =
  [
    ['two flows of one name', findings({ ...stock, name: 'refund' }), ['refund'], 'name', ['two flows']],
    [
      'two systems of record for a field',
      findings({ ...stock, systemOfRecord: { 'sales-order.end': 'erp' } }),
      ['sales-order-cancellation', 'sales-order-closing', 'stock'],
      'system-of-record',
      ['sales-order.end has 2 systems of record: shop, erp', 'split'],
    ],
    [
      'no system of record',
      having('refund', { systemOfRecord: {} }),
      ['refund'],
      'system-of-record',
      ['names no system of record', 'shop'],
    ],
    [
      'a write by a non-owner',
      having('refund', { systemOfRecord: { refund: 'bank' } }),
      ['refund'],
      'owner',
      ['shop writes refund, whose system of record is bank', 'let it come from bank'],
    ],
    [
      'a two-way flow without echo suppression',
      findings(price('list', 'erp', 'shop', { direction: 'two-way' })),
      ['list'],
      'echo',
      ['price goes both ways between erp and shop', 'echoSuppression'],
    ],
    [
      'two flows that are opposite without saying so',
      findings(
        price('list', 'erp', 'shop', { direction: 'two-way', echoSuppression: 'version' }),
        price('sale', 'shop', 'erp'),
      ),
      ['sale'],
      'echo',
      ['the other way in list'],
    ],
    [
      'a loop of flows',
      findings(price('list', 'erp', 'shop'), price('tag', 'shop', 'warehouse'), price('label', 'warehouse', 'erp')),
      ['list', 'tag', 'label'],
      'loop',
      ['list → tag → label → list'],
    ],
    [
      'a flow that hears its own answer',
      having('decision', { answers: [decisionEvent] }),
      ['decision'],
      'loop',
      ['decision → decision'],
    ],
    [
      'a request whose answer comes in the night',
      findings({ ...stock, latency: 'batch' }),
      ['stock'],
      'latency',
      ['the pattern request/response contradicts the latency class batch', 'make it interactive'],
    ],
    [
      'an event that somebody waits for',
      having('refund', { latency: 'interactive' }),
      ['refund'],
      'latency',
      ['the pattern event contradicts the latency class interactive (within 5 s)', 'make it event or batch'],
    ],
    [
      'a batch that somebody waits for',
      having('dead-letter-clearing', { latency: 'interactive' }),
      ['dead-letter-clearing', 'dead-letter-clearing'],
      'latency',
      ['the pattern batch contradicts', '5 min = 300 s, and the latency class interactive promises 5 s'],
    ],
    [
      'a schedule that is slower than its latency class',
      having('sweep', { channel: { kind: 'schedule', everyMinutes: 10 } }),
      ['sweep'],
      'latency',
      ['10 min = 600 s', 'at least every 5 min'],
    ],
    [
      'an event on a schedule',
      having('refund', { channel: { kind: 'schedule', everyMinutes: 1 }, expected: 'on-schedule' }),
      ['refund'],
      'channel',
      ['the pattern event cannot come over a channel of the kind schedule'],
    ],
    [
      'one event in two flows',
      findings({ ...named('refund'), name: 'refund-again' }),
      ['refund', 'refund-again'],
      'channel',
      ['both take the event RefundRequested'],
    ],
    [
      'a flow into the ERP that asks nothing of it',
      having('refund', { erpCalls: {} }),
      ['refund'],
      'peak',
      ['erpCalls names nothing that an item asks'],
    ],
    [
      'an idempotency key that several items of a case have',
      having('refund', { idempotencyKey: '{case}/credit-note' }),
      ['refund'],
      'attributes',
      ['"{case}/credit-note" is the same for several items', '{deliveryNote}'],
    ],
    [
      'a key of spaces',
      having('sweep', { idempotencyKey: '  ' }),
      ['sweep'],
      'attributes',
      ['idempotencyKey must say something'],
    ],
    [
      'a rule for an event that the hub does not know',
      eventsOf('refund', { channel: { kind: 'event', event: 'RefundWanted', does: 'signal', from: 'systems' } }),
      ['refund', 'RefundRequested'],
      'channel',
      ['the hub knows no event RefundWanted', 'no flow brings it', 'functions/domain/events.ts'],
    ],
    [
      'an event in the process of another, as a start, and into the queue of the rest',
      eventsOf('refund', {
        process: 'procure-to-pay',
        channel: { kind: 'event', event: 'RefundRequested', does: 'start', from: 'systems' },
      }),
      ['refund', 'refund', 'refund'],
      'channel',
      ['of does "start", which the hub takes as "signal"', 'whose process is order-to-cash', 'name Undelivered'],
    ],
    [
      'more in a day than its peak all day long',
      having('refund', { volume: { perDay: 10_000, peakPerMinute: 0.5 } }),
      ['refund'],
      'peak',
      ['10000 a day', '0.5 a minute × 1440 min = 720'],
    ],
    [
      'an event that is expected on a schedule',
      having('refund', { expected: 'on-schedule' }),
      ['refund'],
      'silence',
      ['expected on-schedule and comes by event', 'say irregularly'],
    ],
    [
      'a schedule that may be silent',
      having('sweep', { expected: 'irregularly' }),
      ['sweep'],
      'silence',
      ['expected irregularly and comes by schedule', 'say on-schedule'],
    ],
    [
      'an expectation of what nobody counts',
      having('decision', { expected: regular }),
      ['decision'],
      'silence',
      ['nobody counts when a flow by event is heard'],
    ],
    [
      'an expectation above the volume',
      having('refund', { expected: { ...regular, atLeast: 5 } }),
      ['refund'],
      'silence',
      ['at least 5 within 60 min are 36 a day, above its volume of 30', 'lower atLeast'],
    ],
    [
      'an expectation that no week can break',
      having('refund', { expected: { ...regular, withinMinutes: 4000 } }),
      ['refund'],
      'silence',
      ['its hours are 3000 min a week, fewer than the 4000 min', 'lower withinMinutes'],
    ],
  ]

describe('the catalog refuses', () => {
  it.each(contradictions)('%s, and names flow, rule and mend', (_name, found, flows, rule, said) => {
    expect(found.flatMap((finding) => finding.flows)).toEqual(flows)
    expect([...new Set(found.map((finding) => finding.rule))]).toEqual([rule])
    const text = formatFindings(found)
    for (const part of said) expect(text).toContain(part)
    expect(text.split('\n').filter((line) => !/ \[[a-z-]+\]: .+\. Mend: .+\.$/.test(line))).toEqual([])
  })

  it('takes two flows that are opposite when both suppress the echo', () => {
    const both = { direction: 'two-way', echoSuppression: 'each knows its own version' } as const
    expect(findings(price('list', 'erp', 'shop', both), price('sale', 'shop', 'erp', both))).toEqual([])
  })
})

describe('the peaks of all flows', () => {
  const one = {
    ...stock,
    name: 'one',
    erpCalls: { 'sales-order': 1 },
    volume: { perDay: 1, peakPerMinute: 6 },
  } as const
  const other = { ...stock, name: 'other', erpCalls: { 'credit-note': 0.5, 'goods-issue': 1 } } as const
  const accountWith = (limits: Partial<ErpAccount['limits']>): ErpAccount => ({
    name: 'books',
    limits: { slots: 1, rates: [], unitsPerCall: 1, source: 'this test', ...limits },
    costs: { calls: { 'sales-order': 10, 'credit-note': 8, 'goods-issue': 3 }, secondsPerCall: 0.5 },
  })
  const says = (limits: Partial<ErpAccount['limits']>) =>
    findingsOf([one, other], accountWith(limits)).map((finding) => finding.says)

  it('are reckoned by the average calls of an item', () => {
    expect(callsPerItem(other, accountWith({}))).toBe(7)
    expect(callsPerItem(named('goods-issue'), account)).toBe(31 + 32 + 11)
  })

  it('fit when they are no more than the limit', () => {
    // 6 × 10 + 2 × 7 = 74 calls a minute.
    expect(says({ rates: [{ units: 74, perSeconds: 60 }] })).toEqual([])
  })

  it.each([
    [{ rates: [{ units: 73, perSeconds: 60 }] }, 'above 73 (73 units in 60 s ÷ 1 a call × 60 s)'],
    [{ rates: [{ units: 2, perSeconds: 1 }], unitsPerCall: 2 }, 'above 60 (2 units in 1 s ÷ 2 a call × 60 s)'],
  ])('are refused above a rate, with the reckoning', (limits, above) => {
    expect(says(limits)).toEqual([
      `ERP account books: one 6 × 10 + other 2 × 7 = 74 calls a minute at the peak, ${above}`,
    ])
  })

  it('are refused above the slots, by how long a call takes', () => {
    const busy = { ...one, volume: { perDay: 1, peakPerMinute: 12 } }
    expect(findingsOf([busy, other], accountWith({})).map((finding) => finding.says)).toEqual([
      'ERP account books: one 12 × 10 + other 2 × 7 = 134 calls a minute at the peak, above 120 (1 at once × 60 s ÷ 0.5 s a call)',
    ])
  })

  it('are refused above the slots of what the ERP does fewer of at once', () => {
    const many = { ...other, volume: { perDay: 1, peakPerMinute: 40 } }
    const limits = { slots: 8, fewer: { documents: ['credit-note'], slots: 1 } } as const
    expect(findingsOf([one, many], accountWith(limits)).map((finding) => finding.says)).toEqual([
      'ERP account books, what it posts: other 40 × 4 = 160 calls a minute at the peak, above 120 (1 at once × 60 s ÷ 0.5 s a call)',
    ])
  })

  it('are refused when nobody has measured what a document costs', () => {
    const unmeasured = { ...one, erpCalls: { 'goods-receipt': 1 } }
    expect(findingsOf([unmeasured], accountWith({}))).toMatchObject([
      { flows: ['one'], rule: 'peak', says: expect.stringContaining('how many calls a goods-receipt costs') },
    ])
  })

  it.each(Object.entries(erpLimits))('%s says who says so', (_name, { source, slots }) => {
    expect(source).toMatch(/^\S.{20,}$/)
    expect(slots).toBeGreaterThan(0)
  })
})
