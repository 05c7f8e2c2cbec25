import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AuditItem, PersonItem, transactTold } from '#aws/audit.ts'
import { claimPosting, markPosted } from '#aws/posting-store.ts'
import { recordSignal } from '#aws/signal-store.ts'
import { casesOfNumber, readRange } from '#aws/table.ts'
import { digestOf, hashOfEntry, noEntry } from '#domain/audit/entry.ts'
import { begin, caseKey, executionArn, itemsOf, openCase, pass, replaceOutside } from './inbox-world.ts'

beforeAll(replaceOutside)
beforeEach(begin)

const chain = () => itemsOf('AUDIT#').map((item) => AuditItem.parse(item).entry)
const owner = { caseKey, executionArn, epoch: 1, redriveCount: 0 }
const delivery = { document: 'goods-issue', number: 'DN-1' } as const
const claim = () => claimPosting(owner, delivery, undefined, 'c1', { fingerprint: 'g', reference: 'r1' }, undefined)

describe('the audit trail of a case', () => {
  it('is one chain however many write it at the same moment', async () => {
    const facts = Array.from({ length: 8 }, (_, index) => ({ stage: `fact ${index}`, by: 'postonce' }))
    const written = await Promise.all(facts.map((fact) => transactTold(caseKey, [], fact)))
    expect(written.every(({ ok }) => ok)).toBe(true)
    const told = chain()
    expect(told.map(({ place }) => place)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(told.map(({ previous }) => previous)).toEqual([noEntry, ...told.slice(0, -1).map(hashOfEntry)])
    expect(new Set(told.map(({ stage }) => stage)).size).toBe(8)
  })

  it('has no entry of a fact whose own condition does not hold', async () => {
    const never = { check: { pk: 'none', sk: 'CASE' }, condition: 'attribute_exists(pk)' }
    const written = await transactTold(caseKey, [never], { stage: 'posted', by: 'postonce' })
    expect(written).toMatchObject({ ok: false, index: 0 })
    expect(chain()).toEqual([])
  })

  it('never goes back in time, so that each of its days is whole', async () => {
    await transactTold(caseKey, [], { stage: 'one', by: 'postonce' })
    pass(-2)
    await transactTold(caseKey, [], { stage: 'two', by: 'postonce' })
    const [one, two] = chain()
    expect(two?.atMs).toBe(one?.atMs)
  })

  it('is listed to be sealed once each day that it grows', async () => {
    for (const seconds of [0, 60, 86_400, 60]) {
      pass(seconds)
      await transactTold(caseKey, [], { stage: 'told', by: 'postonce' })
    }
    expect(itemsOf('AUDIT#').map(({ listKey }) => String(listKey ?? '').slice(0, 16))).toEqual([
      'AUDIT#2026-11-24',
      '',
      'AUDIT#2026-11-25',
      '',
    ])
  })

  it('holds digests of who acted and why, whose values lie apart and expire', async () => {
    await transactTold(caseKey, [], { stage: 'decided', by: { person: 'ann', reason: 'sold out' } })
    const [item] = itemsOf('PERSON#')
    const { values } = PersonItem.parse(item)
    expect(values).toMatchObject({ by: { value: 'ann' }, reason: { value: 'sold out' } })
    expect(item?.expiresAt).toBeGreaterThan(0)
    const digests = Object.entries(values).map(([name, one]) => [name, digestOf(one)])
    expect(chain()).toMatchObject([{ by: 'person', personal: Object.fromEntries(digests) }])
  })
})

describe('any number', () => {
  it('finds its case by one Query: of the order, a delivery, a document in the ERP, a payment', async () => {
    await openCase()
    await markPosted(await claim(), { id: '41', number: 'OUT-0041', amount: '44.50', currency: 'EUR' }, undefined)
    const payment = {
      kind: 'incoming-payment',
      number: 'PAY-9',
      eventId: 'e',
      occurredAt: '2026-11-24T09:00:00Z',
    } as const
    await recordSignal(caseKey, { ...payment, fingerprint: 'p', data: { amount: '44.50', currency: 'EUR' } })
    for (const number of ['T1', 'DN-1', 'OUT-0041', 'PAY-9']) expect(await casesOfNumber(number)).toEqual([caseKey])
    expect(await casesOfNumber('OUT-0042')).toEqual([])
  })

  it('leads to a timeline that one more Query reads, of which the size alone costs read units', async () => {
    await openCase()
    await markPosted(await claim(), { id: '41', number: 'OUT-0041', amount: '44.50', currency: 'EUR' }, undefined)
    const items = await readRange(caseKey, 'A', 'Z')
    expect(Math.ceil(JSON.stringify(items).length / 4096)).toBe(1)
    expect(items.filter(({ sk }) => String(sk).startsWith('AUDIT#'))).toHaveLength(2)
  })
})
