import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { dynamo } from '#aws/clients/dynamo.ts'
import { claimPosting, markPosted } from '#aws/posting-store.ts'
import { ignoredDifferences, listDifferences, openDifferences } from '#aws/reconciliation/difference-store.ts'
import { handler } from '../../../functions/reconciliation/reconcile-books.ts'
import {
  begin,
  caseKey,
  context,
  letters,
  openCase,
  owner,
  pass,
  postToBoth,
  putSourceFile,
  questions,
  records,
  replaceOutside,
  unreadable,
} from './inbox-world.ts'

beforeAll(replaceOutside)
beforeEach(async () => {
  begin()
  await openCase()
})

const hour = 3600

/** The hub posts a goods issue, and the ERP has it. */
const post = (number: string, quantity = '2') =>
  postToBoth('goods-issue', number, { id: number, number, lines: [{ line: '1', quantity }] })

/** The hub is about to post it. */
const claim = (number: string) =>
  claimPosting(
    owner,
    { document: 'goods-issue', number },
    undefined,
    'c1',
    { fingerprint: 'f', reference: `R-${number}` },
    undefined,
  )

const head = 'case,document,number,onDay,lines'
const row = (number: string, quantity = '2', onDay = '2026-11-24') =>
  `${caseKey},goods-issue,${number},${onDay},1=${quantity}`
const put = (name: string, ...rows: readonly string[]) => putSourceFile(name, [head, ...rows])

const Files = z.object({
  files: z.array(z.looseObject({ file: z.string(), became: z.string(), text: z.string().optional() })),
})
/** The clock, an hour and a half later. */
async function tick() {
  pass(1.5 * hour)
  return Files.parse(await handler({}, context)).files
}
/** Whoever does not wait until a file is an hour old. */
const filesNow = async () => {
  pass(1)
  return Files.parse(await handler({ files: true, dueAfterMs: 0 }, context)).files
}
const open = async () =>
  (await listDifferences(openDifferences)).map(({ difference }) => [difference.class, difference.posting]).sort()
const keyOf = (number: string) => `${caseKey}/goods-issue/${number}`

