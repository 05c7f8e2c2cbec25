import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { readEntries } from '#aws/audit-days.ts'
import { completeCase } from '#aws/case-completion.ts'
import { readCase, reopenCase } from '#aws/case-store.ts'
import { readStory } from '#aws/case-story.ts'
import { clock } from '#aws/clock.ts'
import { environment } from '#aws/environment.ts'
import { pause } from '#aws/erp-budget/pause-store.ts'
import { readPosting } from '#aws/posting-store.ts'
import { ignoredDifferences, listDifferences, openDifferences } from '#aws/reconciliation/difference-store.ts'
import { compareSource } from '#aws/reconciliation/source-side.ts'
import { consumeSignal, recordSignal } from '#aws/signal-store.ts'
import { read } from '#aws/table.ts'
import type { ErpRecord } from '#connectors/records-port.ts'
import type { DocumentKind } from '#domain/documents.ts'
import type { PostedDocument } from '#domain/posting.ts'
import { sourceRecord } from '#domain/reconciliation/source-record.ts'
import { handler } from '../../../functions/reconciliation/reconcile-books.ts'
import {
  begin,
  caseKey,
  context,
  decide,
  executionArn,
  isErpDown,
  leaveInDoubt,
  openCase,
  pass,
  postToBoth,
  questions,
  records,
  replaceOutside,
  started,
  sweep,
  unchanged,
} from './inbox-world.ts'

beforeAll(replaceOutside)
beforeEach(async () => {
  begin()
  await openCase()
})

const owner = { caseKey, executionArn, epoch: 1, redriveCount: 0 }
const invoice = { document: 'customer-invoice', number: 'DN-1' } as const
const hour = 3600

const lost = { id: '9', number: 'I9', amount: '44.50', currency: 'EUR' }
const post = (kind: DocumentKind, number: string, document: PostedDocument) =>
  postToBoth(kind, number, document, '2026-11-23')

async function postAll(): Promise<void> {
  await post('sales-order', 'T1', {
    id: '77',
    number: 'SO7',
    amount: '44.50',
    currency: 'EUR',
    lines: [{ line: '1', quantity: '2' }],
  })
  await post('goods-issue', 'DN-1', { id: '8', number: 'D8', lines: [{ line: '1', quantity: '2' }] })
  await post('customer-invoice', 'DN-1', lost)
}

const Compared = z.object({
  documents: z.int(),
  gone: z.int(),
  differences: z.array(z.looseObject({ class: z.string(), key: z.string() })),
  totals: z.array(z.looseObject({ document: z.string(), onDay: z.string(), hub: z.unknown(), erp: z.unknown() })),
})
/** Everything since the day before, and what is an hour old at least. */
const compare = async (sinceMs = Date.parse('2026-11-23T00:00:00Z')) =>
  Compared.parse(await handler({ sinceMs }, context))
const open = async () =>
  (await listDifferences(openDifferences)).map(({ difference }) => [difference.class, difference.key])
const change = (kind: DocumentKind, to: Partial<ErpRecord>) => {
  const index = records.findIndex(({ document }) => document === kind)
  const [record] = records.splice(index, 1)
  if (record === undefined) throw new Error(`There is no ${kind}`)
  records.push({ ...record, ...to })
}
const repairOf = async (repair: object) =>
  await handler({ repair: { key: 'R-customer-invoice-DN-1', by: 'ann', reason: 'looked at both', ...repair } }, context)

