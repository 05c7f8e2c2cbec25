import { describe, expect, it } from 'vitest'
import { decideRedrive, type RedriveFacts } from '#domain/redrive.ts'

const failed = { arn: 'mine', status: 'FAILED', isRedrivable: true } as const
const tooOld = { ...failed, isRedrivable: false, reason: 'Execution redrivable period exceeded' }
const rejected = { status: 'rejected', executionArn: 'mine' } as const
const facts: RedriveFacts = { case: rejected, execution: failed, fromStart: false }

const rows: readonly (readonly [string, Partial<RedriveFacts>, string, string])[] = [
  ['a case that stands still', {}, 'redrive', 'at the state that failed'],
  ['an open case whose execution ended unrecorded', { case: { ...rejected, status: 'open' } }, 'redrive', 'state'],
  ['a case whose execution is too old', { execution: tooOld }, 'take-over', 'period exceeded'],
  ['a case whose execution is forgotten', { execution: { ...tooOld, status: 'unknown' } }, 'take-over', 'period exceeded'],
  ['an execution without a case', { case: undefined, named: 'mine' }, 'redrive', 'state'],
  ['an old execution without a case', { case: undefined, named: 'mine', execution: tooOld }, 'run-again', 'period'],
  ['today\'s mapping', { fromStart: true }, 'run-again', 'mapped and checked anew'],
  ['a case that ended well', { case: { ...rejected, status: 'completed' } }, 'nothing', 'completed'],
  ['a case that ended well, from the start', { case: { ...rejected, status: 'closed' }, fromStart: true }, 'nothing', 'closed'],
  ['a case that runs', { execution: { ...failed, status: 'RUNNING' } }, 'nothing', 'runs'],
  ['a case that is about to run', { execution: { ...failed, status: 'PENDING_REDRIVE' }, fromStart: true }, 'nothing', 'runs'],
  ['an execution that no longer owns its case', { named: 'older' }, 'nothing', 'another execution owns'],
  ['the owner, named by its ARN', { named: 'mine' }, 'redrive', 'state'],
  ['an execution without a case that succeeded', { case: undefined, execution: { ...tooOld, status: 'SUCCEEDED' } }, 'nothing', 'succeeded'],
] // biome-ignore format: a table

describe('how something that stood still goes on', () => {
  it.each(rows)('%s', (_what, changes, does, why) => {
    const decision = decideRedrive({ ...facts, ...changes })
    expect(decision.do).toBe(does)
    expect(decision.why).toContain(why)
  })
})
