import { type Plan, planOf } from '#domain/erp-budget/limits.ts'
import { erpLimits, type Lane } from '#domain/erp-limits.ts'
import type { PostingName } from '#domain/keys.ts'
import { clock } from '../clock.ts'
import { environment, required } from '../environment.ts'
import type { SlotRequest } from './slot.ts'

/** Who asks for a slot of the function's ERP account, and what for. */
export function slotRequest(asker: {
  readonly lane: Lane
  /** The invocation. */
  readonly holder: string
  /** Absent: since now. */
  readonly askedSinceMs?: number | undefined
  readonly endsAtMs: number
  readonly posting?: PostingName | undefined
}): SlotRequest {
  const { lane, holder, askedSinceMs, endsAtMs, posting } = asker
  const { fewer } = accountLimits()
  return {
    account: required('ERP_ACCOUNT'),
    plan: accountPlan(),
    lane,
    holder,
    sinceMs: askedSinceMs ?? clock.nowMs(),
    endsAtMs,
    isNarrow: posting !== undefined && (fewer?.documents.includes(posting.document) ?? false),
  }
}

let plan: Plan | undefined

function accountPlan(): Plan {
  plan ??= planOf(accountLimits(), { skewMs: environment().SKEW_MS })
  return plan
}

function accountLimits() {
  const name = required('ERP_LIMITS')
  const limits = erpLimits[name]
  if (limits === undefined) throw new Error(`ERP_LIMITS is ${name}, which functions/domain/erp-limits.ts does not have`)
  return limits
}
