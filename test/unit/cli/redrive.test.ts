import { describe, expect, it } from 'vitest'
import { CaseItem } from '#aws/case-store.ts'
import type { CaseStory } from '#aws/case-story.ts'
import { machineOf } from '#aws/describe-execution.ts'
import type { HeldLetter } from '#aws/letter-box.ts'
import { parsePosting } from '#aws/posting-store.ts'
import { SignalItem } from '#aws/signal-store.ts'
import { readLetter } from '#domain/dead-letter.ts'
import { signatureId } from '#domain/failure-signature.ts'
import { signaturesOf, targetsOf } from '../../../bin/commands/redrive/find-targets.ts'
import { outlookOf } from '../../../bin/commands/redrive/outlook.ts'
import { originalEvent } from '../../../bin/commands/redrive/plan-redrive.ts'
import { formatReport, reportOf } from '../../../bin/commands/redrive/report.ts'
import { type Pace, runItems } from '../../../bin/commands/redrive/run-items.ts'

process.env.HUB_TABLE ??= 'table'
process.env.BUS_NAME ??= 'bus'

const key = 'shop/sales-order/T1'
const theCase = CaseItem.parse({
  pk: key,
  process: 'order-to-cash',
  status: 'failed',
  owner: { executionArn: 'arn:1', epoch: 1, redriveCount: 0 },
  version: 1,
  fingerprint: 'f',
  currency: 'EUR',
  netTotal: '44.50',
  lines: [{ line: '1', quantity: '2' }],
  signalCount: 1,
  acceptedAtMs: 0,
  deadlineAtMs: Number.MAX_SAFE_INTEGER,
  deadlinesTold: 0,
  listedAtMs: 0,
})
const goodsIssue = SignalItem.parse({
  pk: key,
  sk: 'SIGNAL#goods-issue#DN-1',
  kind: 'goods-issue',
  number: 'DN-1',
  eventId: 'e1',
  occurredAt: '2026-11-24T09:30:00Z',
  fingerprint: 'f',
  data: {},
})
const posting = (kind: string, number: string, status: string): CaseStory['postings'][number] => ({
  ...parsePosting({ status, fence: 1, fingerprint: 'f', reference: 'R', document: { id: '7', number: 'S7' } }, 'it'),
  kind,
  number,
})

describe('what a redrive would post', () => {
  it('is the sales order first, when nothing is posted', () => {
    const outlook = outlookOf({ case: theCase, signals: [goodsIssue], postings: [] }, 0)
    expect(outlook).toEqual({ posted: [], begun: [], next: ['sales-order/T1'], waiting: ['goods-issue/DN-1'] })
  })

  it('is what follows from the events, when the sales order is posted', () => {
    const postings = [posting('sales-order', 'T1', 'posted')]
    expect(outlookOf({ case: theCase, signals: [goodsIssue], postings }, 0)).toMatchObject({
      posted: ['sales-order/T1 (S7)'],
      next: ['goods-issue/DN-1', 'customer-invoice/DN-1'],
    })
  })

  it('is nothing more of an order that a person has closed before it was posted', () => {
    const closed = { ...theCase, status: 'closed' } as const
    expect(outlookOf({ case: closed, signals: [], postings: [] }, 0)).toMatchObject({ posted: [], next: [] })
  })

  it('names a posting that was begun with how it stands, and does not claim it anew', () => {
    const postings = [posting('sales-order', 'T1', 'posted'), posting('goods-issue', 'DN-1', 'in-doubt')]
    expect(outlookOf({ case: theCase, signals: [goodsIssue], postings }, 0)).toMatchObject({
      begun: ['goods-issue/DN-1 (in-doubt)'],
      next: ['customer-invoice/DN-1'],
    })
  })
})

/** A clock that moves only while somebody pauses. */
function clock() {
  let nowMs = 0
  const pauses: number[] = []
  const pause = async (milliseconds: number) => {
    if (milliseconds > 0) pauses.push(milliseconds)
    nowMs += milliseconds
  }
  return { nowMs: () => nowMs, pause, pauses }
}

function pace(changes: Partial<Pace> = {}): Pace {
  const { nowMs, pause } = clock()
  return { rate: 1_000, dryRun: false, isStopped: () => false, onResult: () => {}, nowMs, pause, ...changes }
}

const done: string[] = []
const work = {
  nameOf: (item: string) => item,
  plan: async (item: string) => ({ do: item === 'ended' ? 'nothing' : 'redrive', why: `because of ${item}`, item }),
  act: async ({ item }: { readonly item: string }) => {
    if (item === 'broken') throw new Error('it broke')
    done.push(item)
    return 'redriven'
  },
}

