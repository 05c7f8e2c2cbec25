import { describe, expect, it } from 'vitest'
import { type AcceptDecision, type AcceptedCase, decideAccept, decideOwner } from '#domain/accept.ts'

const me = { executionArn: 'arn:me', redriveCount: 1 }
const other = { executionArn: 'arn:other', epoch: 2, redriveCount: 0 }
const mine = { executionArn: me.executionArn, epoch: 1, redriveCount: 0 }
const here = { ...mine, redriveCount: 1 }
const redriven = { ...mine, redriveCount: 2 }
const event = { version: 2, fingerprint: 'content' }

function existing(changes: Partial<AcceptedCase>): AcceptedCase {
  return { status: 'open', owner: other, version: 2, fingerprint: 'content', ...changes }
}

describe('who owns the case', () => {
  const rows: readonly [string, AcceptedCase | undefined, AcceptDecision, 'bound'?][] = [
    ['absent: creates it', undefined, { do: 'create' }],
    ['open and mine: resumes', existing({ owner: mine }), { do: 'resume' }],
    ['open and mine, accepted by this run before: resumes', existing({ owner: here }), { do: 'resume' }],
    [
      'open and mine, redriven since: this Lambda is of a run that is over',
      existing({ owner: redriven }),
      { do: 'end', as: 'superseded' },
    ],
    [
      'failed and mine, recorded of this run: it is over',
      existing({ status: 'failed', owner: here }),
      { do: 'end', as: 'superseded' },
    ],
    [
      'rejected and mine, recorded of this run: it is over',
      existing({ status: 'rejected', owner: here }),
      { do: 'end', as: 'superseded' },
    ],
    ['failed and mine, redriven: resumes', existing({ status: 'failed', owner: mine }), { do: 'resume' }],
    ['open, another owner, same event: asks about the owner', existing({}), { do: 'ask-owner' }],
    ['failed, another owner: takes over', existing({ status: 'failed' }), { do: 'take-over' }],
    ['rejected, another owner: takes over', existing({ status: 'rejected' }), { do: 'take-over' }],
    [
      'rejected, newer version: takes over with it',
      existing({ status: 'rejected', version: 1, fingerprint: 'x' }),
      { do: 'take-over' },
    ],
    ['completed, same event: a duplicate', existing({ status: 'completed' }), { do: 'end', as: 'duplicate' }],
    ['cancelled, same event: a duplicate', existing({ status: 'cancelled' }), { do: 'end', as: 'duplicate' }],
    ['closed, same event: a duplicate', existing({ status: 'closed' }), { do: 'end', as: 'duplicate' }],
    ['completed, newer version: for a person', existing({ status: 'completed', version: 1 }), { do: 'conflict' }],
    ['open, newer version: forwarded to the owner', existing({ version: 1, fingerprint: 'x' }), { do: 'forward' }],
    ['any, older version: superseded', existing({ version: 3, status: 'completed' }), { do: 'end', as: 'superseded' }],
    ['open, same version, other content: a conflict', existing({ fingerprint: 'x' }), { do: 'conflict' }],
    [
      'open and mine, other content that is in the ERP already: a conflict',
      existing({ fingerprint: 'x', owner: mine }),
      { do: 'conflict' },
      'bound',
    ],
    [
      'open and mine, mapped otherwise since, and not in the ERP yet: resumes with the new content',
      existing({ fingerprint: 'x', owner: mine }),
      { do: 'resume' },
    ],
    [
      'rejected and mine, redriven with a mended mapping, not in the ERP yet: resumes with the new content',
      existing({ status: 'rejected', fingerprint: 'x', owner: mine }),
      { do: 'resume' },
    ],
    [
      'rejected, newer version, the old one in the ERP already: for a person',
      existing({ status: 'rejected', version: 1, fingerprint: 'x' }),
      { do: 'conflict' },
      'bound',
    ],
    [
      'failed, newer version, the old one in the ERP already: forwarded for when it goes on',
      existing({ status: 'failed', version: 1, fingerprint: 'x' }),
      { do: 'forward' },
      'bound',
    ],
    [
      'failed, same event, in the ERP already: takes over',
      existing({ status: 'failed' }),
      { do: 'take-over' },
      'bound',
    ],
  ]
  it.each(rows)('%s', (_row, met, decision, bound) => {
    expect(decideAccept(met, event, me, bound === 'bound')).toEqual(decision)
  })
})

describe('an open case of another owner', () => {
  it.each(['RUNNING', 'PENDING_REDRIVE'] as const)('%s: this one is a duplicate', (status) => {
    expect(decideOwner(status, false)).toBe('duplicate')
    expect(decideOwner(status, true)).toBe('duplicate')
  })
  it.each(['FAILED', 'TIMED_OUT', 'ABORTED', 'SUCCEEDED', 'unknown'] as const)(
    '%s: asks twice, since the answer may be old, then takes over',
    (status) => {
      expect(decideOwner(status, false)).toBe('ask-again')
      expect(decideOwner(status, true)).toBe('take-over')
    },
  )
})