describe('the reconciliation', () => {
  it('finds nothing where both have the same, and adds both up by the day of the books', async () => {
    await postAll()
    pass(2 * hour)
    const { documents, differences, totals } = await compare()
    expect([documents, differences]).toEqual([3, []])
    const same = (amount: string) => ({ count: 1, amount })
    expect(totals).toMatchObject([
      { document: 'goods-issue', onDay: '2026-11-23', hub: same('0'), erp: same('0') },
      { document: 'customer-invoice', onDay: '2026-11-23', hub: same('44.5'), erp: same('44.5') },
      { document: 'sales-order', onDay: '2026-11-23', hub: same('44.5'), erp: same('44.5') },
    ])
    expect(await open()).toEqual([])
  })

  it.each([
    ['missing-in-erp', () => records.splice(2, 1)],
    ['amount', () => change('customer-invoice', { amount: '44.49' })],
    ['status', () => change('customer-invoice', { standing: 'ended' })],
    ['duplicate', () => records.push({ ...z.custom<ErpRecord>().parse(records[2]), id: '10', number: 'I10' })],
  ] as const)(
    'finds %s, keeps it once however often it is seen, and lets it go when it is mended',
    async (name, spoil) => {
      await postAll()
      const whole = [...records]
      spoil()
      pass(2 * hour)
      for (let times = 0; times < 2; times++) {
        expect((await compare()).differences).toHaveLength(1)
        expect(await open()).toEqual([[name, 'R-customer-invoice-DN-1']])
      }
      const [item] = await listDifferences(openDifferences)
      expect(item?.difference.posting).toBe(`${caseKey}/customer-invoice/DN-1`)
      records.splice(0, records.length, ...whole)
      expect((await compare()).gone).toBe(1)
      expect(await open()).toEqual([])
    },
  )

  it('finds a quantity that somebody has changed, and what somebody has made past the hub', async () => {
    await postAll()
    change('goods-issue', { lines: [{ line: '1', quantity: '3' }] })
    const standing = { standing: 'in-effect', onDay: '2026-11-24' } as const
    records.push({ document: 'goods-issue', id: '99', number: 'D99', ...standing })
    records.push({ document: 'goods-receipt', id: '99', number: 'R99', ...standing })
    pass(2 * hour)
    await compare()
    expect((await open()).sort()).toEqual([
      ['extra', 'erp:goods-issue:99'],
      ['extra', 'erp:goods-receipt:99'],
      ['quantity', 'R-goods-issue-DN-1'],
    ])
    // Whoever has made it takes it back.
    records.splice(
      records.findIndex(({ id }) => id === '99'),
      1,
    )
    expect((await compare()).gone).toBe(1)
  })

  it('finds what has been under way for too long, and not what is under way', async () => {
    await leaveInDoubt()
    expect((await compare()).differences).toEqual([])
    pass(2 * hour)
    expect((await compare()).differences).toMatchObject([{ class: 'late', key: 'r1' }])
  })

  it('leaves open what somebody has found who did not wait, until it is through', async () => {
    await leaveInDoubt()
    pass(1)
    const late = [['late', 'r1']]
    await handler({ sinceMs: Date.parse('2026-11-23'), dueAfterMs: 0 }, context)
    expect(await open()).toEqual(late)
    expect((await compare()).gone).toBe(0)
    expect(await handler({ apply: { isDry: false } }, context)).toMatchObject({
      repaired: [{ became: 'is under way' }],
    })
    expect(await open()).toEqual(late)
  })

  it('leaves open what it could not look at again, since the ERP is down', async () => {
    await post('goods-issue', 'DN-1', { id: '8', number: 'D8' })
    const [record] = records.splice(0)
    if (record === undefined) throw new Error('The ERP has nothing')
    pass(2 * hour)
    await compare()
    const missing = [['missing-in-erp', 'R-goods-issue-DN-1']]
    expect(await open()).toEqual(missing)
    records.push(record)
    isErpDown.value = true
    await expect(compare(Date.parse('2026-11-24T10:59:00Z'))).rejects.toThrow('the ERP is down')
    expect(await open()).toEqual(missing)
    isErpDown.value = false
    expect((await compare()).gone).toBe(1)
  })

  it.each(['completed', 'cancelled', 'closed'] as const)(
    'takes up nothing that is late of a case that is %s meanwhile',
    async (as) => {
      await leaveInDoubt()
      pass(2 * hour)
      await compare()
      await reopenCase({ ...owner, redriveCount: 1 })
      const seen = await readCase(caseKey)
      if (seen === undefined) throw new Error('There is no case')
      expect(await completeCase(owner, seen, as)).toBe(true)
      const text = `${caseKey} is ${as}: look at its posting`
      expect(await repairOf({ key: 'r1', repair: 'replay' })).toEqual({ became: 'refused', text })
      expect((await readCase(caseKey))?.status).toBe(as)
      expect(started).toEqual([])
    },
  )

  it('takes what the ERP has already and the hub has claimed for no more than being under way', async () => {
    await leaveInDoubt()
    records.push({ document: 'goods-issue', id: '8', reference: 'r1', standing: 'in-effect', onDay: '2026-11-24' })
    expect((await compare()).differences).toEqual([])
  })

  it('finds by its number what was posted long before and was changed in the ERP since', async () => {
    await postAll()
    change('customer-invoice', { amount: '1.00' })
    pass(90 * 24 * hour)
    const { documents, differences } = await compare(Date.parse('2027-02-20T00:00:00Z'))
    expect(documents).toBe(3)
    expect(differences).toMatchObject([{ class: 'amount', amount: '-43.5' }])
  })

  it('looks up what the feed does not tell, by its reference, and by its number where a person has adopted it', async () => {
    await postAll()
    change('customer-invoice', { reference: undefined })
    for (const id of ['77', '9']) unchanged.add(id)
    pass(2 * hour)
    const { documents, differences } = await compare()
    expect([documents, differences]).toEqual([3, []])
  })

  it('knows the document that a person has adopted by its number, although it bears no reference of the hub', async () => {
    await postAll()
    change('customer-invoice', { reference: undefined })
    pass(2 * hour)
    const { documents, differences, totals } = await compare()
    expect([documents, differences]).toEqual([3, []])
    expect(totals.map(({ hub }) => hub)).toMatchObject([{ count: 1 }, { count: 1 }, { count: 1 }])
  })
})