describe('redriving many', () => {
  it('does one after the other, no faster than the rate', async () => {
    const { nowMs, pause, pauses } = clock()
    const results = await runItems(['a', 'ended', 'b', 'c'], work, pace({ rate: 4, nowMs, pause }))
    expect(results.map(({ outcome }) => outcome)).toEqual(['started', 'nothing to do', 'started', 'started'])
    expect(pauses).toEqual([250, 250])
  })

  it('looks no faster than AWS answers, once the first have been looked at', async () => {
    const { nowMs, pause, pauses } = clock()
    const patient = { ...work, looks: { atOnce: 2, perSecond: 10 } }
    await runItems(['a', 'b', 'ended', 'c'], patient, pace({ dryRun: true, nowMs, pause }))
    expect(pauses).toEqual([100, 100])
  })

  it('reports what fails by name and goes on with the others', async () => {
    const results = await runItems(['broken', 'b'], work, pace())
    expect(results).toMatchObject([
      { target: 'broken', outcome: 'failed', message: 'it broke' },
      { target: 'b', outcome: 'started' },
    ])
  })

  it('does nothing in a dry run, and says what it would do', async () => {
    done.length = 0
    const results = await runItems(['a', 'ended'], work, pace({ dryRun: true }))
    expect(done).toEqual([])
    expect(results).toMatchObject([
      { outcome: 'not started', plan: { do: 'redrive' }, message: 'dry run: because of a' },
      { outcome: 'nothing to do' },
    ])
    expect(formatReport(reportOf(results, true), '')).toContain('a  would redrive: because of a')
  })

  it('lists the rest as not started when somebody stops it, and does that the next time', async () => {
    const items = ['a', 'b', 'c']
    const started = new Set<string>()
    const again = {
      ...work,
      plan: async (item: string) => ({ do: started.has(item) ? 'nothing' : 'redrive', why: 'it runs', item }),
      act: async ({ item }: { readonly item: string }) => {
        started.add(item)
        return 'redriven'
      },
    }
    const first = await runItems(items, again, pace({ isStopped: () => started.size > 0 }))
    expect(reportOf(first, false)).toMatchObject({ started: 1, notStarted: 2 })
    expect(first.map(({ target }) => target)).toEqual(items)
    const second = await runItems(items, again, pace())
    expect(reportOf(second, false)).toMatchObject({ started: 2, nothingToDo: 1 })
    expect(started).toEqual(new Set(items))
  })
})

describe('what has one signature', () => {
  const letterOf = (body: object, messageId: string): HeldLetter => ({
    letter: readLetter(JSON.stringify(body), messageId),
    messageId,
    receipt: 'r',
    sentAtMs: 0,
  })
  const sent = { class: 'business', code: 'X', owner: 'sales', message: 'm', signature: 's' }

  it('is each case once, then executions that never had one, then events that nothing could take', () => {
    const letters = [
      letterOf({ ...sent, id: 'arn:1/0', executionArn: 'arn:1' }, 'm1'),
      letterOf({ ...sent, id: 'arn:2/0', executionArn: 'arn:2' }, 'm2'),
      letterOf({ ...sent, id: 'arn:2/1', executionArn: 'arn:2' }, 'm3'),
      letterOf({ id: 'e', source: 'shop', 'detail-type': 'GoodsIssued', detail: {} }, 'm4'),
      letterOf({ ...sent, id: 'no execution' }, 'm5'),
    ]
    expect(targetsOf(letters, [theCase])).toMatchObject([
      { kind: 'case', caseKey: key },
      { kind: 'event', event: { source: 'shop' } },
      { kind: 'execution', executionArn: 'arn:2' },
    ])
  })
})

describe('several signatures at once', () => {
  it('are taken as far as there is something of them, so that the same command goes on after some were mended', () => {
    expect(signaturesOf(['one', signatureId('two'), 'gone'], ['one', 'two', 'two', 'other'])).toEqual({
      wanted: new Set(['one', 'two']),
      gone: ['gone'],
    })
    expect(() => signaturesOf(['gone', 'lost'], ['one'])).toThrow('has the signature gone, lost: it is mended')
  })
})

describe('the original event', () => {
  const plan = { do: 'run-again', why: '', execution: 'arn:1' } as const

  it('is what an execution began with, and never a take-over', async () => {
    const described = { arn: 'arn:1', status: 'FAILED', isRedrivable: false } as const
    expect(await originalEvent(plan, async () => ({ ...described, input: { id: 'e1' } }))).toEqual({ id: 'e1' })
    await expect(originalEvent(plan, async () => ({ ...described, input: { resume: key } }))).rejects.toThrow(
      'its source has to publish it again',
    )
  })

  it('goes to the machine of the execution', () => {
    expect(machineOf('arn:aws:states:eu-west-1:111122223333:execution:postonce-order-to-cash:run-1')).toBe(
      'arn:aws:states:eu-west-1:111122223333:stateMachine:postonce-order-to-cash',
    )
  })
})
