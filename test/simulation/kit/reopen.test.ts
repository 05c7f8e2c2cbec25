import '../hub/settings.ts'
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { completeCase } from '#aws/case-completion.ts'
import { readCase, reopenCase } from '#aws/case-store.ts'
import { begin, caseKey, executionArn, openCase, replaceOutside } from './inbox-world.ts'

beforeEach(() => {
  replaceOutside()
  begin()
})
afterEach(() => vi.restoreAllMocks())

const stopped = { caseKey, executionArn, epoch: 1, redriveCount: 0 }
const redriven = { ...stopped, redriveCount: 1 }

/** Completes the case just before the redriven execution writes that it is open again: a Lambda of its first run has thawed. */
async function completedMeanwhile(owner: typeof stopped): Promise<void> {
  const seen = await readCase(caseKey)
  const table = vi.spyOn(DynamoDBDocumentClient.prototype, 'send')
  const send = table.getMockImplementation()
  if (seen === undefined || send === undefined) throw new Error('There is no case, or no table')
  let isFirst = true
  table.mockImplementation(async (command) => {
    if (isFirst && command instanceof TransactWriteCommand) {
      isFirst = false
      expect(await completeCase(owner, seen, 'completed')).toBe(true)
    }
    return await Reflect.apply(send, undefined, [command])
  })
}

it('goes on after a redrive when its own first run completes the case just then: nobody has published that yet', async () => {
  await openCase()
  await completedMeanwhile(stopped)
  await reopenCase(redriven)
  expect(await readCase(caseKey)).toMatchObject({ status: 'completed', owner: { executionArn, redriveCount: 0 } })
})
