import { nextEventOf, readStory } from '#aws/case-story.ts'
import { readTokens } from '#aws/signal-store.ts'

/** What has to have arrived: a version of the document that the case is about, or a signal. */
export type Arrival = { readonly version: number } | { readonly kind: string; readonly number: string }

/**
 * Why a case has not come to rest yet, or undefined when it has: everything published so far has arrived, nothing is
 * under way, and either it has ended, or its execution sleeps with nothing to do. Only when to look is asked of the hub
 * here; what stands then is the oracle's to say.
 */
export async function restlessness(
  caseKey: string,
  published: readonly Arrival[],
  nowMs: number,
): Promise<string | undefined> {
  const found = await readStory(caseKey)
  if (found === undefined) return 'there is no case yet'
  const { status, version } = found.case
  const hasSignal = (kind: string, number: string) =>
    found.signals.some((signal) => signal.kind === kind && signal.number === number)
  const missing = published.flatMap((one) => ('version' in one || hasSignal(one.kind, one.number) ? [] : [one.kind]))
  if (missing.length > 0) return `${missing.join(', ')} has not arrived`
  const newer = published.filter(
    (one) => 'version' in one && one.version > version && !hasSignal('change', String(one.version)),
  )
  if (status === 'rejected' || status === 'failed') return undefined
  if (newer.length > 0 && status === 'open') return 'a change has not arrived'
  const waiting = found.signals.filter(({ consumedAtMs }) => consumedAtMs === undefined)
  if (status !== 'open') return waiting.length > 0 ? `${status} with a signal that waits` : undefined
  const next = nextEventOf(found, nowMs)
  if (next.kind !== 'nothing-yet') return `it has to do ${next.kind}`
  return (await readTokens(caseKey)).length === 0 ? 'its execution does not sleep' : undefined
}
