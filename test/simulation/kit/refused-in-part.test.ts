import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { postDocument } from '#aws/post-document.ts'
import { recordSignal } from '#aws/signal-store.ts'
import { carryOutOrRefuse } from '#aws/too-late.ts'
import type { Operation, PostingPlan, SendOutcome } from '#connectors/port.ts'
import type { PostingName } from '#domain/keys.ts'
import { begin, caseKey, executionArn, fail, itemsOf, openCase, replaceOutside, theQuestion } from './inbox-world.ts'

beforeAll(replaceOutside)
beforeEach(async () => {
  begin()
  await openCase()
})

const owner = { caseKey, executionArn, epoch: 1, redriveCount: 0 }
const times = { leaseMs: 60_000, settleMs: 60_000, skewMs: 2_000, clientTimeoutMs: 10_000 }
const refusal = { code: 'GOODS_GONE', message: 'goods have left the warehouse', owner: 'sales' } as const

/** Claims, creates, and is refused the third operation. */
function plan(refused: SendOutcome): PostingPlan {
  let done = 0
  const step = (name: string, outcome: SendOutcome): Operation => ({
    name,
    doubt: 'if-unchanged',
    send: async () => {
      if (outcome.kind === 'answered') done += 1
      return outcome
    },
  })
  const answered = { kind: 'answered' } as const
  return {
    operations: [step('claim', answered), step('create', answered), step('withdraw', refused)],
    find: async () => [{ document: { id: '9', number: 'S9' }, done, stamp: String(done), differences: [] }],
  }
}

const post = (name: PostingName, refused: SendOutcome) =>
  postDocument({
    owner,
    name,
    content: { of: name },
    plan: () => plan(refused),
    referenceLength: 16,
    system: 'erp',
    times,
    endsAtMs: Number.MAX_SAFE_INTEGER,
  })

async function refusedChange(refused: SendOutcome) {
  const occurredAt = '2026-11-24T09:00:00Z'
  await recordSignal(caseKey, { kind: 'change', number: '2', eventId: 'e2', occurredAt, fingerprint: 'f', data: {} })
  const name = { document: 'sales-order-amendment', number: '2' } as const
  const endsAtMs = Number.MAX_SAFE_INTEGER
  const days = { postingDay: (date: string) => date, movedDay: () => undefined }
  const context = { owner, system: 'shop', endsAtMs, posting: name, ...days }
  return carryOutOrRefuse(context, { kind: 'change', number: '2' }, () => post(name, refused))
}

async function errorOf(work: Promise<unknown>): Promise<Error> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error)) throw new Error('It was not refused')
  return error
}

describe('a posting that is refused when a part of it stands in the ERP', () => {
  it('tells whoever decides what stands there, and that ignoring it undoes nothing', async () => {
    const name = { document: 'goods-issue', number: 'DN-1' } as const
    await fail(await errorOf(post(name, { kind: 'refused', refusal })))
    const { question } = theQuestion()
    expect(question).toContain('goods have left the warehouse')
    expect(question).toContain('S9 (id 9, reference ')
    expect(question).toContain('claim, create')
    expect(question).toMatch(/undo it there by hand before you ignore/)
  })

  it('fails the step although it only comes too late, so that a person hears of it', async () => {
    const error = await errorOf(refusedChange({ kind: 'refused', refusal }))
    expect(error).toMatchObject({ code: 'GOODS_GONE' })
    expect(itemsOf('SIGNAL#')[0]).not.toHaveProperty('refusal')
    await fail(error)
    expect(theQuestion()).toMatchObject({ kind: 'refusal', code: 'GOODS_GONE' })
  })

  it('ends the request alone when the connector has taken back what it had done', async () => {
    expect(await refusedChange({ kind: 'refused', refusal, undone: true })).toEqual({ outcome: 'refused' })
    expect(itemsOf('SIGNAL#')[0]).toMatchObject({ refusal: { code: 'GOODS_GONE' } })
    expect(itemsOf('POSTING#')[0]).toMatchObject({ status: 'refused' })
    expect(itemsOf('POSTING#')[0]).not.toHaveProperty('applied')
  })
})

it('a posting of which nothing stands in the ERP says nothing of the kind', async () => {
  const name = { document: 'goods-issue', number: 'DN-1' } as const
  const refusing: PostingPlan = { ...plan({ kind: 'refused', refusal }), find: async () => [] }
  const [, , withdraw] = refusing.operations
  const request = { owner, name, content: {}, referenceLength: 16, system: 'erp', times, endsAtMs: 9e15 }
  const only = { ...refusing, operations: withdraw === undefined ? [] : [withdraw] }
  await fail(await errorOf(postDocument({ ...request, plan: () => only })))
  expect(theQuestion().question).toBe('goods have left the warehouse')
})
