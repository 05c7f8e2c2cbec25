import { describe, expect, it } from 'vitest'
import type { ErrorClass } from '#domain/errors.ts'
import {
  type Choice,
  changeOf,
  choicesOf,
  type Decided,
  decideOn,
  type Ground,
  type InboxKind,
  kindOfFailure,
  knowableAtMs,
  needsSecondPerson,
  type Present,
  type Question,
  type Subject,
} from '#domain/inbox.ts'

describe('the kind of question that a failure asks', () => {
  it.each<[ErrorClass, string, Parameters<typeof kindOfFailure>[2], InboxKind | undefined]>([
    ['business', 'UNKNOWN_CUSTOMER', undefined, 'refusal'],
    ['business', 'CREDIT_LIMIT_EXCEEDED', 'refused', 'refusal'],
    ['business', 'CREDIT_LIMIT_EXCEEDED', 'in-doubt', 'doubt'],
    ['business', 'IN_DOUBT', 'in-doubt', 'doubt'],
    ['business', 'CONFLICT', 'in-doubt', 'conflict'],
    ['business', 'CONFLICT', 'posted', 'conflict'],
    ['retryable', 'RetryableError', undefined, undefined],
    ['in-doubt', 'OutcomeUnknownError', 'in-doubt', undefined],
    ['poison', 'PoisonMessageError', undefined, undefined],
    ['stopped', 'Execution ABORTED', undefined, undefined],
    ['bug', 'TypeError', undefined, undefined],
  ])('%s %s with a posting that is %s: %s', (errorClass, code, posting, kind) => {
    expect(kindOfFailure(errorClass, code, posting)).toBe(kind)
  })
})

describe('the choices of a question', () => {
  it.each<[InboxKind, Subject, readonly Choice[]]>([
    ['doubt', { code: 'IN_DOUBT', posting: 'in-doubt', hasSignal: true }, ['adopt', 'not-posted', 'close-case']],
    [
      'doubt',
      { code: 'CREDIT_LIMIT_EXCEEDED', posting: 'in-doubt', hasSignal: false },
      ['adopt', 'not-posted', 'post-again', 'close-case'],
    ],
    ['conflict', { code: 'CONFLICT', posting: 'in-doubt', hasSignal: false }, ['adopt', 'post-again', 'close-case']],
    ['conflict', { code: 'CONFLICT', posting: 'posted', hasSignal: false }, ['post-again', 'close-case']],
    ['refusal', { code: 'UNKNOWN_CUSTOMER', hasSignal: false }, ['post-again', 'close-case']],
    ['refusal', { code: 'X', posting: 'refused', hasSignal: false }, ['post-again', 'adopt', 'close-case']],
    ['refusal', { code: 'X', posting: 'refused', hasSignal: true }, ['post-again', 'adopt', 'ignore', 'close-case']],
    ['orphan-signal', { code: 'NO_CASE', hasSignal: true }, ['ignore']],
    ['refused-change', { hasSignal: false }, ['ignore']],
    ['refused-cancellation', { hasSignal: true }, ['ignore']],
    ['overdue', { hasSignal: false }, ['ignore', 'close-case']],
    ['approval', { hasSignal: false }, ['approve', 'reject']],
    ['variance', { code: 'price-variance', hasSignal: true, isBookable: true }, ['accept', 'dispute', 'wait']],
    ['variance', { code: 'unknown-line', hasSignal: true, isBookable: false }, ['dispute', 'wait']],
  ])('%s %j are %j', (kind, subject, expected) => {
    expect(choicesOf(kind, subject)).toEqual(expected)
  })
})

