// What an order with one delivery and one payment costs: everything it makes the hub do is counted, at list prices.
import '../simulation/hub/settings.ts'
import { noFaults } from '../simulation/faults.ts'
import { profiles } from '../simulation/history.ts'
import { createHub } from '../simulation/hub.ts'
import { isToldEnded } from '../simulation/laws/told.ts'
import { addCrossReference } from '../simulation/operator.ts'
import { act } from '../simulation/play.ts'
import { setStories } from '../simulation/set-stories.ts'
import { readState } from '../simulation/state.ts'
import { tell } from './row.ts'
import { meterUnits, type UnitMeter } from './table-units.ts'

/** US dollars a million, us-east-1, on demand, Lambda on arm64; each from AWS's price list of its service. */
const aMillion = {
  transitions: 25,
  invocations: 0.2,
  writeUnits: 0.625,
  readUnits: 0.125,
  events: 1,
  queueRequests: 0.4,
  gigabyteSeconds: 13.3334,
} as const
type Counted = keyof typeof aMillion
const words = {
  transitions: 'transitions',
  invocations: 'invocations',
  writeUnits: 'write units',
  readUnits: 'read units',
  events: 'events',
  queueRequests: 'queue requests',
  gigabyteSeconds: 'GB-s',
} as const satisfies Record<Counted, string>
const round = (number: number) => Math.round(number * 100) / 100

const memoryGb = 0.5
/** The longest that the hub's own share of a step may take, without the ERP. */
const secondsAStep = 0.05
const highestDollars = 0.0005

const { plain: story } = setStories
const [order] = story?.orders ?? []
if (story === undefined || order === undefined) throw new Error('There is no plain order')

let units: UnitMeter | undefined
const calls = new Map<string, number>()
const hub = createHub({
  seed: 'cost',
  profile: profiles['natural-key'],
  plan: noFaults,
  isCalm: true,
  onCall: ({ service, operation }) => {
    const name = `${service} ${operation}`
    calls.set(name, (calls.get(name) ?? 0) + 1)
  },
  broken: {
    table: (request) => {
      const peek: typeof hub.database.peek = (table, key) => hub.database.peek(table, key)
      units = meterUnits({ request, peek }, () => hub.time.nowMs(), ['listKey', 'number'])
      return units.request
    },
  },
})
for (const { item } of order.lines) addCrossReference(hub, 'item', item)
addCrossReference(hub, 'customer', order.customer)
for (const play of story.plays) hub.time.after(play.atMs, () => act(hub, play, story))
await hub.time.run({ untilMs: hub.time.nowMs() + 3_600_000 })
if (!isToldEnded(hub, readState(hub), order)) throw new Error('The order has not ended')

const visits = hub.machines.executions().flatMap((one) => one.visits)
const transitions = visits.reduce((sum, { attempts }) => sum + Math.max(1, attempts), 0)
const ofService = (service: string) =>
  [...calls].reduce((sum, [name, times]) => sum + (name.startsWith(`${service} `) ? times : 0), 0)
const signals = story.plays.length - 1
const invocations = ofService('lambda') + signals
const counted: Record<Counted, number> = {
  transitions,
  invocations,
  writeUnits: units?.writes ?? 0,
  readUnits: units?.reads ?? 0,
  events: story.plays.length + ofService('events'),
  // A message is sent, received and deleted.
  queueRequests: 3 * signals,
  gigabyteSeconds: invocations * secondsAStep * memoryGb,
}
hub.close()
const dollars = (name: Counted) => (counted[name] * aMillion[name]) / 1_000_000
const names = Object.keys(aMillion).filter((name): name is Counted => name in aMillion)
const total = names.reduce((sum, name) => sum + dollars(name), 0)
tell([
  {
    what: 'an order with one delivery and one payment, at list prices',
    measured: `$${total.toFixed(6)}: ${names.map((name) => `${round(counted[name])} ${words[name]} $${dollars(name).toFixed(6)}`).join(', ')}`,
    target: `$${highestDollars}`,
    isKept: total <= highestDollars,
    numbers: { total, counted, calls: Object.fromEntries(calls) },
  },
])
