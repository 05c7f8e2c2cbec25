import { describe, expect, it, onTestFinished } from 'vitest'
import type { ErpLimits } from '#domain/erp-limits.ts'
import type { Broken } from '../broken.ts'
import { createMeter } from '../erp/meter.ts'
import { noFaults } from '../faults.ts'
import { profiles } from '../history.ts'
import { outageWorld, pass } from './outage-world.ts'

const account = (more: Partial<ErpLimits>): ErpLimits => ({
  slots: 2,
  rates: [],
  unitsPerCall: 1,
  source: 'test',
  ...more,
})

describe('an ERP that counts its calls', () => {
  it('tells of one more at once than it allows, until an answer is back', () => {
    const meter = createMeter(account({}), () => 5)
    const [first, second, third] = [meter.sent(), meter.sent(), meter.sent()]
    first.arrived()
    second.arrived()
    first.ended()
    third.arrived()
    expect(meter.exceeded).toEqual([])
    meter.sent().arrived()
    expect(meter.exceeded).toEqual(['3 calls were under way at 5, of 2 allowed'])
  })

  it('tells of one that comes beside another when its caller has given it up', () => {
    const meter = createMeter(account({ slots: 1 }), () => 5)
    const late = meter.sent()
    late.ended()
    meter.sent().arrived()
    expect(meter.exceeded).toEqual([])
    late.arrived()
    expect(meter.exceeded).toHaveLength(1)
  })

  it('tells of one more in a window than it allows', () => {
    let nowMs = 0
    const meter = createMeter(account({ rates: [{ units: 6, perSeconds: 1 }], unitsPerCall: 3 }), () => nowMs)
    for (nowMs of [0, 400, 1000, 1400]) {
      const call = meter.sent()
      call.arrived()
      call.ended()
    }
    expect(meter.exceeded).toEqual([])
    nowMs = 1999
    meter.sent().arrived()
    expect(meter.exceeded).toEqual(['more than 6 units in 1 s were used at 1999'])
  })
})

describe('orders and purchases that come at once', () => {
  async function limitFaults(broken: Broken): Promise<readonly string[]> {
    const world = outageWorld(noFaults, { profile: profiles['look-up'], broken })
    onTestFinished(world.hub.close)
    world.begin()
    await world.goOn()
    await pass(world.hub, 3_600_000)
    expect(world.areOrdersEnded()).toBe(true)
    return world.hub.limitFaults
  }

  it('never exceed what the ERP allows at once', async () => {
    expect(await limitFaults({})).toEqual([])
  })

  it('exceed it when the budget is switched off', async () => {
    expect((await limitFaults({ isSlotOff: true }))[0]).toMatch(/^\d calls were under way at \d+, of 1 allowed$/)
  })
})
