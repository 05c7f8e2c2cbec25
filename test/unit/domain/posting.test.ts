import { describe, expect, it } from 'vitest'
import {
  type AttemptDecision,
  decideAttempt,
  decideDoubt,
  decideFirstLook,
  decideOutcome,
  decideReadBack,
  maySend,
  type Posting,
} from '#domain/posting.ts'

const times = { leaseMs: 40_000, settleMs: 60_000, skewMs: 2_000, clientTimeoutMs: 15_000 }
const nowMs = 1_000_000
const intent = { operation: 'create', doubt: 'natural-key' } as const
const document = { id: '7' }

function posting(changes: Partial<Posting>): Posting {
  return { status: 'claimed', fence: 1, claimId: 'other', fingerprint: 'same', ...changes }
}

const late = { code: 'GOODS_GONE', message: 'goods have left', owner: 'sales' } as const

describe('what an attempt does with the posting that it meets', () => {
  const rows: readonly [string, Posting | undefined, AttemptDecision][] = [
    ['absent: claims', undefined, { do: 'claim' }],
    [
      'claimed, lease live: waits, the clock skew included',
      posting({ leaseEndsAtMs: nowMs - 1_999, intent }),
      { do: 'wait', untilMs: nowMs + 1 },
    ],
    [
      'in doubt, lease live: waits, since somebody resolves it',
      posting({ status: 'in-doubt', leaseEndsAtMs: nowMs, sentAtMs: 1, intent }),
      { do: 'wait', untilMs: nowMs + 2_000 },
    ],
    [
      'claimed, lease over, something was about to be sent: in doubt from now on',
      posting({ leaseEndsAtMs: nowMs - 2_000, intent }),
      { do: 'claim-doubt', sentAtMs: nowMs },
    ],
    ['claimed, lease over, no intent: nothing can be on its way', posting({ leaseEndsAtMs: 1 }), { do: 'claim' }],
    [
      'claimed, lease over, no intent, other content: nothing was sent that binds',
      posting({ leaseEndsAtMs: 1, fingerprint: 'other' }),
      { do: 'claim' },
    ],
    [
      'in doubt, given back: claims the doubt as old as it is',
      posting({ status: 'in-doubt', sentAtMs: 5, intent }),
      { do: 'claim-doubt', sentAtMs: 5 },
    ],
    [
      'in doubt, other content: a conflict for a person',
      posting({ status: 'in-doubt', sentAtMs: 5, intent, fingerprint: 'other' }),
      { do: 'conflict' },
    ],
    [
      'claimed with an intent, lease over, other content: a conflict',
      posting({ leaseEndsAtMs: 1, intent, fingerprint: 'other' }),
      { do: 'conflict' },
    ],
    ['posted, same content: a replay', posting({ status: 'posted', document }), { do: 'replay', document }],
    [
      'posted, other content: a conflict',
      posting({ status: 'posted', document, fingerprint: 'other' }),
      { do: 'conflict' },
    ],
    ['refused: claims anew', posting({ status: 'refused' }), { do: 'claim' }],
    [
      'refused for good: stays refused, however late the attempt comes',
      posting({ status: 'refused', isFinal: true, refusal: late }),
      { do: 'refuse', refusal: late },
    ],
    [
      'refused, other content: claims anew, since nothing was applied',
      posting({ status: 'refused', fingerprint: 'other' }),
      { do: 'claim' },
    ],
  ]
  it.each(rows)('%s', (_row, met, decision) => {
    expect(decideAttempt(met, 'same', nowMs, times)).toEqual(decision)
  })
})

describe('how a doubt ends', () => {
  it.each(['natural-key', 'if-unchanged'] as const)('%s: repeats at once', (doubt) => {
    expect(decideDoubt(doubt, nowMs, nowMs, times)).toEqual({ do: 'repeat' })
  })
  it('look-up: waits until settle and skew are over', () => {
    expect(decideDoubt('look-up', nowMs, nowMs + 61_999, times)).toEqual({ do: 'wait', untilMs: nowMs + 62_000 })
    expect(decideDoubt('look-up', nowMs, nowMs + 62_000, times)).toEqual({ do: 'look-up' })
  })
  it('neither: asks a person', () => {
    expect(decideDoubt('neither', 0, nowMs, times)).toEqual({ do: 'ask-a-person' })
  })
})

