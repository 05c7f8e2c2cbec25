import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { clock } from '#aws/clock.ts'
import { erpGate, withErpSlot } from '#aws/erp-budget/gate.ts'
import { type Plan, planOf } from '#domain/erp-budget/limits.ts'
import type { ErpLimits, Lane } from '#domain/erp-limits.ts'
import { createDatabase } from '../simulation/dynamodb/database.ts'
import { throttled, transactionConflict } from '../simulation/dynamodb/errors.ts'
import type { Call, Fault, FaultPlan } from '../simulation/faults.ts'
import { withInvocation } from '../simulation/invocation.ts'
import { type Random, seededRandom } from '../simulation/random.ts'
import { replaceSend } from '../simulation/replace.ts'
import { createSeam } from '../simulation/seam.ts'
import { createVirtualTime, type VirtualTime } from '../simulation/virtual-time.ts'
import { type CountingErp, countingErp } from './counting-erp.ts'
import { lambdaTimeoutMs, table } from './settings.ts'
import { meterUnits, type UnitMeter } from './table-units.ts'

/** The hub's own budget code over a table in memory, in virtual time, and an ERP that counts for itself. */
export type World = {
  readonly time: VirtualTime
  readonly random: Random
  readonly erp: CountingErp
  readonly writes: number
  readonly reads: number
  readonly units: UnitMeter
  /** Lambdas that were killed. */
  readonly kills: number
  /** One step, whose calls take the ERP so long, as a Lambda of its own. @throws what a machine would see */
  runStep(step: Step): Promise<void>
  close(): void
}

export type Step = { readonly lane: Lane; readonly serviceMs: readonly number[]; readonly sinceMs: number }

/** @param killRate how many calls of the ERP a Lambda does not survive; of the table's a twentieth of that */
export function createWorld(seed: string, limits: ErpLimits, killRate: number): World {
  const random = seededRandom(seed)
  const time = createVirtualTime()
  const [latency, chance] = [random.fork('latency'), random.fork('chance')]
  const count = { writes: 0, reads: 0, kills: 0 }
  const plan: FaultPlan = { decide: (call) => kill(call, chance, killRate) }
  const onCall = (call: Call, fault: Fault | undefined) => {
    if (fault !== undefined) count.kills += 1
    if (call.service === 'dynamodb') count[call.operation === 'Get' ? 'reads' : 'writes'] += 1
  }
  const seam = createSeam({ time, plan, latencyMs: () => latency.integer(1, 4), onCall, frozenSurvive: false })
  const database = createDatabase({
    tables: [{ name: table, keys: { partition: 'pk', sort: 'sk' } }],
    nowMs: time.nowMs,
    removeUndefinedValues: true,
  })
  const units = meterUnits(database, time.nowMs)
  const undo = replaceSend(DynamoDBDocumentClient, {
    seam,
    time,
    service: 'dynamodb',
    request: units.request,
    refusals: { throttled, conflict: () => transactionConflict(2) },
  })
  const { nowMs, sleep } = clock
  Object.assign(clock, seam.clock)
  const erp = countingErp(time, limits)
  const budget: Plan = planOf(limits, { skewMs: 500, clientTimeoutMs: 15_000 })
  const call = async (serviceMs: number) => {
    // The way to the ERP is longer than the one to the table, and differs from call to call.
    await clock.sleep(latency.integer(0, 15))
    const failing = () => undefined
    await seam.http({ service: 'erp', operation: 'call' }, () => erp.serve(serviceMs), {
      throttled: failing,
      unavailable: failing,
    })
  }
  const runStep: World['runStep'] = ({ lane, serviceMs, sinceMs }) => {
    const skewMs = chance.integer(-5, 5)
    return withInvocation(
      time,
      { functionName: 'Step', timeoutMs: lambdaTimeoutMs, skewMs },
      async ({ id, endsAtMs }) => {
        const request = {
          account: 'erp',
          plan: budget,
          lane,
          sinceMs,
          isNarrow: false,
          flows: [],
          endsAtMs,
          holder: `step-${id}`,
        }
        await withErpSlot(request, async () => {
          for (const [made, ms] of serviceMs.entries()) {
            // A posting stores what it is about to send: of a look, a write and a look, before the one in the middle.
            if (made % 2 === 1) await clock.sleep(8)
            await erpGate.beforeCall()
            await call(ms)
            await erpGate.after({ kind: 'up' })
          }
        })
      },
    )
  }
  return {
    time,
    random,
    erp,
    units,
    get writes() {
      return count.writes
    },
    get reads() {
      return count.reads
    },
    get kills() {
      return count.kills
    },
    runStep,
    close: () => {
      undo()
      Object.assign(clock, { nowMs, sleep })
    },
  }
}

function kill({ service, functionName }: Call, chance: Random, rate: number): Fault | undefined {
  if (functionName === undefined || !chance.chance(service === 'erp' ? rate : rate / 20)) return undefined
  return { kind: chance.chance(0.5) ? 'crash-before' : 'crash-after' }
}
