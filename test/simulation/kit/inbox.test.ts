import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AuditItem, PersonItem } from '#aws/audit.ts'
import { reopenCase } from '#aws/case-store.ts'
import { openInboxItem } from '#aws/inbox-store.ts'
import { claimPosting, PostingItem, refuse } from '#aws/posting-store.ts'
import { recordSignal } from '#aws/signal-store.ts'
import { casesOfNumber, update } from '#aws/table.ts'
import type { NumberedDocument } from '#connectors/port.ts'
import { BusinessError, RetryableError } from '#domain/errors.ts'
import {
  begin,
  books,
  caseKey,
  decide,
  executionArn,
  fail,
  itemsOf,
  leaveInDoubt,
  leaveRefused,
  letters,
  openCase,
  pass,
  posting,
  questions,
  replaceOutside,
  settled,
  started,
  sweep,
  theQuestion,
} from './inbox-world.ts'

beforeAll(replaceOutside)
beforeEach(begin)

const resumed = [JSON.stringify({ resume: caseKey })]
const signal = (number: string) =>
  recordSignal(caseKey, {
    kind: 'incoming-payment',
    number,
    eventId: number,
    occurredAt: '2026-11-24T09:00:00Z',
    fingerprint: number,
    data: { amount: '44.50', currency: 'EUR' },
  })
const shipment = (more: Partial<NumberedDocument> = {}): readonly NumberedDocument[] => [
  {
    document: { id: '9', number: 'S9', lines: [{ line: '1', quantity: '2' }] },
    isInEffect: true,
    customerIds: ['5'],
    salesOrderIds: [],
    ...more,
  },
]
const status = (prefix: string) => itemsOf(prefix)[0]?.status
const audit = (stage: string) =>
  itemsOf('AUDIT#').flatMap((item) => {
    const { entry } = AuditItem.parse(item)
    return entry.stage === stage ? [entry] : []
  })
/** Who acted and why, which lies apart. */
const persons = () => itemsOf('PERSON#').map((item) => PersonItem.parse(item).values)

describe('a failure that needs a person', () => {
  it('is one question, however often it is recorded, and its dead letter names it', async () => {
    await openCase()
    await leaveInDoubt()
    // As if the recorder had died before it noted that it had recorded.
    await update({ key: { pk: `EXECUTION#${executionArn}`, sk: 'EXECUTION' }, update: 'REMOVE recorded' })
    await fail(
      new BusinessError(
        { code: 'IN_DOUBT', message: '', owner: 'finance' },
        { document: `${caseKey}/goods-issue/DN-1` },
      ),
    )
    const [question, second] = await questions()
    expect(second).toBeUndefined()
    expect(question).toMatchObject({
      kind: 'doubt',
      owner: 'finance',
      code: 'IN_DOUBT',
      posting,
      amount: '44.50',
      currency: 'EUR',
      choices: ['adopt', 'not-posted', 'close-case'],
      ground: { execution: { arn: executionArn, redriveCount: 0 }, posting: { status: 'in-doubt', fence: 1 } },
    })
    expect(letters).toEqual([1, 2].map(() => expect.objectContaining({ item: question?.id, code: 'IN_DOUBT' })))
    expect(audit('asked')).toHaveLength(1)
  })

  it('asks nobody when it is retryable', async () => {
    await openCase()
    await fail(new RetryableError('busy', { document: caseKey }))
    expect(await questions()).toEqual([])
    expect(letters).toHaveLength(1)
  })

  it('goes away when the case is redriven, and no decision on it is taken any more', async () => {
    await openCase()
    await leaveRefused()
    await reopenCase({ caseKey, executionArn, epoch: 1, redriveCount: 1 })
    await decide('post-again')
    expect(theQuestion()).toMatchObject({ status: 'open', refused: { code: 'STALE' } })
    await sweep()
    expect(await questions()).toEqual([])
    expect(theQuestion().status).toBe('gone')
    await decide('post-again', { id: 'd2' })
    expect(theQuestion()).toMatchObject({ status: 'gone', refused: { code: 'NO_LONGER_OPEN' } })
    expect(started).toEqual([])
  })
})

it('is asked anew where a twin of the step has written the posting after it was asked', async () => {
  await openCase()
  const owner = { caseKey, executionArn, epoch: 1, redriveCount: 0 }
  const claim = async (claimId: string) => {
    const [seen] = itemsOf('POSTING#')
    const content = { fingerprint: 'g', reference: 'r1' }
    return await claimPosting(owner, posting, seen && PostingItem.parse(seen), claimId, content, undefined)
  }
  const refusal = { code: 'OUT_OF_STOCK', message: 'too little on hand', owner: 'warehouse' } as const
  await refuse(await claim('c1'), refusal)
  const twin = await claim('c2')
  await fail(new BusinessError(refusal, { document: `${caseKey}/goods-issue/DN-1`, system: 'erp' }))
  await refuse(twin, refusal)
  pass(60)
  await sweep()
  expect(await questions()).toEqual([
    expect.objectContaining({
      status: 'open',
      kind: 'refusal',
      ground: expect.objectContaining({ posting: expect.objectContaining({ status: 'refused', claimId: 'c2' }) }),
    }),
  ])
  await decide('post-again')
  expect(theQuestion().status).toBe('decided')
  expect(started).toEqual(resumed)
})

