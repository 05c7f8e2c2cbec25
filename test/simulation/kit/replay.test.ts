import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { takeVersion } from '#aws/branch-done.ts'
import { readStory } from '#aws/case-story.ts'
import { consumeSignal, type NewSignal, recordSignal as record } from '#aws/signal-store.ts'
import type { DocumentKind } from '#domain/documents.ts'
import { outlookOfEvent } from '../../../bin/commands/replay/event-outlook.ts'
import { dryRun } from './dry-run.ts'
import { begin, caseKey, executionArn, openCase, postToBoth, replaceOutside } from './inbox-world.ts'

beforeAll(replaceOutside)
beforeEach(begin)

const owner = { caseKey, executionArn, epoch: 1, redriveCount: 0 }
const amending = {
  about: 'sales',
  order: 'sales-order',
  contentOf: () => ({ currency: 'EUR', netTotal: '30.00', lines: [{ line: '1', quantity: '3' }] }),
} as const
/** One of the two that are ordered. */
const lines = [{ line: '1', quantity: '1' }]

async function post(document: DocumentKind, number: string): Promise<void> {
  await postToBoth(document, number, {
    id: `id-${number}`,
    number: `No-${number}`,
    lines,
    amount: '30.00',
    currency: 'EUR',
  })
}

async function signal(kind: NewSignal['kind'], number: string, more: Partial<NewSignal> = {}): Promise<void> {
  const occurredAt = '2026-11-24T10:00:00Z'
  await record(caseKey, { kind, number, eventId: `e-${number}`, occurredAt, fingerprint: 'f', data: {}, ...more })
}

async function consume(kind: string, number: string, refused?: string): Promise<void> {
  const one = (await readStory(caseKey))?.signals.find((each) => each.kind === kind && each.number === number)
  if (one === undefined) throw new Error(`There is no ${kind} ${number}`)
  await consumeSignal(owner, one, '', refused ? { refusal: { code: refused, message: '' } } : {})
}

describe('the dry run of a replay, of an order,', () => {
  it('names what would be posted of the order itself, and that it waits for nothing', async () => {
    await openCase()
    expect(await dryRun(caseKey)).toEqual([['SalesOrderSubmitted', 'it is not through', '+sales-order/T1']])
    await post('sales-order', 'T1')
    expect(await dryRun(caseKey)).toEqual([['SalesOrderSubmitted', 'it is through', 'sales-order/T1 (No-T1)']])
  })

  it('tells a newer version from the first, before and after it stands in the ERP', async () => {
    await openCase()
    await post('sales-order', 'T1')
    await signal('change', '2', { event: 'SalesOrderSubmitted' })
    const first = ['SalesOrderSubmitted', 'it is through', 'sales-order/T1 (No-T1)']
    expect(await dryRun(caseKey)).toEqual([
      first,
      ['SalesOrderSubmitted', 'it is not through', '+sales-order-amendment/2'],
    ])
    await post('sales-order-amendment', '2')
    const story = await readStory(caseKey)
    if (story !== undefined) await takeVersion(owner, story, '2', amending, { isInErp: true })
    expect(await dryRun(caseKey)).toEqual([
      ['SalesOrderSubmitted', 'version 2 is newer', 'sales-order/T1 (No-T1)'],
      ['SalesOrderSubmitted', 'it is through', 'sales-order-amendment/2 (No-2)'],
    ])
    await signal('change', '3')
    await consume('change', '3', 'TOO_LATE')
    expect((await dryRun(caseKey))[2]).toEqual(['SalesOrderSubmitted', 'it was refused: TOO_LATE'])
  })

  it('says of a version that replaced another before anything was in the ERP that it is the order', async () => {
    await openCase()
    await signal('change', '2')
    const story = await readStory(caseKey)
    if (story !== undefined) await takeVersion(owner, story, '2', amending, { isInErp: false })
    await post('sales-order', 'T1')
    expect(await dryRun(caseKey)).toEqual([
      ['SalesOrderSubmitted', 'version 2 is newer'],
      ['SalesOrderSubmitted', 'it is through', 'sales-order/T1 (No-T1)'],
    ])
  })

  it('says of goods, money, a cancellation and a close by which event they came, and what is posted of each', async () => {
    await openCase()
    await post('sales-order', 'T1')
    await signal('goods-issue', 'DN-1', { data: { lines } })
    await signal('cancellation', 'C-1', { occurredAt: '2026-11-24T10:01:00Z' })
    await signal('closing', 'X-1', { occurredAt: '2026-11-24T10:02:00Z' })
    await post('goods-issue', 'DN-1')
    const of = async () => (await dryRun(caseKey)).slice(1)
    expect(await of()).toEqual([
      ['GoodsIssued', 'it is not through', 'goods-issue/DN-1 (No-DN-1)', '+customer-invoice/DN-1'],
      ['SalesOrderCancelled', 'it waits for its turn', '…cancellation/C-1'],
      ['SalesOrderClosed', 'it waits for its turn', '…closing/X-1'],
    ])
    await post('customer-invoice', 'DN-1')
    await consume('goods-issue', 'DN-1')
    await consume('cancellation', 'C-1', 'TOO_LATE')
    expect(await of()).toEqual([
      ['GoodsIssued', 'it is through', 'customer-invoice/DN-1 (No-DN-1)', 'goods-issue/DN-1 (No-DN-1)'],
      ['SalesOrderCancelled', 'it was refused: TOO_LATE'],
      ['SalesOrderClosed', 'it is not through', '+sales-order-closing/X-1'],
    ])
  })

  it('waits for a case that is not there', async () => {
    await signal('goods-issue', 'DN-1', { data: { lines } })
    expect(await dryRun(caseKey)).toEqual([['GoodsIssued', 'it waits for its case', '…goods-issue/DN-1']])
  })

  it.each([
    ['open', 'it is not through', ['+sales-order/T1']],
    // Accept takes it over, with all that its case has to do.
    ['rejected', 'its case is rejected and is tried again', ['+sales-order/T1', '…goods-issue/DN-1']],
    ['failed', 'its case is failed and is tried again', ['+sales-order/T1', '…goods-issue/DN-1']],
    ['completed', 'its case is completed', []],
    ['closed', 'its case is closed', []],
  ] as const)('of which the case is %s, says what comes of its first version', async (status, why, documents) => {
    await openCase()
    await signal('goods-issue', 'DN-1', { data: { lines } })
    const story = await readStory(caseKey)
    if (story === undefined) throw new Error('There is no case')
    const of = { caseKey, kind: 'order', number: '1' } as const
    const { outlook, ...said } = outlookOfEvent(of, { ...story, case: { ...story.case, status } }, 0)
    const names = [...outlook.next.map((one) => `+${one}`), ...outlook.waiting.map((one) => `…${one}`)]
    expect([said.why, names]).toEqual([why, documents])
  })
})
