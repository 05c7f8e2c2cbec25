import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { BatchGetCommand, DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { expect, vi } from 'vitest'
import { replayTable } from '../../../bin/commands/replay/replay-table.ts'

/** What a dry run says of each event: its kind, what is posted of it, begun, next, and what waits; and why. */
export async function dryRun(key: string) {
  const sent = vi.spyOn(DynamoDBDocumentClient.prototype, 'send')
  const published = vi.spyOn(EventBridgeClient.prototype, 'send')
  const [before, publishedBefore] = [sent.mock.calls.length, published.mock.calls.length]
  const wanted = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, detailType: undefined, caseKeys: [key] }
  const { items } = await replayTable(wanted, 'bus', { rate: 5, dryRun: true, file: undefined })
  expect(published.mock.calls).toHaveLength(publishedBefore)
  for (const [command] of sent.mock.calls.slice(before)) {
    expect([QueryCommand, GetCommand, BatchGetCommand].some((read) => command instanceof read)).toBe(true)
  }
  return items.map(({ target, plan }) => {
    const { posted = [], begun = [], next = [], waiting = [] } = plan?.outlook ?? {}
    return [
      target.split(' ')[1],
      plan?.why,
      ...posted,
      ...begun,
      ...next.map((one) => `+${one}`),
      ...waiting.map((one) => `…${one}`),
    ]
  })
}