describe('a question', () => {
  const ground: Ground = {
    execution: { arn: 'arn:one', redriveCount: 1 },
    posting: { status: 'refused', fence: 2, claimId: 'c2' },
  }
  const owner = { executionArn: 'arn:one', redriveCount: 1 }
  const posting = { status: 'refused', fence: 2, claimId: 'c2' } as const
  const first = { kind: 'approval', version: '1' } as const
  const variance = { kind: 'variance', signal: { kind: 'supplier-invoice', number: 'INV-1' }, round: 1 } as const
  it.each<[string, Ground, Present, string | undefined]>([
    ['as it was', ground, { case: { status: 'rejected', owner }, posting }, undefined],
    ['failed instead', ground, { case: { status: 'failed', owner }, posting }, undefined],
    ['case open', ground, { case: { status: 'open', owner }, posting }, 'the case is open by now'],
    ['case completed', ground, { case: { status: 'completed', owner }, posting }, 'the case is completed by now'],
    ['no case', ground, { posting }, 'the case is gone by now'],
    [
      'redriven',
      ground,
      { case: { status: 'rejected', owner: { ...owner, redriveCount: 2 } }, posting },
      'the case has gone on since and failed again',
    ],
    [
      'taken over',
      ground,
      { case: { status: 'rejected', owner: { ...owner, executionArn: 'arn:two' } }, posting },
      'the case has gone on since and failed again',
    ],
    [
      'claimed again',
      ground,
      { case: { status: 'rejected', owner }, posting: { ...posting, fence: 3, claimId: 'c3' } },
      'the posting is refused by now',
    ],
    ['given back', ground, { case: { status: 'rejected', owner } }, 'the posting is absent by now'],
    ['parked', { parkedSignal: true }, { signal: { isConsumed: false } }, undefined],
    ['consumed', { parkedSignal: true }, { signal: { isConsumed: true } }, 'the signal has been taken up'],
    [
      'its case came',
      { parkedSignal: true },
      { case: { status: 'open', owner }, signal: { isConsumed: false } },
      'its case has come',
    ],
    [
      'its case is closed',
      { parkedSignal: true },
      { case: { status: 'closed', owner }, signal: { isConsumed: false } },
      undefined,
    ],
    ['without a ground', {}, {}, undefined],
    ['still to be approved', { asks: first }, { case: { status: 'open', owner }, asks: [first] }, undefined],
    [
      'approved, or another version',
      { asks: first },
      { case: { status: 'open', owner }, asks: [{ kind: 'approval', version: '2' }] },
      'version 1 is answered or replaced by now',
    ],
    [
      'still in variance',
      { asks: variance },
      { case: { status: 'failed', owner }, asks: [first, variance] },
      undefined,
    ],
    [
      'matched again',
      { asks: variance },
      { case: { status: 'open', owner }, asks: [{ ...variance, round: 2 }] },
      'supplier-invoice INV-1 is answered, or was matched anew since',
    ],
    ['its case is gone', { asks: variance }, {}, 'the case is gone by now'],
  ])('%s: %s', (_what, on, present, change) => {
    expect(changeOf(on, present)).toBe(change)
  })
})

describe('a decision', () => {
  const limits = { EUR: '1000.00' }
  const question: Question = {
    status: 'open',
    openedAtMs: 7,
    choices: ['adopt', 'post-again', 'close-case'],
    amount: '1000.01',
    currency: 'EUR',
  }
  const small: Question = { ...question, amount: '1000.00' }
  const said = { id: 'd1', choice: 'post-again', reason: 'mended', by: 'ann', openedAtMs: 7 } as const
  const proposal: Decided = { id: 'd0', choice: 'post-again', reason: 'mended', by: 'bob' }
  it.each<[string, Question, Partial<Decided & { openedAtMs: number }>, string]>([
    ['below the limit is carried out', small, {}, 'apply'],
    ['without an amount is carried out', { ...question, amount: undefined }, {}, 'apply'],
    ['in a currency without a limit is carried out', { ...question, currency: 'CHF' }, {}, 'apply'],
    ['above it is proposed', question, {}, 'propose'],
    ['above it, of a refund, is proposed', { ...question, amount: '-1000.01' }, {}, 'propose'],
    ['that another has proposed is carried out', { ...question, status: 'proposed', proposal }, {}, 'apply'],
    ['that the same has proposed is not', { ...question, status: 'proposed', proposal }, { by: 'bob' }, 'SAME_PERSON'],
    [
      'for another choice replaces what was proposed',
      { ...question, status: 'proposed', proposal },
      { choice: 'close-case' },
      'propose',
    ],
    [
      'for another document replaces what was proposed',
      { ...question, status: 'proposed', proposal: { ...proposal, choice: 'adopt', document: '7' } },
      { choice: 'adopt', document: '8' },
      'propose',
    ],
    ['that the question does not allow is not', small, { choice: 'not-posted' }, 'CHOICE_NOT_ALLOWED'],
    ['to adopt nothing is not', small, { choice: 'adopt' }, 'DOCUMENT_MISSING'],
    ['on a question that was asked anew is not', small, { openedAtMs: 6 }, 'STALE'],
    ['on a question that was decided is not', { ...small, status: 'decided' }, {}, 'ALREADY_DECIDED'],
    ['on a question that went away is not', { ...small, status: 'gone' }, {}, 'NO_LONGER_OPEN'],
  ])('%s', (_what, asked, change, expected) => {
    const outcome = decideOn(asked, { ...said, ...change }, limits)
    expect(outcome.do === 'refuse' ? outcome.code : outcome.do).toBe(expected)
  })

  it.each<[Choice, string]>([
    ['approve', 'propose'],
    ['accept', 'propose'],
    ['reject', 'apply'],
    ['dispute', 'apply'],
    ['wait', 'apply'],
  ])('to %s above the limit is to %s: two persons are needed for money to move', (choice, outcome) => {
    const asked = { ...question, choices: [choice] }
    expect(decideOn(asked, { ...said, choice }, limits)).toEqual({ do: outcome })
  })

  it('needs one person where nothing is configured', () => {
    expect(needsSecondPerson(question, {})).toBe(false)
  })
})

describe('that something is not in the ERP', () => {
  it('can be known when the ERP has settled', () => {
    const times = { settleMs: 60_000, skewMs: 2_000 }
    expect(knowableAtMs(1_000, times)).toBe(63_000)
    expect(knowableAtMs(undefined, times)).toBe(0)
  })
})