describe('a repair', () => {
  beforeEach(async () => {
    await postAll()
    change('customer-invoice', { amount: '44.49' })
    pass(2 * hour)
    await compare()
  })

  it('adopts what stands in the ERP, once, and says in the audit trail who, why, before and after', async () => {
    expect(await repairOf({ repair: 'adopt' })).toMatchObject({ became: 'repaired' })
    expect((await readPosting(caseKey, invoice))?.document).toMatchObject({ id: '9', number: 'I9', amount: '44.49' })
    const entry = (await readEntries(caseKey, 1, undefined)).at(-1)
    expect(entry).toMatchObject({
      stage: 'posted',
      by: 'person',
      posting: 'customer-invoice/DN-1',
      before: { amount: '44.50' },
      after: { amount: '44.49' },
    })
    expect(await open()).toEqual([])
    expect((await compare()).differences).toEqual([])
    expect(await repairOf({ repair: 'adopt' })).toMatchObject({ became: 'changed' })
  })

  it('adopts another document that a person names, which takes the place of one that is gone, for one posting alone', async () => {
    change('customer-invoice', { standing: 'ended' })
    const other = {
      id: '10',
      number: 'I10',
      standing: 'in-effect',
      onDay: '2026-11-24',
      amount: '44.50',
      currency: 'EUR',
    } as const
    records.push({ document: 'customer-invoice', ...other })
    await compare()
    expect((await open()).map(([name]) => name).sort()).toEqual(['extra', 'status'])
    expect(await repairOf({ repair: 'adopt' })).toMatchObject({
      became: 'refused',
      text: expect.stringContaining('0 such'),
    })
    expect(await repairOf({ repair: 'adopt', document: 'I10' })).toMatchObject({ became: 'repaired' })
    expect((await readPosting(caseKey, invoice))?.document).toMatchObject({ id: '10', number: 'I10', amount: '44.50' })
    records.splice(
      records.findIndex(({ standing }) => standing === 'ended'),
      1,
    )
    await compare()
    expect(await open()).toEqual([])
  })

  it('does not adopt what is the document of another posting', async () => {
    await post('customer-invoice', 'DN-2', { id: '11', number: 'I11', amount: '1.00', currency: 'EUR' })
    expect(await repairOf({ repair: 'adopt', document: 'I11' })).toMatchObject({
      became: 'refused',
      text: 'I11 is the document of another posting of the hub.',
    })
  })

  it('ignores it for as long as the same is said about it, and says so in the audit trail', async () => {
    expect(await repairOf({ repair: 'ignore' })).toMatchObject({ became: 'repaired' })
    await compare()
    expect(await open()).toEqual([])
    expect(await listDifferences(ignoredDifferences)).toMatchObject([
      { ignored: { by: 'ann', reason: 'looked at both' } },
    ])
    expect((await readEntries(caseKey, 1, undefined)).at(-1)).toMatchObject({
      stage: 'difference ignored',
      by: 'person',
    })
    change('customer-invoice', { amount: '40.00' })
    await compare()
    expect(await open()).toEqual([['amount', 'R-customer-invoice-DN-1']])
    change('customer-invoice', { amount: '44.50' })
    expect((await compare()).gone).toBe(1)
  })

  it('by one who waits for it ends within a minute when its account stands still', async () => {
    const passedMs = await standStill()
    await expect(repairOf({ repair: 'adopt' })).rejects.toThrow('The ERP account erp is paused')
    expect(passedMs()).toBeLessThan(60_000)
  })

  it('is refused when there is no such difference, or it cannot be repaired so', async () => {
    expect(await repairOf({ repair: 'adopt', key: 'nothing' })).toMatchObject({ became: 'refused' })
    await expect(repairOf({ repair: 'undo' })).rejects.toThrow('repair.repair')
  })
})

