import '../hub/settings.ts'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SFNClient } from '@aws-sdk/client-sfn'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Context } from 'aws-lambda'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { claimCase } from '#aws/case-store.ts'
import { clock } from '#aws/clock.ts'
import { changeBudget } from '#aws/erp-budget/budget-store.ts'
import { storeSleeper } from '#aws/erp-budget/sleepers.ts'
import { newBudget } from '#domain/erp-budget/budget.ts'
import { handler } from '../../../functions/operations/watch-erp.ts'
import { createDatabase } from '../dynamodb/database.ts'
import { hubTable, names } from '../hub/settings.ts'

const nowMs = Date.parse('2026-11-24T09:00:00Z')

beforeEach(async () => {
  const database = createDatabase({ tables: [hubTable], removeUndefinedValues: true })
  vi.spyOn(clock, 'nowMs').mockReturnValue(nowMs)
  vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(async (command: object) =>
    database.execute(command),
  )
  vi.spyOn(SFNClient.prototype, 'send').mockResolvedValue()
  const caseKey = 'shop/sales-order/T1'
  const owner = { executionArn: 'arn:T1', epoch: 1, redriveCount: 0 }
  const content = { version: 1, createdVersion: 1, fingerprint: 'f', mapping: undefined, currency: 'EUR' }
  const more = { netTotal: '20', lines: [] }
  const audit = { stage: 'accepted', by: owner.executionArn } as const
  await claimCase(caseKey, 'order-to-cash', owner, { ...content, ...more }, {}, undefined, audit)
  await storeSleeper({ caseKey, ...owner }, 'token', { sinceMs: nowMs - 3_600_000, wokenAtMs: undefined })
})

afterEach(() => {
  vi.restoreAllMocks()
})

const openCircuit = () =>
  changeBudget({ account: names.account, shard: 0 }, 'somebody', (budget) => ({
    answer: undefined,
    budget: { ...budget, circuit: { ...newBudget.circuit, opened: 9, openUntilMs: nowMs - 1 } },
  }))

const context: Context = {
  ...{ callbackWaitsForEmptyEventLoop: false, functionName: 'WatchErp', functionVersion: '1', invokedFunctionArn: '' },
  ...{ memoryLimitInMB: '512', awsRequestId: 'run', logGroupName: '', logStreamName: '' },
  ...{ done: () => undefined, fail: () => undefined, succeed: () => undefined },
  getRemainingTimeInMillis: () => 90_000,
}

it('fails when it cannot ask whether the ERP is back, since nobody else would tell that all sleep on', async () => {
  vi.spyOn(SecretsManagerClient.prototype, 'send').mockRejectedValue(new Error('Access to the secret is denied'))
  await openCircuit()
  await expect(handler({}, context)).rejects.toThrow('Access to the secret is denied')
})

it('wakes whoever slept for a pause although it cannot ask', async () => {
  vi.spyOn(SecretsManagerClient.prototype, 'send').mockRejectedValue(new Error('Access to the secret is denied'))
  expect(await handler({}, context)).toEqual({ woken: 1 })
})
