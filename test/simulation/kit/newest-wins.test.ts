import '../hub/settings.ts'
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, expect, it, vi } from 'vitest'
import { takeVersion } from '#aws/branch-done.ts'
import { ownStory } from '#aws/case-story.ts'
import { createDatabase } from '../dynamodb/database.ts'
import { names } from '../hub/settings.ts'

afterEach(() => vi.restoreAllMocks())

const pk = 'shop/sales-order/T1'
const owner = { caseKey: pk, executionArn: 'arn:me', epoch: 1, redriveCount: 0 }

/**
 * A Query shows each item as it was committed, but not all as of one moment: a case from before a newer version was taken,
 * and its signals from after that. The simulation's Query shows one moment, so that only this test sees the write's condition.
 */
it('does not take an older version in place of a newer one that was taken while the case was being read', async () => {
  const database = createDatabase({
    tables: [{ name: names.table, keys: { partition: 'pk', sort: 'sk' } }],
    removeUndefinedValues: true,
  })
  vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(async (command: object) =>
    database.execute(command),
  )
  const put = (sk: string, more: object) =>
    database.execute(new PutCommand({ TableName: names.table, Item: { pk, sk, ...more } }))
  const content = { version: 3, fingerprint: 'three', currency: 'EUR', netTotal: '3.00', lines: [] }
  const times = { acceptedAtMs: 0, deadlineAtMs: 0, deadlinesTold: 0, listedAtMs: 0 }
  const { caseKey: _key, ...by } = owner
  put('CASE', { process: 'order-to-cash', status: 'open', owner: by, signalCount: 2, ...content, ...times })
  const change = { kind: 'change', number: '2', eventId: 'e', occurredAt: '', fingerprint: 'two', data: {} }
  put('SIGNAL#change#2', change)
  const story = await ownStory(owner)
  const torn = { ...story, case: { ...story.case, version: 1 } }
  const process = {
    about: 'sales',
    order: 'sales-order',
    contentOf: () => ({ currency: 'EUR', netTotal: '2.00', lines: [] }),
  } as const
  await expect(takeVersion(owner, torn, '2', process, { isInErp: false })).rejects.toThrow('no longer owns the case')
  expect((await ownStory(owner)).case).toMatchObject(content)
})