describe('a repair that is a posting', () => {
  const signal = { pk: caseKey, sk: 'SIGNAL#goods-issue#DN-1' }
  const lose = async (kind: DocumentKind) => {
    records.splice(
      records.findIndex(({ document }) => document === kind),
      1,
    )
    pass(2 * hour)
    await compare()
  }
  beforeEach(async () => {
    await postAll()
    await recordSignal(caseKey, {
      ...{ kind: 'goods-issue', number: 'DN-1', eventId: 'e1', occurredAt: '2026-11-24T09:00:00Z', fingerprint: 'g' },
      data: { salesOrder: 'T1', deliveryNote: 'DN-1', issuedOn: '2026-11-24' },
    })
    const story = await readStory(caseKey)
    const [told] = story?.signals ?? []
    if (story === undefined || told === undefined) throw new Error('There is no signal')
    await consumeSignal(owner, told, 'done')
    await completeCase(owner, story.case, 'completed')
  })

  it('gives a posting that the ERP has lost back to its case, with its event, once though two ask at once', async () => {
    await lose('customer-invoice')
    const both = await Promise.all([repairOf({ repair: 'replay' }), repairOf({ repair: 'replay' })])
    expect(both.map((one) => z.object({ became: z.string() }).parse(one).became).sort()).toEqual([
      'changed',
      'repaired',
    ])
    const posting = await readPosting(caseKey, invoice)
    expect(posting).toMatchObject({ status: 'claimed', fence: 2 })
    expect(posting?.document).toBeUndefined()
    expect((await read(signal))?.consumedAtMs).toBeUndefined()
    expect(await readCase(caseKey)).toMatchObject({ status: 'open', owner: { executionArn: 'nobody', epoch: 2 } })
    expect(started).toEqual([JSON.stringify({ resume: caseKey })])
    expect((await readEntries(caseKey, 1, undefined)).filter(({ stage }) => stage === 'repaired')).toMatchObject([
      { by: 'person', posting: 'customer-invoice/DN-1', before: { difference: 'missing-in-erp' } },
    ])
    // It is on its way: nobody repairs it again or is asked about it, and it goes when it is through.
    expect((await compare()).differences).toEqual([])
    expect(await open()).toEqual([['missing-in-erp', 'R-customer-invoice-DN-1']])
    expect(await handler({ apply: { isDry: false } }, context)).toMatchObject({
      repaired: [{ became: 'is under way' }],
    })
    await postToBoth('customer-invoice', 'DN-1', lost, '2026-11-23', { ...owner, executionArn: 'nobody', epoch: 2 })
    expect((await compare()).gone).toBe(1)
    expect(await open()).toEqual([])
  })

  it('does not post again what others name in the ERP', async () => {
    await lose('goods-issue')
    expect(await repairOf({ repair: 'replay', key: 'R-goods-issue-DN-1' })).toMatchObject({
      became: 'refused',
      text: expect.stringContaining('customer-invoice/DN-1 names it in the ERP'),
    })
    expect(await readPosting(caseKey, { document: 'goods-issue', number: 'DN-1' })).toMatchObject({ status: 'posted' })
  })

  it('does not post again what the ERP has taken back, nor what is there by now', async () => {
    change('customer-invoice', { standing: 'ended' })
    pass(2 * hour)
    await compare()
    expect(await repairOf({ repair: 'replay' })).toMatchObject({
      text: expect.stringContaining('What the ERP has taken back has its reference'),
    })
    change('customer-invoice', { standing: 'in-effect' })
    expect(await repairOf({ repair: 'replay' })).toMatchObject({ text: 'The books agree on it by now.' })
    expect(await open()).toEqual([])
  })

  it('asks a person about what it may not repair, and takes the answer for the repair', async () => {
    change('customer-invoice', { standing: 'ended' })
    pass(2 * hour)
    await compare()
    await handler({ apply: { isDry: false } }, context)
    expect(await questions()).toMatchObject([
      {
        kind: 'difference',
        code: 'status',
        owner: 'finance',
        posting: { document: 'customer-invoice', number: 'DN-1' },
        choices: ['replay', 'adopt', 'adjust', 'ignore'],
      },
    ])
    await decide('ignore')
    expect(await questions()).toEqual([])
    expect(await listDifferences(ignoredDifferences)).toHaveLength(1)
  })

  it('takes the question away when the books agree', async () => {
    change('customer-invoice', { standing: 'ended' })
    pass(2 * hour)
    await compare()
    await handler({ apply: { isDry: false } }, context)
    expect(await questions()).toHaveLength(1)
    change('customer-invoice', { standing: 'in-effect' })
    await compare()
    await sweep()
    expect(await questions()).toEqual([])
  })

  it('says what it would do, and does nothing', async () => {
    await lose('customer-invoice')
    expect(await handler({ apply: { isDry: true } }, context)).toEqual({
      repaired: [
        {
          ...{ key: 'R-customer-invoice-DN-1', class: 'missing-in-erp', posting: `${caseKey}/customer-invoice/DN-1` },
          ...{ repair: 'replay', became: 'would be repaired' },
        },
      ],
    })
    expect(await readPosting(caseKey, invoice)).toMatchObject({ status: 'posted' })
    expect(await handler({ apply: { isDry: true, flow: 'goods-receipt' } }, context)).toEqual({ repaired: [] })
  })

  it('by the clock repairs what it may by itself, and asks when that has not helped', async () => {
    await lose('customer-invoice')
    pass(24 * hour)
    await handler({}, context)
    expect(await readPosting(caseKey, invoice)).toMatchObject({ status: 'claimed' })
    expect(started).toHaveLength(1)
  })

  it('needs two persons for what is over much', async () => {
    change('customer-invoice', { amount: '5000.00' })
    pass(2 * hour)
    await compare()
    expect(await repairOf({ repair: 'adopt' })).toMatchObject({
      became: 'refused',
      text: expect.stringContaining('npx postonce decide'),
    })
    await decide('adopt', { document: 'I9' })
    expect(await questions()).toMatchObject([{ status: 'proposed' }])
    await decide('adopt', { document: 'I9', id: 'd2', by: 'bob' })
    expect(await questions()).toEqual([])
    expect((await readPosting(caseKey, invoice))?.document).toMatchObject({ amount: '5000.00' })
  })
})

