import { QueryCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { dynamo } from '#aws/clients/dynamo.ts'
import { environment } from '#aws/environment.ts'
import { asleep, oldestSleeperMs } from '#aws/erp-budget/sleepers.ts'
import { readList } from '#aws/table.ts'

/** How many items a list of the table has, and since when the first of them stands there. */
export interface Counted {
  readonly count: number
  readonly sinceMs: number | undefined
}

const Listed = z.object({ listedAtMs: z.number() })

/** Counts in the index: a page of it holds thousands of keys. */
export async function countList(listKey: string): Promise<Counted> {
  let count = 0
  let from: Record<string, unknown> | undefined
  do {
    const page: { Count?: number | undefined; LastEvaluatedKey?: Record<string, unknown> | undefined } =
      await dynamo.send(
        new QueryCommand({
          TableName: environment().HUB_TABLE,
          IndexName: 'ByList',
          Select: 'COUNT',
          KeyConditionExpression: 'listKey = :list',
          ExpressionAttributeValues: { ':list': listKey },
          ...(from && { ExclusiveStartKey: from }),
        }),
      )
    count += page.Count ?? 0
    from = page.LastEvaluatedKey
  } while (from !== undefined)
  const [first] = await readList(listKey, Number.MAX_SAFE_INTEGER, 1)
  return { count, sinceMs: Listed.safeParse(first).data?.listedAtMs }
}

/** Cases that sleep until the ERP is back; where one stands in its list says when it may be woken. */
export async function countSleepers(): Promise<Counted> {
  const [{ count }, sinceMs] = await Promise.all([countList(asleep), oldestSleeperMs()])
  return { count, sinceMs }
}
