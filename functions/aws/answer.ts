import { fingerprint } from '#domain/fingerprint.ts'
import type { Choice, Ground } from '#domain/inbox.ts'
import { sortKey } from '#domain/keys.ts'
import { type CaseItem, expiresAt } from './case-store.ts'
import { clock, isoOf } from './clock.ts'
import { environment } from './environment.ts'
import type { StoredDecision } from './inbox-store.ts'
import { waitingSignals } from './signal-store.ts'
import type { Part } from './table.ts'

type Asked = NonNullable<Ground['asks']>

/**
 * What a person's answer to a case writes: an approval is a signal of its own, under the version that it is about; what is
 * said to a variance stands with the match that was asked about, so that it holds for no other.
 */
export function answerParts(seen: CaseItem, asks: Asked, decision: StoredDecision): readonly Part[] {
  return asks.kind === 'approval'
    ? [caseHearing(seen, decision.choice), approval(seen.pk, asks.version, decision)]
    : [caseAsSeen(seen), varianceAnswered(seen.pk, asks, decision)]
}

const asSeen = ({ pk, status, signalCount }: CaseItem) => ({
  key: { pk, sk: sortKey.case },
  condition: '#status = :status AND signalCount = :count',
  names: { '#status': 'status' },
  values: { ':status': status, ':count': signalCount },
})

function caseAsSeen(seen: CaseItem): Part {
  const { key, ...rest } = asSeen(seen)
  return { check: key, ...rest }
}

/** From an approval on the case has its usual time, as it would have had without one. */
function caseHearing(seen: CaseItem, choice: Choice): Part {
  const { values, ...rest } = asSeen(seen)
  const isApproved = choice === 'approve'
  return {
    ...rest,
    update: `SET signalCount = signalCount + :one${isApproved ? ', deadlineAtMs = :deadline' : ''}`,
    values: {
      ...values,
      ':one': 1,
      ...(isApproved && { ':deadline': clock.nowMs() + environment().DEADLINE_MS }),
    },
  }
}

/** What was declined waits until it is told; an approval has nothing more to say. */
function approval(pk: string, version: string, { id, choice, reason }: StoredDecision): Part {
  const nowMs = clock.nowMs()
  const says =
    choice === 'approve'
      ? { consumedAtMs: nowMs }
      : { refusal: { code: 'DECLINED', message: reason }, listKey: waitingSignals, listedAtMs: nowMs }
  return {
    put: {
      pk,
      sk: sortKey.signal('approval', version),
      kind: 'approval',
      number: version,
      eventId: id,
      occurredAt: isoOf(nowMs),
      fingerprint: fingerprint({ version, choice }),
      data: {},
      expiresAt: expiresAt(nowMs),
      ...says,
    },
    condition: 'attribute_not_exists(pk)',
  }
}

/** A dispute ends the document, and is told; what is accepted or waited for stays with its match. */
function varianceAnswered(
  pk: string,
  { signal, round }: Extract<Asked, { kind: 'variance' }>,
  { choice, reason }: StoredDecision,
): Part {
  const isDispute = choice === 'dispute'
  const said = isDispute ? { code: 'DISPUTED', message: reason } : choice
  return {
    key: { pk, sk: sortKey.signal(signal.kind, signal.number) },
    update: isDispute ? 'SET refusal = :said' : 'SET #match.decision = :said',
    condition:
      '#match.round = :round AND attribute_not_exists(#match.decision) AND attribute_not_exists(refusal) AND attribute_not_exists(consumedAtMs)',
    names: { '#match': 'match' },
    values: { ':said': said, ':round': round },
  }
}