describe('a source that tells what it has', () => {
  const line = (more: object) => ({ case: caseKey, onDay: '2026-11-24', ...more })
  const order = line({ document: 'sales-order', number: 'T1', amount: '44.5', currency: 'EUR' })
  const bill = line({ document: 'customer-invoice', number: 'DN-1', amount: '44.50', currency: 'EUR' })
  const goods = line({ document: 'goods-issue', number: 'DN-1', lines: [{ line: '1', quantity: '2' }] })
  const compareWith = async (lines: readonly object[]) => {
    const since = { sinceMs: Date.parse('2026-11-24'), untilMs: Date.parse('2026-11-25') }
    const window = { ...since, dueBeforeMs: Date.parse('2026-11-24T10:00:00Z'), company: 'erp' }
    const { differences } = await compareSource(
      lines.map((one, at) => sourceRecord(one, `Line ${at + 1}`, 'erp')),
      window,
    )
    return differences.map((one) => [one.class, one.posting])
  }
  beforeEach(postAll)

  it('agrees with what the hub has posted', async () => {
    expect(await compareWith([order, bill, goods])).toEqual([])
  })

  it('is told what never came to the hub, what it never asked for, and what is over something else', async () => {
    const lost = line({ document: 'goods-issue', number: 'DN-2', lines: [] })
    expect(await compareWith([order, { ...bill, amount: '44.51' }, { ...goods, lines: [] }, lost])).toEqual([
      ['amount', `${caseKey}/customer-invoice/DN-1`],
      ['quantity', `${caseKey}/goods-issue/DN-1`],
      ['missing-in-erp', `${caseKey}/goods-issue/DN-2`],
    ])
    expect(await compareWith([order, bill, lost])).toEqual([
      ['missing-in-source', `${caseKey}/goods-issue/DN-1`],
      ['missing-in-erp', `${caseKey}/goods-issue/DN-2`],
    ])
  })

  it('is not asked for documents of which it tells none', async () => {
    expect(await compareWith([order])).toEqual([])
  })
})

