import { describe, expect, it, onTestFinished } from 'vitest'
import { environment } from '#aws/environment.ts'
import { pause, resume } from '#aws/erp-budget/pause-store.ts'
import { ErpCalendar } from '#domain/erp-calendar/calendar.ts'
import { weekdays } from '#domain/erp-calendar/local-time.ts'
import { type Fault, noFaults } from '../faults.ts'
import { definition, purchaseDefinition } from '../hub/definition.ts'
import type { Hub } from '../hub.ts'
import { historyEventsOf, maximumHistoryEvents } from '../machine/history-events.ts'
import { change, outageWorld, pass } from './outage-world.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const retriesOf = (hub: Hub) =>
  hub.machines
    .executions()
    .map(({ visits }) => visits.flatMap(({ exits }) => exits.filter((exit) => exit.startsWith('retry'))).length)
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
const longestHistory = (hub: Hub) => Math.max(...hub.machines.executions().map(historyEventsOf))
/** Of each case. */
const costOf = (hub: Hub) => {
  const retries = retriesOf(hub)
  return hub.machines.executions().map((execution, n) => ({ events: historyEventsOf(execution), retries: retries[n] }))
}

const dead: readonly [string, Fault][] = [
  ['answers 503', { kind: 'unavailable', times: 1 }],
  ['refuses every connection', { kind: 'not-connected' }],
  ['answers nothing', { kind: 'request-lost', isSilent: true, times: 1 }],
]

describe('an ERP that is dead for a day', () => {
  it.each(dead)('and %s burns neither retries nor history events, and gets every document once', async (_, fault) => {
    let [isDead, calls] = [false, 0]
    const world = outageWorld({
      decide: ({ service }) => {
        if (service !== 'erp' || !isDead) return undefined
        calls += 1
        return fault
      },
    })
    const { hub } = world
    onTestFinished(hub.close)
    world.begin()
    await pass(hub, hourMs)
    isDead = true
    await world.goOn()
    await pass(hub, hourMs)
    // What it costs to learn that it is down: some calls of each case, and those that wait for the one slot while they hang.
    expect(sum(retriesOf(hub))).toBeLessThan(8)
    expect(longestHistory(hub)).toBeLessThan(450)
    const before = costOf(hub)
    calls = 0
    await pass(hub, dayMs)
    // Each has looked for itself four times, in case that nobody wakes it: eleven events a look, and seven where it was just then
    // that somebody was to try.
    for (const [n, { events, retries }] of costOf(hub).entries()) {
      expect(retries).toBe(before[n]?.retries)
      expect(events - (before[n]?.events ?? 0)).toBeLessThanOrEqual(4 * 11 + 14)
    }
    // One asks for all of them, every two or three minutes.
    expect(calls).toBeGreaterThan(dayMs / 180_000 - 1)
    expect(calls).toBeLessThan(dayMs / 120_000 + 1)
    expect(hub.machines.executions().map(({ now }) => now.status)).toEqual(Array(4).fill('RUNNING'))
    isDead = false
    // Three minutes until it is asked again, and until all are through.
    await pass(hub, hourMs / 10)
    expect(world.areOrdersEnded()).toBe(true)
    // The purchases are paid on the day that they are due.
    await pass(hub, 32 * dayMs)
    expect(world.wrongs()).toEqual([])
    expect(hub.machines.executions().map(({ now }) => now.status)).toEqual(Array(4).fill('SUCCEEDED'))
    expect(longestHistory(hub)).toBeLessThan(700)
  })
})

describe('an ERP that answers when it is asked whether it is back, and nothing else', () => {
  it('is so for five days before the history of a case is full', async () => {
    let isDead = false
    const fault = { kind: 'unavailable', times: 1 } as const
    const world = outageWorld({
      decide: ({ service, functionName }) =>
        service === 'erp' && isDead && functionName !== 'WatchErp' ? fault : undefined,
    })
    const { hub } = world
    onTestFinished(hub.close)
    world.begin()
    await pass(hub, hourMs)
    isDead = true
    await world.goOn()
    await pass(hub, dayMs / 4)
    expect(longestHistory(hub)).toBeLessThan(maximumHistoryEvents / 20)
    isDead = false
    // Ten minutes until whoever was woken in vain is woken again.
    await pass(hub, hourMs / 5)
    expect(world.areOrdersEnded()).toBe(true)
    await pass(hub, 32 * dayMs)
    expect(world.wrongs()).toEqual([])
  })
})

