import { QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { Database } from '../dynamodb/database.ts'
import { isRecord } from '../json.ts'
import { names, times } from './settings.ts'

/** What the sweeper looks at, and from which age on (functions/operations/sweep-cases.ts). */
const lists = [
  { listKey: 'SIGNAL#waiting', ageMs: 60_000 },
  { listKey: 'SIGNAL#parked', ageMs: 0 },
  { listKey: 'CASE#order-to-cash#open', ageMs: times.silentSeconds * 1000 },
  { listKey: 'INBOX', ageMs: 0 },
] as const

/**
 * Whether the sweeper would find anything now. The schedule runs it every minute; in most minutes it reads three empty
 * lists, which costs a simulation more than everything else, so such a run is left out.
 */
export function sweeperHasWork(database: Database): (nowMs: number) => boolean {
  const queries = lists.map(({ listKey, ageMs }) => ({
    ageMs,
    send: database.request(
      new QueryCommand({
        TableName: names.table,
        IndexName: 'ByList',
        KeyConditionExpression: 'listKey = :list',
        ExpressionAttributeValues: { ':list': listKey },
        Limit: 1,
      }),
    ),
  }))
  return (nowMs) =>
    queries.some(({ ageMs, send }) => {
      const page = send()
      const items: readonly unknown[] = isRecord(page) && Array.isArray(page.Items) ? page.Items : []
      const [oldest] = items
      // Its own clock may be fast by a second.
      return isRecord(oldest) && Number(oldest.listedAtMs) <= nowMs - ageMs + 2000
    })
}