describe("a source's file", () => {
  it('is compared once, an hour after it came, and what it says otherwise is told and asked about', async () => {
    await post('DN-1')
    await post('DN-2')
    put('2026-11-24/shop.csv', row('DN-1', '3'), row('DN-3'))
    pass(0.5 * hour)
    expect(Files.parse(await handler({}, context)).files).toEqual([])
    expect(await tick()).toEqual([{ file: '2026-11-24/shop.csv', became: 'compared', documents: 3, differences: 3 }])
    expect(await open()).toEqual([
      ['missing-in-erp', keyOf('DN-3')],
      ['missing-in-source', keyOf('DN-2')],
      ['quantity', keyOf('DN-1')],
    ])
    expect((await questions()).map(({ choices }) => choices)).toEqual(Array(3).fill(['adjust', 'ignore']))
    expect((await questions())[0]?.question).toContain('(2026-11-24/shop.csv)')
    expect(await tick()).toEqual([])
    expect(await open()).toHaveLength(3)
  })

  it('that agrees leaves nothing behind', async () => {
    await post('DN-1')
    put('2026-11-24/shop.csv', row('DN-1'))
    expect(await tick()).toMatchObject([{ became: 'compared', documents: 1, differences: 0 }])
    expect(await open()).toEqual([])
  })

  it('has said what the hub has by now: the difference goes by itself', async () => {
    await post('DN-1')
    put('2026-11-24/shop.csv', row('DN-1'), row('DN-2'))
    await tick()
    expect(await open()).toEqual([['missing-in-erp', keyOf('DN-2')]])
    await post('DN-2')
    await tick()
    expect(await open()).toEqual([])
  })

  it('that was compared at once has told what stays told, though the clock would have waited for it', async () => {
    await post('DN-1')
    put('2026-11-24/shop.csv', row('DN-1'), row('DN-2'))
    expect(await filesNow()).toMatchObject([{ became: 'compared', differences: 1 }])
    const told = [['missing-in-erp', keyOf('DN-2')]]
    expect(await open()).toEqual(told)
    pass(300)
    await handler({ sinceMs: Date.parse('2026-11-20') }, context)
    expect(await open()).toEqual(told)
    // Of another day, which says nothing about this one.
    put('2026-11-20/shop.csv', row('DN-1', '2', '2026-11-20'))
    await handler({}, context)
    expect(await open()).toEqual(told)
    expect(await questions()).toHaveLength(1)
    await tick()
    expect(await open()).toEqual(told)
    await post('DN-2')
    await handler({}, context)
    expect(await open()).toEqual([])
  })

  it('has told what stays told while the hub has it under way, and until it has posted just that', async () => {
    await post('DN-1')
    put('2026-11-24/1.csv', row('DN-1'), row('DN-2'), row('DN-3'))
    await tick()
    const told = [
      ['missing-in-erp', keyOf('DN-2')],
      ['missing-in-erp', keyOf('DN-3')],
    ]
    // A newer file says otherwise of both, which is what counts once it can be told.
    put('2026-11-24/2.csv', row('DN-1'), row('DN-2', '5'))
    pass(0.5 * hour)
    const [first, second] = [await claim('DN-2'), await claim('DN-3')]
    await handler({}, context)
    expect(await open()).toEqual(told)
    pass(0.6 * hour)
    expect(Files.parse(await handler({}, context)).files).toMatchObject([{ became: 'compared', differences: 2 }])
    expect(await open()).toEqual(told)
    await markPosted(first, { id: 'DN-2', number: 'DN-2', lines: [{ line: '1', quantity: '2' }] }, undefined)
    await markPosted(second, { id: 'DN-3', number: 'DN-3', lines: [{ line: '1', quantity: '2' }] }, undefined)
    await handler({ files: true }, context)
    expect(await open()).toEqual([
      ['missing-in-source', keyOf('DN-3')],
      ['quantity', keyOf('DN-2')],
    ])
  })

  it('is not forgotten about what the hub had only under way when it was compared', async () => {
    put('2026-11-24/1.csv', row('DN-1'), row('DN-2'), row('DN-3'), row('DN-4'), row('DN-5'))
    pass(1)
    // A newer one has the last word about that as well.
    put('2026-11-24/2.csv', row('DN-1'), row('DN-2'), row('DN-3', '7'), row('DN-5'))
    pass(0.5 * hour)
    const claims = [await claim('DN-1'), await claim('DN-2'), await claim('DN-3'), await claim('DN-4')]
    pass(0.6 * hour)
    const compared = Files.parse(await handler({}, context)).files
    expect(compared).toMatchObject([{ differences: 1 }, { differences: 1 }])
    const before = [['missing-in-erp', keyOf('DN-5')]]
    expect(await open()).toEqual(before)
    await handler({}, context)
    expect(await open()).toEqual(before)
    for (const [at, quantity] of ['3', '2', '7', '2'].entries()) {
      const [id, claimed] = [`D${at}`, claims[at]]
      if (claimed !== undefined)
        await markPosted(claimed, { id, number: id, lines: [{ line: '1', quantity }] }, undefined)
    }
    await handler({}, context)
    expect(await open()).toEqual([
      ['missing-in-erp', keyOf('DN-5')],
      ['missing-in-source', keyOf('DN-4')],
      ['quantity', keyOf('DN-1')],
    ])
  })

  it('has the last word over older ones of the same days', async () => {
    for (const number of ['DN-1', 'DN-2']) await post(number)
    put('2026-11-24/1.csv', row('DN-1', '3'), row('DN-4'))
    await tick()
    expect(await open()).toEqual([
      ['missing-in-erp', keyOf('DN-4')],
      ['missing-in-source', keyOf('DN-2')],
      ['quantity', keyOf('DN-1')],
    ])
    // Corrected, told after all, and withdrawn.
    put('2026-11-24/2.csv', row('DN-1'), row('DN-2'))
    await tick()
    expect(await open()).toEqual([])
    // The same name with another content is another file; of another day it says nothing about this one.
    put('2026-11-24/2.csv', row('DN-1'))
    put('2026-11-20/1.csv', row('DN-0', '1', '2026-11-20'))
    await tick()
    expect(await open()).toEqual([
      ['missing-in-erp', keyOf('DN-0')],
      ['missing-in-source', keyOf('DN-2')],
    ])
  })

  it('that could not be read until a newer one was compared does not take back what that one has told', async () => {
    for (const number of ['DN-1', 'DN-2']) await post(number)
    put('2026-11-24/1.csv', row('DN-1'), row('DN-2'))
    pass(1)
    put('2026-11-24/2.csv', row('DN-1', '3'), row('DN-4'))
    unreadable.add('2026-11-24/1.csv')
    expect(await tick()).toMatchObject([{ became: 'failed' }, { became: 'compared' }])
    const told = [
      ['missing-in-erp', keyOf('DN-4')],
      ['missing-in-source', keyOf('DN-2')],
      ['quantity', keyOf('DN-1')],
    ]
    expect(await open()).toEqual(told)
    unreadable.clear()
    expect(await tick()).toMatchObject([{ became: 'compared', differences: 0 }])
    expect(await open()).toEqual(told)
    await handler({}, context)
    expect(await open()).toEqual(told)
  })

  it('has the last word where the list, an index, does not know yet what an older one has told just now', async () => {
    await post('DN-1')
    put('2026-11-24/1.csv', row('DN-1', '3'), row('DN-4'))
    pass(1)
    put('2026-11-24/2.csv', row('DN-1'))
    const send = vi.mocked(DynamoDBDocumentClient.prototype.send)
    const asBefore = send.getMockImplementation()
    send.mockImplementation(async (command: object) =>
      command instanceof QueryCommand && command.input.IndexName === 'ByList'
        ? { Items: [] }
        : await Reflect.apply(asBefore ?? (() => undefined), dynamo, [command]),
    )
    expect(await tick()).toHaveLength(2)
    if (asBefore !== undefined) send.mockImplementation(asBefore)
    expect(await open()).toEqual([])
  })

  it('is told by another difference than the ERP, and only a person can say who is right', async () => {
    await post('DN-1')
    records.splice(0, 1)
    put('2026-11-24/shop.csv', row('DN-1', '3'))
    await tick()
    const found = (await listDifferences(openDifferences)).map(({ difference }) => difference)
    expect(found.map(({ class: name, key }) => [name, key]).sort()).toEqual([
      ['missing-in-erp', 'R-goods-issue-DN-1'],
      ['quantity', `source:${keyOf('DN-1')}`],
    ])
    const asked = { key: `source:${keyOf('DN-1')}`, by: 'ann', reason: 'the shop counts in boxes' }
    expect(await handler({ repair: { ...asked, repair: 'adopt' } }, context)).toMatchObject({ became: 'refused' })
    expect(await handler({ repair: { ...asked, repair: 'ignore' } }, context)).toMatchObject({ became: 'repaired' })
    await tick()
    expect(await listDifferences(ignoredDifferences)).toHaveLength(1)
  })

  it('with lines that cannot be read is refused as a dead letter that names them, once, and the others are compared', async () => {
    await post('DN-1')
    put('2026-11-24/broken.csv', row('DN-1', '3'), row('DN-2', 'two'), row('DN-3', '2', '24.11.2026'))
    put('2026-11-24/orders.xlsx')
    put('2026-11-24/whole.csv', row('DN-1'))
    const outcomes = await tick()
    expect(outcomes.map(({ file, became }) => [file, became])).toEqual([
      ['2026-11-24/broken.csv', 'refused'],
      ['2026-11-24/orders.xlsx', 'refused'],
      ['2026-11-24/whole.csv', 'compared'],
    ])
    expect(letters).toMatchObject([
      {
        code: 'SOURCE_FILE_UNREADABLE',
        owner: 'integration',
        message: expect.stringMatching(
          /broken\.csv" is refused.+Line 3 of .+ lines\[0\]\.quantity .+ \(was "two"\); Line 4 of .+ onDay .+ \(was "24\.11\.2026"\)/,
        ),
      },
      { message: expect.stringContaining('(was "2026-11-24/orders.xlsx")') },
    ])
    expect(await open()).toEqual([])
    await tick()
    expect(letters).toHaveLength(2)
    // Mended, it is another one.
    put('2026-11-24/broken.csv', row('DN-1', '3'))
    expect(await tick()).toMatchObject([{ became: 'compared', differences: 1 }])
  })
})
