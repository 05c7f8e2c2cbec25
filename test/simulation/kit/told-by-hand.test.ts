import '../hub/settings.ts'
import { SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readEntries } from '#aws/audit-days.ts'
import { clearDeadLetters } from '#aws/clear-dead-letters.ts'
import { findReference, importCrossReferences } from '#aws/cross-reference-store.ts'
import type { HeldLetter } from '#aws/letter-box.ts'
import { tellLetters } from '#aws/tell-letters.ts'
import { hashOfEntry, noEntry } from '#domain/audit/entry.ts'
import { createDatabase, type Database } from '../dynamodb/database.ts'
import { names } from '../hub/settings.ts'

let database: Database

beforeEach(() => {
  database = createDatabase({
    tables: [{ name: names.table, keys: { partition: 'pk', sort: 'sk' } }],
    removeUndefinedValues: true,
  })
  vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(async (command: object) =>
    database.execute(command),
  )
})
afterEach(() => vi.restoreAllMocks())

const ann = { person: 'ann' }
const entriesOf = (chain: string) => readEntries(chain, 1, undefined)
const customer = (id: string, erpId: string) => ({ system: 'shop', kind: 'customer', id, erpId }) as const

describe('importing cross-references', () => {
  it("stands in the account's audit trail: who, and what was there before, in the same write", async () => {
    await importCrossReferences('erp', [customer('C1', '7'), customer('C2', '8')], ann)
    expect(await importCrossReferences('erp', [customer('C1', '9'), customer('C2', '8')], ann)).toBe(1)
    expect(await findReference('shop', 'customer', 'C1', 'erp')).toBe('9')
    const told = await entriesOf('ERP#erp')
    expect(told).toMatchObject([
      { stage: 'cross-referenced', by: 'person', after: { 'shop customer C1': '7', 'shop customer C2': '8' } },
      { stage: 'cross-referenced', before: { 'shop customer C1': '7' }, after: { 'shop customer C1': '9' } },
    ])
    expect(told[1]?.after).not.toHaveProperty('shop customer C2')
  })

  it('writes and tells nothing when all is known already', async () => {
    await importCrossReferences('erp', [customer('C1', '7')], ann)
    expect(await importCrossReferences('erp', [customer('C1', '7')], ann)).toBe(0)
    expect(await entriesOf('ERP#erp')).toHaveLength(1)
  })

  it('of many is told in one chain, in as few entries as a transaction allows', async () => {
    const rows = Array.from({ length: 200 }, (_, at) => customer(`C${at}`, String(at)))
    expect(await importCrossReferences('erp', [...rows, customer('C0', 'last')], ann)).toBe(200)
    expect(await findReference('shop', 'customer', 'C0', 'erp')).toBe('last')
    const told = await entriesOf('ERP#erp')
    expect(told.map(({ after }) => Object.keys(after ?? {}).length)).toEqual([90, 90, 20])
  })

  it('by two at once leaves a trail that says what became of each', async () => {
    await Promise.all(['7', '8'].map((erpId) => importCrossReferences('erp', [customer('C1', erpId)], ann)))
    const [first, second] = await entriesOf('ERP#erp')
    expect(second?.before).toEqual(first?.after)
    expect(second?.after).toEqual({ 'shop customer C1': await findReference('shop', 'customer', 'C1', 'erp') })
  })
})

const letter = (id: string, caseKey?: string): HeldLetter => ({
  letter: {
    id,
    signature: 'Bus | poison | UNKNOWN_EVENT',
    ...(caseKey !== undefined && { caseKey }),
    class: 'poison',
    code: 'UNKNOWN_EVENT',
    owner: 'integration',
    message: '',
  },
  messageId: id,
  receipt: 'r',
  sentAtMs: 0,
})

/** A case that has ended well, and the execution that carried it. */
const itemsOf = (caseKey: string, executionArn: string) => [
  { pk: `EXECUTION#${executionArn}`, sk: 'EXECUTION', caseKey },
  {
    pk: caseKey,
    sk: 'CASE',
    process: 'order-to-cash',
    status: 'completed',
    owner: { executionArn, epoch: 1, redriveCount: 0 },
    version: 1,
    fingerprint: 'f',
    currency: 'EUR',
    netTotal: '1',
    lines: [],
    signalCount: 0,
    acceptedAtMs: 0,
    deadlineAtMs: 0,
    deadlinesTold: 0,
    listedAtMs: 0,
  },
]

describe('dead letters that are taken away', () => {
  it('stand in the trail of their case, or in one of their own, with who did it', async () => {
    const gone = [letter('l1', 'shop/sales-order/T1'), letter('l2'), letter('l3')]
    await tellLetters(
      gone.map((held) => ({ held, why: 'nobody has to act on it' })),
      ann,
    )
    expect(await entriesOf('shop/sales-order/T1')).toMatchObject([
      { stage: 'letter-deleted', by: 'person', before: { letter: 'l1', code: 'UNKNOWN_EVENT' } },
    ])
    const own = await entriesOf('DEAD-LETTERS')
    expect(own.map(({ before }) => before?.letter)).toEqual(['l2', 'l3'])
    expect(own.map(({ previous }) => previous)).toEqual([noEntry, hashOfEntry(own[0])])
  })

  it('are told before they are deleted, and only those that are', async () => {
    const caseKey = 'shop/sales-order/T1'
    const arn = 'arn:aws:states:us-east-1:000000000000:execution:postonce-order-to-cash:x'
    for (const item of itemsOf(caseKey, arn)) database.execute(new PutCommand({ TableName: names.table, Item: item }))
    const waiting = [
      JSON.stringify({
        ...letter(`${arn}/0`, caseKey).letter,
        executionArn: arn,
        redriveCount: 0,
        class: 'retryable',
        code: 'x',
      }),
      JSON.stringify(letter('stands').letter),
    ].map((Body, at) => ({ Body, MessageId: `m${at}`, ReceiptHandle: `r${at}`, Attributes: { SentTimestamp: '1' } }))
    const order: string[] = []
    vi.spyOn(SQSClient.prototype, 'send').mockImplementation(async (command: object) => {
      order.push(`${command.constructor.name} after ${(await entriesOf(caseKey)).length} entries`)
      return command.constructor.name === 'ReceiveMessageCommand' ? { Messages: waiting.splice(0) } : {}
    })
    const { cleared, standing } = await clearDeadLetters('queue', 10, ann)
    expect(cleared).toHaveLength(1)
    expect(standing.map(({ letter: { id } }) => id)).toEqual(['stands'])
    expect(order).toContain('DeleteMessageBatchCommand after 1 entries')
    expect(await entriesOf(caseKey)).toMatchObject([{ stage: 'letter-deleted', note: cleared[0]?.why }])
    expect(await entriesOf('DEAD-LETTERS')).toEqual([])
  })
})