describe('what an answer makes of the posting', () => {
  it.each([
    ['answered', false, 'read-back'],
    ['exists', false, 'read-back'],
    ['changed', true, 'read-back'],
    ['refused', false, 'store-refusal'],
    ['refused', true, 'keep-doubt-with-refusal'],
    ['not-applied', false, 'give-back'],
    ['not-applied', true, 'give-back'],
    ['no-answer', false, 'mark-in-doubt'],
    ['no-answer', true, 'mark-in-doubt'],
  ] as const)('%s, in doubt before: %s → %s', (outcome, inDoubt, decision) => {
    expect(decideOutcome(outcome, inDoubt)).toBe(decision)
  })
})

describe('what reading the document back means', () => {
  const at = (done: number, ...differences: string[]) => ({ done, differences })
  it.each([
    ['nothing there at the first look: begins', [], -1, 'first-look', false, { do: 'next', operation: 0 }],
    ['half done at the first look: does what is left', [at(2)], -1, 'first-look', false, { do: 'next', operation: 2 }],
    ['all done and equal: posted', [at(4)], 3, 'answered', false, { do: 'post' }],
    ['created by the lost request: adopts and goes on', [at(1)], 0, 'exists', true, { do: 'next', operation: 1 }],
    ['moved on by the lost request: goes on', [at(3)], 1, 'changed', true, { do: 'next', operation: 3 }],
    ['looked up and not there: sends anew', [], 0, 'looked-up', true, { do: 'send-anew' }],
    ['looked up and not moved: sends anew', [at(1)], 1, 'looked-up', true, { do: 'send-anew' }],
    ['it exists, but is not shown yet: in doubt', [], 0, 'exists', true, { do: 'not-shown-yet' }],
    ['a fresh stamp was too old: reads it again', [at(1)], 1, 'changed', false, { do: 'next', operation: 1 }],
  ] as const)('%s', (_row, found, operation, said, inDoubt, decision) => {
    expect(decideReadBack(found, 4, operation, said, inDoubt)).toEqual(decision)
  })
  it.each([
    ['two bear the reference', [at(4), at(4)], 0, 'looked-up', true],
    ['the content differs', [at(4, 'line 1 has 2, not 3')], 3, 'answered', false],
    ['a stamp in doubt is too old and nothing moved: a clerk may have undone it', [at(1)], 1, 'changed', true],
    ['it was answered, but nothing moved', [at(1)], 1, 'answered', false],
  ] as const)('%s: a conflict', (_row, found, operation, said, inDoubt) => {
    expect(decideReadBack(found, 4, operation, said, inDoubt).do).toBe('conflict')
  })
})

it('sends nothing when less than client timeout and skew of the lease is left', () => {
  expect(maySend(nowMs + 17_000, nowMs, times)).toBe(true)
  expect(maySend(nowMs + 16_999, nowMs, times)).toBe(false)
})

describe('a first look that finds less than is known to be applied', () => {
  const applied = { operations: 2, atMs: nowMs }
  it.each([
    ['nothing is missing', 2, 'look-up', 0, 'go-on'],
    ['the ERP refuses a second one: does again what somebody has undone', 1, 'natural-key', 0, 'go-on'],
    ['a stamp guards the next one: does again what somebody has undone', 1, 'if-unchanged', 0, 'go-on'],
    ['only a look-up can tell, and it may not see it yet', 1, 'look-up', 61_999, 'wait'],
    ['only a look-up can tell, and it would see it by now: for a person', 1, 'look-up', 62_000, 'conflict'],
    ['nobody can tell: for a person', 1, 'neither', 62_000, 'conflict'],
  ] as const)('%s', (_row, done, next, laterMs, decision) => {
    expect(decideFirstLook(done, applied, next, nowMs + laterMs, times)).toBe(decision)
  })
})
