import { randomUUID } from 'node:crypto'
import { type Plan, planOf, shardFor } from '#domain/erp-budget/limits.ts'
import { erpLimits, type Lane } from '#domain/erp-limits.ts'
import { flowsOf, laneOf } from '#domain/flow-catalog/flows-of.ts'
import type { PostingName } from '#domain/keys.ts'
import { clock } from '../clock.ts'
import { environment, required } from '../environment.ts'
import type { SlotRequest } from './slot.ts'

interface Asker {
  /** Absent: that of the flows. */
  readonly lane?: Lane
  /** The invocation. */
  readonly holder: string
  /** Absent: since now. */
  readonly askedSinceMs?: number | undefined
  readonly endsAtMs: number
  readonly posting?: PostingName | undefined
  /** Which of the flows that bring such a document, where the posting does not tell. */
  readonly flow?: string | undefined
}

/** Who asks for a slot of the function's ERP account, and what for. */
export function slotRequest(asker: Asker): SlotRequest {
  const { holder, askedSinceMs, endsAtMs, posting, flow } = asker
  const all = posting === undefined ? [] : flowsOf(posting.document)
  const flows = all.filter(({ name }) => flow === undefined || name === flow)
  const { fewer } = accountLimits()
  return {
    account: required('ERP_ACCOUNT'),
    plan: accountPlan(),
    lane: asker.lane ?? laneOf(flows),
    flows: flows.map(({ name }) => name),
    holder,
    sinceMs: askedSinceMs ?? clock.nowMs(),
    endsAtMs,
    isNarrow: posting !== undefined && (fewer?.documents.includes(posting.document) ?? false),
  }
}

/** One for each shard of the account, by whose holder it is found; two runs at the same moment are two holders. */
export function requestOfEachShard(asker: Pick<Asker, 'lane' | 'endsAtMs'>): readonly SlotRequest[] {
  const run = randomUUID()
  const requests = new Map<number, SlotRequest>()
  const { shards } = accountPlan()
  for (let n = 0; requests.size < shards.length; n++) {
    const request = slotRequest({ ...asker, holder: `${run} ${n}` })
    const { shard } = shardFor(request, request.plan)
    if (!requests.has(shard)) requests.set(shard, request)
  }
  return [...requests.values()]
}

let plan: Plan | undefined

function accountPlan(): Plan {
  const { SKEW_MS: skewMs, CLIENT_TIMEOUT_MS: clientTimeoutMs } = environment()
  plan ??= planOf(accountLimits(), { skewMs, clientTimeoutMs })
  return plan
}

function accountLimits() {
  const name = required('ERP_LIMITS')
  const limits = erpLimits[name]
  if (limits === undefined) throw new Error(`ERP_LIMITS is ${name}, which functions/domain/erp-limits.ts does not have`)
  return limits
}