describe('a doubt', () => {
  beforeEach(async () => {
    await openCase()
    await leaveInDoubt()
    pass(settled)
  })

  it('ends by the document that a person has found in the ERP, and the case goes on', async () => {
    books.set('goods-issue S9', shipment())
    await decide('adopt', { document: 'S9' })
    expect(itemsOf('POSTING#')).toEqual([
      expect.objectContaining({
        status: 'posted',
        document: { id: '9', number: 'S9', lines: [{ line: '1', quantity: '2' }] },
      }),
    ])
    expect(itemsOf('POSTING#')[0]).not.toHaveProperty('intent')
    expect(theQuestion()).toMatchObject({ status: 'decided', decision: { choice: 'adopt', by: 'ann', document: 'S9' } })
    // The number on the paper finds the case, as that of a document which the hub has posted.
    expect(await casesOfNumber('S9')).toEqual([caseKey])
    expect(started).toEqual(resumed)
    expect(audit('decided')).toEqual([
      expect.objectContaining({
        by: 'person',
        posting: 'goods-issue/DN-1',
        document: expect.objectContaining({ number: 'S9' }),
        note: expect.stringContaining('adopt S9'),
        before: { inbox: 'open', case: 'rejected', posting: 'in-doubt' },
        after: { inbox: 'decided', case: 'goes on', posting: 'posted' },
      }),
    ])
    expect(persons()).toMatchObject([{ by: { value: 'ann' }, reason: { value: 'looked in the ERP' } }])
    expect(JSON.stringify(itemsOf('AUDIT#'))).not.toMatch(/ann|looked in the ERP/)
  })

  it.each<[string, readonly NumberedDocument[]]>([
    ['UNKNOWN_DOCUMENT', []],
    ['AMBIGUOUS_DOCUMENT', [...shipment(), ...shipment()]],
    ['NOT_IN_EFFECT', shipment({ isInEffect: false })],
    ['OF_ANOTHER', shipment({ customerIds: ['6'] })],
    ['OF_ANOTHER', shipment({ salesOrderIds: ['78'] })],
  ])('does not end by a document that is %s', async (code, found) => {
    books.set('goods-issue S9', found)
    await decide('adopt', { document: 'S9' })
    expect(theQuestion()).toMatchObject({ status: 'open', refused: { id: 'd1', code } })
    expect(status('POSTING#')).toBe('in-doubt')
    expect(started).toEqual([])
  })

  it('ends when somebody has looked and it is not there: the posting is as it was before', async () => {
    await decide('not-posted')
    expect(itemsOf('POSTING#')).toEqual([])
    expect(started).toEqual(resumed)
  })

  it('is decided once, however often the decision is delivered, and the case is started again if need be', async () => {
    expect(await decide('not-posted')).toBe('settled')
    expect(await decide('not-posted')).toBe('settled')
    expect(audit('decided')).toHaveLength(1)
    // The delivery before may have died before it started the case, which stands still as it did.
    expect(started).toEqual([...resumed, ...resumed])
    await decide('close-case', { id: 'd2' })
    expect(theQuestion()).toMatchObject({ decision: { id: 'd1' }, refused: { code: 'ALREADY_DECIDED' } })
    expect(status('CASE')).toBe('rejected')
  })

  it('is not decided when the posting has changed under the decision', async () => {
    const [item] = itemsOf('POSTING#')
    await reopenCase({ caseKey, executionArn, epoch: 1, redriveCount: 1 })
    const owner = { caseKey, executionArn, epoch: 1, redriveCount: 1 }
    await claimPosting(owner, posting, PostingItem.parse(item), 'c2', { fingerprint: 'g', reference: 'r1' }, 1)
    await decide('not-posted')
    expect(theQuestion()).toMatchObject({ status: 'open', refused: { code: 'STALE' } })
    expect(itemsOf('POSTING#')).toEqual([expect.objectContaining({ status: 'in-doubt', claimId: 'c2' })])
  })

  it('ends with the case, whose waiting signals are set aside', async () => {
    await decide('close-case')
    expect(status('CASE')).toBe('closed')
    expect(status('POSTING#')).toBe('in-doubt')
    expect(started).toEqual([])
  })
})

