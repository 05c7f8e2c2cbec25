import { describe, expect, it, onTestFinished } from 'vitest'
import { pause, resume } from '#aws/erp-budget/pause-store.ts'
import type { Fault } from '../faults.ts'
import { names } from '../hub/settings.ts'
import type { Hub } from '../hub.ts'
import { historyEventsOf, maximumHistoryEvents } from '../machine/history-events.ts'
import { outageWorld, pass } from './outage-world.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

const retriesOf = (hub: Hub) =>
  hub.machines
    .executions()
    .flatMap(({ visits }) => visits.map(({ exits }) => exits.filter((exit) => exit.startsWith('retry')).length))
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
const longestHistory = (hub: Hub) => Math.max(...hub.machines.executions().map(historyEventsOf))

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
    await pass(hub, dayMs)
    // Five calls open the circuit, then one probe in ten minutes at the most, for all cases together.
    expect(calls).toBeGreaterThan(100)
    expect(calls).toBeLessThan(170)
    // Only those are retried whose call was the first to find it down.
    expect(sum(retriesOf(hub))).toBeLessThan(8)
    // Each looks once in eleven minutes, seven events a look, and twice as many when it is the one that calls: a fortnight of
    // it is less than the 25,000 that a history may have.
    expect(longestHistory(hub)).toBeLessThan(maximumHistoryEvents / 14)
    expect(hub.machines.executions().map(({ now }) => now.status)).toEqual(Array(4).fill('RUNNING'))
    isDead = false
    // Ten minutes until the next one calls, and until he is through.
    await pass(hub, hourMs / 5)
    expect(world.areOrdersEnded()).toBe(true)
    // The purchases are paid on the day that they are due.
    await pass(hub, 32 * dayMs)
    expect(world.wrongs()).toEqual([])
    expect(hub.machines.executions().map(({ now }) => now.status)).toEqual(Array(4).fill('SUCCEEDED'))
    expect(longestHistory(hub)).toBeLessThan(maximumHistoryEvents / 12)
  })
})

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
    const change = {
      account: names.account,
      flow: undefined,
      person: { person: 'ann', reason: 'move of its data centre' },
    }
    const paused = pause(change, undefined)
    await pass(hub, 1000)
    await paused
    isPaused = true
    await world.goOn()
    await pass(hub, dayMs)
    expect(calls).toBe(0)
    expect(sum(retriesOf(hub))).toBe(0)
    // Sixty-odd looks of seven events, one more or less by the moment at which it is paused, and what was before it. Each further
    // day has a look an hour, so that weeks of it are far less than the 25,000 that a history may have.
    expect(longestHistory(hub)).toBeLessThan(maximumHistoryEvents / 48)
    isPaused = false
    const resumed = resume(change)
    await pass(hub, 1000)
    await resumed
    // A tenth of the pause, an hour at most, until the last has looked again.
    await pass(hub, 1.25 * hourMs)
    expect(world.areOrdersEnded()).toBe(true)
    await pass(hub, 32 * dayMs)
    expect(world.wrongs()).toEqual([])
    expect(longestHistory(hub)).toBeLessThan(maximumHistoryEvents / 10)
  })
})
