import { afterEach, describe, expect, it, vi } from 'vitest'
import { CaseItem } from '#aws/case-store.ts'
import { queues } from '#aws/clients/queues.ts'
import { type HeldLetter, holdLetters } from '#aws/letter-box.ts'
import { readLetter } from '#domain/dead-letter.ts'
import { signatureId, signatureOf } from '#domain/failure-signature.ts'
import { formatGroups } from '../../../bin/commands/dead-letters/format-letters.ts'
import { groupLetters } from '../../../bin/commands/dead-letters/group-letters.ts'
import { letterOfCase } from '../../../bin/commands/dead-letters/letter-of-case.ts'
import { findSignature } from '../../../bin/commands/dead-letters/peek-letters.ts'
import { whatToDo } from '../../../bin/commands/dead-letters/what-to-do.ts'

afterEach(() => vi.restoreAllMocks())

function bodyOf(number: string, changes: object = {}): string {
  const facts = { stage: 'AcceptSalesOrder', class: 'business', code: 'UNKNOWN_ITEM', message: `no item "${number}"` }
  const executionArn = `arn:of:${number}`
  const sent = {
    id: `${executionArn}/0`,
    caseKey: `shop/sales-order/${number}`,
    executionArn,
    owner: 'sales',
    ...facts,
  }
  const all = { ...sent, ...changes }
  return JSON.stringify({ ...all, signature: signatureOf(all) })
}

function held(number: string, sentAtMs: number, changes: object = {}): HeldLetter {
  return { letter: readLetter(bodyOf(number, changes), `m${number}`), messageId: `m${number}`, receipt: 'r', sentAtMs }
}

function theCase(number: string, netTotal: string, currency = 'EUR'): CaseItem {
  return CaseItem.parse({
    pk: `shop/sales-order/${number}`,
    process: 'order-to-cash',
    status: 'rejected',
    owner: { executionArn: `arn:of:${number}`, epoch: 1, redriveCount: 0 },
    version: 1,
    fingerprint: 'f',
    currency,
    netTotal,
    lines: [],
    signalCount: 0,
    acceptedAtMs: 0,
    deadlineAtMs: 0,
    deadlinesTold: 0,
    listedAtMs: 0,
  })
}

const casesOf = (...cases: readonly CaseItem[]) => new Map(cases.map((one) => [one.pk, one]))

describe('dead letters of one cause', () => {
  it('are one group with count, age, amount at stake by currency and owner; the most frequent stands first', () => {
    const letters = [held('T1', 5_000), held('T2', 3_000), held('T3', 4_000), held('T4', 1_000, { code: 'CONFLICT' })]
    const cases = casesOf(theCase('T1', '44.50'), theCase('T2', '0.50'), theCase('T3', '7', 'USD'))
    const [first, second, ...others] = groupLetters(letters, cases)
    expect(first).toMatchObject({ code: 'UNKNOWN_ITEM', count: 3, oldestAtMs: 3_000, owner: 'sales' })
    expect(first?.atStake).toEqual({ EUR: '45.00', USD: '7' })
    expect(second).toMatchObject({ code: 'CONFLICT', count: 1, atStake: {} })
    expect(others).toEqual([])
  })

  it('count once, however often the same one was sent', () => {
    const groups = groupLetters([held('T1', 2_000), held('T1', 1_000)], casesOf(theCase('T1', '44.50')))
    expect(groups).toMatchObject([{ count: 1, oldestAtMs: 1_000, atStake: { EUR: '44.50' } }])
  })

  it('are told by a case that stands still as by its letter, so that it counts once, and after SQS has dropped that', () => {
    const sent = held('T1', 5_000)
    const { letter } = sent
    const failure = { ...letter, stage: 'AcceptSalesOrder', redriveCount: 0, name: 'BusinessError' }
    const own = letterOfCase({ ...theCase('T1', '44.50'), failure, listedAtMs: 4_000 })
    expect(own?.letter).toMatchObject({ id: letter.id, signature: letter.signature, caseKey: letter.caseKey })
    const groups = groupLetters([sent, ...(own === undefined ? [] : [own])], casesOf(theCase('T1', '44.50')))
    expect(groups).toMatchObject([{ count: 1, oldestAtMs: 4_000 }])
    expect(letterOfCase(theCase('T1', '44.50'))).toBeUndefined()
  })

  it('say what to do in the words of the runbook', () => {
    const text = formatGroups(groupLetters([held('T1', 0)], casesOf(theCase('T1', '44.50'))), false, 3_600_000)
    expect(text).toContain('1 ×  UNKNOWN_ITEM (business), for sales; the oldest is 60 min old; 44.50 EUR at stake')
    expect(text).toContain('to do: `npx postonce cross-reference import`')
    expect(whatToDo().size).toBeGreaterThan(30)
  })

  it('say all that is to be done, where it is written, and which command ends what cannot be redriven', () => {
    const file = { executionArn: undefined, caseKey: undefined, code: 'SOURCE_FILE_UNREADABLE', class: 'poison' }
    const groups = groupLetters([held('f', 0, file)], casesOf())
    const text = formatGroups(groups, false, 0)
    expect(text).toContain(
      'under the same name or another (docs/reconcile.md); then `npx postonce dead-letters SIGNATURE',
    )
    expect(text).toContain(`  then: npx postonce dead-letters ${groups[0]?.id} --delete; nothing of it can be redriven`)
    expect(text).not.toContain('redrive --signature')
    expect(whatToDo().get('CONFLICT')).toBe('see NeedsPerson in docs/operate.md')
    for (const todo of whatToDo().values()) expect(todo).not.toContain('](')
  })

  it('of files of one rule are one cause, whatever the files are called', () => {
    const said = (file: string) => `The source's file "${file}" is refused: The name must be the day (was "${file}")`
    const signatures = ['nodate.csv', '2026-11-31/x.csv'].map(
      (file) => held('f', 0, { message: said(file) }).letter.signature,
    )
    expect(new Set(signatures).size).toBe(1)
  })

  it('are found by the whole signature and by its id', () => {
    const { signature } = held('T1', 0).letter
    expect(findSignature(signature, [signature])).toBe(signature)
    expect(findSignature(signatureId(signature), ['other', signature])).toBe(signature)
    expect(findSignature('abcdef12', [signature])).toBeUndefined()
  })
})

describe('looking through the queue', () => {
  it('takes each message once and ends when nothing new comes', async () => {
    const waiting = Array.from({ length: 25 }, (_, at) => ({
      Body: bodyOf(`T${at}`),
      MessageId: `m${at}`,
      ReceiptHandle: 'r',
    }))
    const again = waiting.slice(0, 3)
    vi.spyOn(queues, 'send').mockImplementation(async () => ({
      Messages: [...waiting.splice(0, 10), ...again].slice(0, 10),
    }))
    const { letters, hasMore } = await holdLetters('queue', 1_000)
    expect(new Set(letters.map(({ messageId }) => messageId)).size).toBe(letters.length)
    expect(letters).toHaveLength(25)
    expect(hasMore).toBe(false)
  })

  it('ends at its limit, and says that there are more', async () => {
    let number = 0
    vi.spyOn(queues, 'send').mockImplementation(async () => {
      await new Promise(setImmediate)
      return { Messages: [{ Body: bodyOf(`T${++number}`), MessageId: `m${number}`, ReceiptHandle: 'r' }] }
    })
    const { letters, hasMore } = await holdLetters('queue', 50)
    expect(hasMore).toBe(true)
    expect(letters.length).toBeLessThan(50 + 8)
  })
})