describe('an ERP that is still dead when its maintenance is over', () => {
  it('has everybody back within three minutes of its return, though they have waited for hours', async () => {
    let isDead = false
    const fault = { kind: 'unavailable', times: 1 } as const
    const world = outageWorld({ decide: ({ service }) => (service === 'erp' && isDead ? fault : undefined) })
    const { hub } = world
    onTestFinished(() => {
      delete environment().ERP_CALENDAR
      hub.close()
    })
    world.begin()
    await pass(hub, hourMs)
    const timeIn = (ms: number) => new Date(hub.time.nowMs() + ms).toISOString().slice(11, 16)
    const maintenance = [{ days: weekdays, from: timeIn(0), to: timeIn(2 * hourMs) }]
    environment().ERP_CALENDAR = ErpCalendar.parse({ timeZone: 'UTC', maintenance })
    isDead = true
    await world.goOn()
    await pass(hub, 2 * hourMs + 3 * minuteMs)
    isDead = false
    // It is asked at the next minute or the one after, and some seconds later all are through.
    await pass(hub, 4 * minuteMs)
    expect(world.areOrdersEnded()).toBe(true)
    await pass(hub, 32 * dayMs)
    expect(world.wrongs()).toEqual([])
  })
})

describe('an execution that keeps a machine from before it could sleep', () => {
  it('waits for a dead ERP as it did, and looks again', async () => {
    let isDead = false
    const fault = { kind: 'unavailable', times: 1 } as const
    const world = outageWorld(
      { decide: ({ service }) => (service === 'erp' && isDead ? fault : undefined) },
      { broken: { definition: withoutSleep(definition), purchaseDefinition: withoutSleep(purchaseDefinition) } },
    )
    const { hub } = world
    onTestFinished(hub.close)
    world.begin()
    await pass(hub, hourMs)
    isDead = true
    await world.goOn()
    await pass(hub, dayMs)
    // So it outlives a week of it, though nobody tries for it.
    expect(longestHistory(hub)).toBeLessThan(maximumHistoryEvents / 7)
    isDead = false
    // Ten minutes until the last has looked again, and until he is through.
    await pass(hub, hourMs / 5)
    expect(world.areOrdersEnded()).toBe(true)
    const states = hub.machines.executions().flatMap(({ visits }) => visits.map(({ state }) => state))
    expect(states).toContain('AwaitErp')
    expect(states).toContain('AwaitErpForCreateSalesOrder')
    await pass(hub, 32 * dayMs)
    expect(world.wrongs()).toEqual([])
  })
})

/** As it was deployed before. */
function withoutSleep(machine: unknown): unknown {
  return JSON.parse(JSON.stringify(machine), (key, value: unknown) => {
    if (key === 'canSleep' || key.startsWith('SleepUntilErp')) return undefined
    if (key !== 'Catch' || !Array.isArray(value)) return value
    return value.filter((one) => !JSON.stringify(one).includes('ErpStandstillError'))
  })
}

describe('an ERP that is paused for a day', () => {
  it('is not called, burns no retry and few history events, and gets every document once when resumed', async () => {
    let [isPaused, calls] = [false, 0]
    const world = outageWorld({
      decide: ({ service }) => {
        if (service === 'erp' && isPaused) calls += 1
        return undefined
      },
    })
    const { hub } = world
    onTestFinished(hub.close)
    world.begin()
    await pass(hub, hourMs)
    await change(hub, (account) => pause(account, undefined))
    isPaused = true
    await world.goOn()
    await pass(hub, dayMs)
    expect(calls).toBe(0)
    expect(sum(retriesOf(hub))).toBe(0)
    // Four looks of eleven events, should nobody wake it, and what was before it.
    expect(longestHistory(hub)).toBeLessThan(100)
    isPaused = false
    await change(hub, resume)
    // They are woken within a minute.
    await pass(hub, 3 * minuteMs)
    expect(world.areOrdersEnded()).toBe(true)
    await pass(hub, 32 * dayMs)
    expect(world.wrongs()).toEqual([])
    expect(longestHistory(hub)).toBeLessThan(350)
  })

  it('and is dead when it is resumed, wakes nobody before it is back', async () => {
    let isDead = false
    const fault = { kind: 'unavailable', times: 1 } as const
    const world = outageWorld({ decide: ({ service }) => (service === 'erp' && isDead ? fault : undefined) })
    const { hub } = world
    onTestFinished(hub.close)
    world.begin()
    await pass(hub, hourMs)
    await change(hub, (account) => pause(account, undefined))
    isDead = true
    await world.goOn()
    await pass(hub, hourMs)
    const before = costOf(hub)
    await change(hub, resume)
    await pass(hub, hourMs)
    expect(costOf(hub)).toEqual(before)
    isDead = false
    await pass(hub, hourMs / 10)
    expect(world.areOrdersEnded()).toBe(true)
    await pass(hub, 32 * dayMs)
    expect(world.wrongs()).toEqual([])
  })

  it('and is resumed shortly before the end of its pause, goes on within a minute for those as well who came last', async () => {
    const world = outageWorld(noFaults)
    const { hub } = world
    onTestFinished(hub.close)
    world.begin()
    await pass(hub, hourMs)
    const endMs = hub.time.nowMs() + dayMs
    await change(hub, (account) => pause(account, endMs))
    await pass(hub, dayMs - hourMs)
    await world.goOn()
    await pass(hub, 5 * minuteMs)
    await change(hub, resume)
    await pass(hub, 3 * minuteMs)
    expect(world.areOrdersEnded()).toBe(true)
    await pass(hub, 32 * dayMs)
    expect(world.wrongs()).toEqual([])
  })
})
