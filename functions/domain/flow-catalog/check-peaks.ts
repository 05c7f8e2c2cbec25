import { type ErpAccount, type ErpCall, erpCalls } from '#domain/erp-limits.ts'
import type { Finding } from './check.ts'
import type { Flow } from './flow.ts'

/** At their peaks all flows together ask no more of an ERP account than it can do. */
export function peakFindings(flows: readonly Flow[], account: ErpAccount): readonly Finding[] {
  return [
    ...flows.filter(({ target, erpCalls }) => target === 'erp' && Object.keys(erpCalls).length === 0).map(withoutCalls),
    ...flows.flatMap((flow) => unmeasured(flow, account)),
    ...capacitiesOf(account).flatMap((capacity) => above(flows, account, capacity)),
  ]
}

/** A flow into the ERP that asks nothing of it would be left out of the reckoning. */
function withoutCalls({ name }: Flow): Finding {
  return {
    flows: [name],
    rule: 'peak',
    says: 'it goes into the erp, and erpCalls names nothing that an item asks of it',
    mend: 'name each document that an item brings in erpCalls, with how many of it on average',
  }
}

/** How many calls one item of a flow costs on average: of all kinds, or of those that count. */
export function callsPerItem(flow: Flow, { costs }: ErpAccount, counts: (call: ErpCall) => boolean = () => true) {
  return rounded(
    erpCalls.filter(counts).reduce((sum, call) => sum + (flow.erpCalls[call] ?? 0) * (costs.calls[call] ?? 0), 0),
  )
}

/** How many calls a minute an account can take, and the reckoning of that. */
interface Capacity {
  readonly of: string
  readonly most: number
  readonly because: string
  readonly counts: (call: ErpCall) => boolean
  /** False where it limits some of the calls only. */
  readonly isForAll: boolean
}

/** Each limit of an account as calls a minute: slots by how long a call takes, rates by the units that it takes. */
export function capacitiesOf({ name, limits, costs }: ErpAccount): readonly Capacity[] {
  const { slots, fewer, rates, unitsPerCall } = limits
  const bySlots = (of: string, count: number, counts: Capacity['counts'], isForAll: boolean) => ({
    of,
    isForAll,
    most: rounded((count * 60) / costs.secondsPerCall),
    because: `${count} at once × 60 s ÷ ${costs.secondsPerCall} s a call`,
    counts,
  })
  const byRates = rates.map(({ units, perSeconds }) => ({
    of: `ERP account ${name}`,
    isForAll: true,
    most: rounded((units / unitsPerCall / perSeconds) * 60),
    because: `${units} units in ${perSeconds} s ÷ ${unitsPerCall} a call × 60 s`,
    counts: () => true,
  }))
  const isOfFewer = (call: ErpCall) => fewer?.documents.some((document) => document === call) ?? false
  return [
    bySlots(`ERP account ${name}`, slots, () => true, true),
    ...(fewer === undefined ? [] : [bySlots(`ERP account ${name}, what it posts`, fewer.slots, isOfFewer, false)]),
    ...byRates,
  ]
}

function above(flows: readonly Flow[], account: ErpAccount, capacity: Capacity): readonly Finding[] {
  const terms = flows
    .map((flow) => {
      const [calls, peak] = [callsPerItem(flow, account, capacity.counts), flow.volume.peakPerMinute]
      return { name: flow.name, calls, peak, product: peak * calls }
    })
    .filter(({ calls }) => calls > 0)
    .sort((one, other) => other.product - one.product)
  const sum = rounded(terms.reduce((total, { product }) => total + product, 0))
  if (sum <= capacity.most) return []
  const reckoning = terms.map(({ name, peak, calls }) => `${name} ${peak} × ${calls}`).join(' + ')
  return [
    {
      flows: terms.map(({ name }) => name),
      rule: 'peak',
      says: `${capacity.of}: ${reckoning} = ${sum} calls a minute at the peak, above ${capacity.most} (${capacity.because})`,
      mend: `lower peakPerMinute, most of all of ${terms[0]?.name}, or give the environment an account with higher limits (erp.limits)`,
    },
  ]
}

function unmeasured({ name, erpCalls: asked }: Flow, { name: account, costs }: ErpAccount): readonly Finding[] {
  return erpCalls
    .filter((call) => asked[call] !== undefined && costs.calls[call] === undefined)
    .map((call) => ({
      flows: [name],
      rule: 'peak',
      says: `nobody has measured how many calls a ${call} costs in the ERP account ${account}`,
      mend: `measure it as test/contract/tryton-costs.test.ts does, and write it into costs.ts of the connector`,
    }))
}

function rounded(calls: number): number {
  return Math.round(calls * 100) / 100
}
