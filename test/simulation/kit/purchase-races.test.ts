import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { answerParts } from '#aws/answer.ts'
import { matchBill } from '#aws/match-bill.ts'
import { transact } from '#aws/table.ts'
import type { Choice } from '#domain/inbox.ts'
import { begin, replaceOutside } from './inbox-world.ts'
import {
  answer,
  billInVariance,
  invoice,
  match,
  next,
  openPurchase,
  orderAndReceive,
  ownerOf,
  policy,
  questionsAbout,
  receive,
  storyOf,
  tell,
} from './purchase-world.ts'

beforeAll(() => {
  replaceOutside()
  vi.stubEnv('PURCHASING', JSON.stringify(policy))
})
beforeEach(begin)

const decision = (choice: Choice) => ({ id: `d-${choice}`, choice, reason: 'because', by: 'ann', atMs: 1 })
const approval = { kind: 'approval', version: '1' } as const
const variance = { kind: 'variance', signal: { kind: 'supplier-invoice', number: 'INV-1' }, round: 1 } as const

/** What the decision writes, by somebody who has read the case before it changed. */
async function writtenAfter(asks: typeof approval | typeof variance, choice: Choice, change: () => Promise<unknown>) {
  const seen = (await storyOf('R-1')).case
  await change()
  return (await transact([...answerParts(seen, asks, decision(choice))])).ok
}

describe('an answer that races with what it is about', () => {
  it.each<[string, Choice]>([
    ['accepts', 'accept'],
    ['disputes', 'dispute'],
    ['waits', 'wait'],
  ])('writes nothing that %s an earlier match', async (_what, choice) => {
    await billInVariance()
    const isWritten = await writtenAfter(variance, choice, async () => {
      await receive('R-1', 'DN-2', '1')
      await match('R-1', 'INV-1')
    })
    expect(isWritten).toBe(false)
  })

  it('writes nothing when another answer was faster', async () => {
    await billInVariance()
    expect(
      await writtenAfter(
        variance,
        'dispute',
        async () => await transact([...answerParts((await storyOf('R-1')).case, variance, decision('accept'))]),
      ),
    ).toBe(false)
    await openPurchase('R-2', { lines: [{ number: '1', item: 'P01', quantity: '30', unitPrice: '20.00' }] })
    const seen = (await storyOf('R-2')).case
    expect((await transact([...answerParts(seen, approval, decision('approve'))])).ok).toBe(true)
    const later = (await storyOf('R-2')).case
    expect((await transact([...answerParts(later, approval, decision('reject'))])).ok).toBe(false)
  })

  it('writes nothing when the case has heard of something else meanwhile', async () => {
    await billInVariance()
    const told = () => tell('SupplierInvoiceReceived', invoice('R-1', 'INV-2', '20.00'))
    expect(await writtenAfter(variance, 'accept', told)).toBe(false)
    expect(
      await writtenAfter(approval, 'approve', () => tell('SupplierInvoiceReceived', invoice('R-1', 'INV-3', '20.00'))),
    ).toBe(false)
  })
})

describe('a match that races with an answer', () => {
  it.each<[Choice, object]>([
    ['accept', { match: { round: 1, decision: 'accept' } }],
    ['dispute', { match: { round: 1 }, refusal: { code: 'DISPUTED' } }],
  ])('leaves what was said by %s', async (choice, stands) => {
    await billInVariance()
    await next('R-1')
    const before = await storyOf('R-1')
    for (const question of await questionsAbout('R-1')) await answer(question, choice)
    await receive('R-1', 'DN-2', '1')
    const behind = { ...(await storyOf('R-1')), signals: before.signals }
    await matchBill(ownerOf('R-1'), behind, 'supplier-invoice', 'INV-1')
    expect((await storyOf('R-1')).signals).toMatchObject([stands])
  })

  it('stores one outcome for one ground, however often it runs', async () => {
    await billInVariance()
    const before = await storyOf('R-1')
    await matchBill(ownerOf('R-1'), before, 'supplier-invoice', 'INV-1')
    const unmatched = { ...before, signals: before.signals.map(({ match: _none, ...rest }) => rest) }
    await matchBill(ownerOf('R-1'), unmatched, 'supplier-invoice', 'INV-1')
    expect((await storyOf('R-1')).signals).toMatchObject([{ match: { round: 1 } }])
  })

  it('is not replaced by one that began earlier, on other ground', async () => {
    await openPurchase('R-1')
    await orderAndReceive('R-1', '4711')
    await tell('SupplierInvoiceReceived', invoice('R-1', 'INV-1', '21.00'))
    const earlier = await storyOf('R-1')
    await receive('R-1', 'DN-2', '1')
    const later = await match('R-1', 'INV-1')
    await matchBill(ownerOf('R-1'), earlier, 'supplier-invoice', 'INV-1')
    expect((await storyOf('R-1')).signals).toMatchObject([{ match: later }])
  })

  it('is not stored by an execution that no longer owns the case', async () => {
    await billInVariance()
    await receive('R-1', 'DN-2', '1')
    const other = { ...ownerOf('R-1'), epoch: 7 }
    await expect(matchBill(other, await storyOf('R-1'), 'supplier-invoice', 'INV-1')).rejects.toThrow('no longer owns')
  })
})

describe('a supplier’s number in two spellings', () => {
  it.each([
    ['INV-2026/001', 'inv 2026 1'],
    ['2026-001', '2026001'],
    ['2026-001', '2026-1'],
    ['000815', '815'],
  ])('%s and %s are one, whichever comes first', async (one, other) => {
    for (const [first, second, a, b] of [
      [one, other, 'R-1', 'R-2'],
      [other, one, 'R-3', 'R-4'],
    ] as const) {
      begin()
      for (const [number, spelling] of [
        [a, first],
        [b, second],
      ] as const) {
        await openPurchase(number)
        await orderAndReceive(number, number)
        await tell('SupplierInvoiceReceived', invoice(number, spelling, '20.00'))
      }
      expect(await match(a, first)).toMatchObject({ outcome: 'matched' })
      expect(await match(b, second)).toMatchObject({ outcome: 'duplicate-number' })
    }
  })
})
