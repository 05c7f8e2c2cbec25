import { nextEventOf, readStory } from '#aws/case-story.ts'
import { readTokens } from '#aws/signal-store.ts'
import { caseKeyOf } from '#domain/keys.ts'
import { type Happening, happeningsOf, type Story } from './story.ts'

export const caseKey = (story: Pick<Story, 'number'>) => caseKeyOf('shop', 'sales-order', story.number)

/**
 * Why a case has not come to rest yet, or undefined when it has: everything published so far has arrived, nothing is
 * under way, and either it has ended, or its execution sleeps with nothing to do. Only when to look is asked of the hub
 * here; what stands then is the oracle's to say.
 */
export async function restlessness(
  story: Story,
  published: readonly Happening[],
  nowMs: number,
): Promise<string | undefined> {
  const key = caseKey(story)
  const found = await readStory(key)
  if (found === undefined) return 'there is no case yet'
  const { status, version } = found.case
  const hasSignal = (kind: string, number: string) =>
    found.signals.some((signal) => signal.kind === kind && signal.number === number)
  const missing = published.filter((one) => one.kind !== 'order' && !hasSignal(signalKinds[one.kind], one.number))
  if (missing.length > 0) return `${missing.map(({ kind }) => kind).join(', ')} has not arrived`
  const newer = happeningsOf({ acts: [published] }, 'order').filter(
    ({ order }) => order.version > version && !hasSignal('change', String(order.version)),
  )
  if (status === 'rejected' || status === 'failed') return undefined
  if (newer.length > 0 && status === 'open') return 'a change has not arrived'
  const waiting = found.signals.filter(({ consumedAtMs }) => consumedAtMs === undefined)
  if (status !== 'open') return waiting.length > 0 ? `${status} with a signal that waits` : undefined
  const next = nextEventOf(found, nowMs)
  if (next.kind !== 'nothing-yet') return `it has to do ${next.kind}`
  return (await readTokens(key)).length === 0 ? 'its execution does not sleep' : undefined
}

const signalKinds = {
  'goods-issue': 'goods-issue',
  payment: 'incoming-payment',
  cancellation: 'cancellation',
  closing: 'closing',
  return: 'goods-return',
  refund: 'refund',
} as const