it('a doubt cannot end by a look that came before the ERP has settled', async () => {
  await openCase()
  await leaveInDoubt()
  await decide('not-posted')
  expect(theQuestion()).toMatchObject({ status: 'open', refused: { code: 'TOO_EARLY' } })
})

it('a doubt about a later operation leaves what the earlier ones have applied', async () => {
  await openCase()
  await leaveInDoubt(2)
  pass(settled)
  await decide('not-posted')
  expect(itemsOf('POSTING#')).toEqual([
    expect.objectContaining({ status: 'claimed', fence: 2, applied: expect.objectContaining({ operations: 2 }) }),
  ])
})

describe('above the configured amount', () => {
  beforeEach(async () => {
    await openCase('1000.01')
    await leaveRefused()
  })

  it('two persons have to say the same', async () => {
    await decide('post-again')
    expect(theQuestion()).toMatchObject({ status: 'proposed', proposal: { by: 'ann', choice: 'post-again' } })
    await decide('post-again', { id: 'd2' })
    expect(theQuestion()).toMatchObject({ status: 'proposed', refused: { code: 'SAME_PERSON' } })
    expect(started).toEqual([])
    await decide('post-again', { id: 'd3', by: 'bob' })
    expect(theQuestion()).toMatchObject({ status: 'decided', decision: { by: 'bob', proposedBy: 'ann' } })
    expect(started).toEqual(resumed)
  })

  it('another choice replaces what was proposed', async () => {
    await decide('post-again')
    await decide('close-case', { id: 'd2', by: 'bob' })
    expect(theQuestion()).toMatchObject({ status: 'proposed', proposal: { by: 'bob', choice: 'close-case' } })
    await decide('post-again')
    expect(theQuestion()).toMatchObject({ proposal: { id: 'd2' } })
    await decide('close-case', { id: 'd3' })
    expect(status('CASE')).toBe('closed')
  })
})

describe('a case that waits beyond its deadline', () => {
  const ask = () =>
    openInboxItem({
      caseKey,
      kind: 'overdue',
      owner: 'finance',
      question: '5 on account that nobody asks for',
      ground: { waitingCase: true },
      occurrence: '',
    })
  beforeEach(async () => {
    await openCase()
    await ask()
  })

  it('is closed by the decision, taken from its execution, and opened again by nothing', async () => {
    await decide('close-case')
    expect(itemsOf('CASE')[0]).toMatchObject({ status: 'closed', owner: { executionArn: 'nobody', epoch: 2 } })
    expect(await signal('P1')).toBe('parked')
    expect(started).toEqual([])
  })

  it('waits on when that is the decision, and is not asked about again', async () => {
    await decide('ignore')
    await ask()
    expect(status('CASE')).toBe('open')
    expect(await questions()).toEqual([])
  })

  it('is not closed while something is on its way', async () => {
    const owner = { caseKey, executionArn, epoch: 1, redriveCount: 0 }
    await claimPosting(owner, posting, undefined, 'claim-1', { fingerprint: 'f', reference: 'r' }, undefined)
    await decide('close-case')
    expect(theQuestion()).toMatchObject({ status: 'open', refused: { code: 'IN_PROGRESS' } })
    expect(status('CASE')).toBe('open')
  })
})

describe('a signal without a case', () => {
  it('is a question when its time is over, and set aside by the decision', async () => {
    await signal('P1')
    pass(4 * 86_400)
    await sweep()
    await sweep()
    expect(await questions()).toEqual([
      expect.objectContaining({ kind: 'orphan-signal', owner: 'finance', amount: '44.50', currency: 'EUR' }),
    ])
    expect(letters).toHaveLength(1)
    await decide('ignore')
    expect(itemsOf('SIGNAL#')[0]).toHaveProperty('consumedAtMs')
    expect(itemsOf('SIGNAL#')[0]).not.toHaveProperty('listKey')
    pass(4 * 86_400)
    await sweep()
    expect(letters).toHaveLength(1)
  })

  it('is no question any more when its case comes', async () => {
    await signal('P1')
    pass(4 * 86_400)
    await sweep()
    await openCase()
    pass(120)
    await sweep()
    expect(await questions()).toEqual([])
  })
})

it('a decision about a question that nobody asked becomes a dead letter', async () => {
  expect(await decide('ignore', { item: 'bcdfghjkl' })).toBe('settled')
  expect(letters).toEqual([expect.objectContaining({ class: 'poison', stage: 'ApplyDecision' })])
})

it('a question that was asked and went away can be asked again', async () => {
  const question = { caseKey, kind: 'refused-change', owner: 'sales', question: 'q', occurrence: '2' } as const
  const id = await openInboxItem(question)
  expect(await openInboxItem(question)).toBe(id)
  expect(await questions()).toHaveLength(1)
  expect(id).toMatch(/^[bcdfghjklmnpqrstvwxz]{9}$/)
})
