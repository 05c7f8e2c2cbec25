import type { PostingTimes } from '#domain/posting.ts'
import { environment } from './environment.ts'

/** The times of an attempt, as the deployment sets them for this ERP. */
export function postingTimes(): PostingTimes {
  const { LEASE_MS, SETTLE_MS, SKEW_MS, CLIENT_TIMEOUT_MS } = environment()
  return { leaseMs: LEASE_MS, settleMs: SETTLE_MS, skewMs: SKEW_MS, clientTimeoutMs: CLIENT_TIMEOUT_MS }
}