/** Pauses the account; from now on time passes only where somebody waits. @returns how much has */
async function standStill(): Promise<() => number> {
  let nowMs = clock.nowMs()
  const beganAtMs = nowMs
  vi.spyOn(clock, 'nowMs').mockImplementation(() => nowMs)
  vi.spyOn(clock, 'sleep').mockImplementation(async (milliseconds) => {
    nowMs += milliseconds
  })
  const person = { person: 'ann', reason: 'x' }
  await pause({ account: environment().ERP_ACCOUNT ?? '', flow: undefined, person }, undefined)
  return () => nowMs - beganAtMs
}

describe('whoever asks whether the ERP can be reached', () => {
  it('is told so, or why not, with the time that the function has', async () => {
    expect(await handler({ reach: true }, context)).toMatchObject({
      nowMs: Date.parse('2026-11-24T09:00:00Z'),
      erp: { isReached: true },
    })
    isErpDown.value = true
    expect(await handler({ reach: true }, context)).toMatchObject({
      erp: { isReached: false, message: 'the ERP is down: nobody listens' },
    })
  })

  it('hears within a minute that its account stands still, instead of waiting until it does not', async () => {
    const passedMs = await standStill()
    expect(await handler({ reach: true }, context)).toMatchObject({
      erp: { isReached: false, message: expect.stringContaining('is paused') },
    })
    expect(passedMs()).toBeLessThan(60_000)
  })
})

describe('the clock', () => {
  const tick = async () =>
    z.object({ isDue: z.boolean(), compared: z.int().optional() }).parse(await handler({}, context))

  it('compares each day once, and all of an outage window by window', async () => {
    await postAll()
    pass(2 * hour)
    expect(await tick()).toEqual({ isDue: true, compared: 21 })
    expect(await tick()).toEqual({ isDue: false })
    pass(24 * hour)
    expect(await tick()).toMatchObject({ isDue: true })
    pass(3 * 24 * hour)
    change('customer-invoice', { standing: 'ended' })
    expect(await tick()).toMatchObject({ isDue: true })
    expect(await open()).toEqual([['status', 'R-customer-invoice-DN-1']])
    expect(await tick()).toEqual({ isDue: false })
  })
})
