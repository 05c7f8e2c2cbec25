import { setTimeout as sleep } from 'node:timers/promises'
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { CaseItem, caseList } from '#aws/case-store.ts'
import { dynamo } from '#aws/clients/dynamo.ts'
import { environment } from '#aws/environment.ts'
import { readNewest } from '#aws/table.ts'
import type { CaseStatus } from '#domain/accept.ts'
import type { ProcessName } from '#domain/processes.ts'
import { parse } from '#domain/schema.ts'

const Key = z.object({ pk: z.string(), sk: z.string() })
const Listed = Key.extend({ listedAtMs: z.number() })
type Listed = z.output<typeof Listed>

const batchSize = 100
const maxAttempts = 8

/**
 * The newest cases of a process, the newest last. The index holds keys only, is a moment behind the table, and its time
 * is moved on by the sweeper for a case that is open.
 */
export async function listCases(
  processes: readonly ProcessName[],
  statuses: readonly CaseStatus[],
  limit: number,
): Promise<readonly CaseItem[]> {
  const lists = await Promise.all(
    processes.flatMap((process) => statuses.map((status) => newestOf(caseList(process, status), limit))),
  )
  const newest = lists
    .flat()
    .sort((one, other) => other.listedAtMs - one.listedAtMs)
    .slice(0, limit)
  const keys = new Map(newest.map(({ pk, sk }) => [`${pk} ${sk}`, { pk, sk }]))
  const cases = await readCases([...keys.values()])
  return cases
    .filter(({ status }) => statuses.includes(status))
    .sort((one, other) => one.acceptedAtMs - other.acceptedAtMs || (one.pk < other.pk ? -1 : 1))
}

async function newestOf(listKey: string, limit: number): Promise<readonly Listed[]> {
  const items = await readNewest(listKey, limit)
  return items.map((item) => parse(Listed, item, `An entry of the list ${listKey}`))
}

/** The cases under these keys, as they are now; one that is not there is left out. */
export async function readCases(keys: readonly z.output<typeof Key>[]): Promise<CaseItem[]> {
  const table = environment().HUB_TABLE
  const cases: CaseItem[] = []
  let waiting = [...keys]
  for (let attempt = 0; waiting.length > 0; ) {
    const batch = waiting.slice(0, batchSize)
    const { Responses, UnprocessedKeys } = await dynamo.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: batch, ConsistentRead: true } } }),
    )
    cases.push(...(Responses?.[table] ?? []).map((item) => parse(CaseItem, item, `The case ${String(item.pk)}`)))
    const left = (UnprocessedKeys?.[table]?.Keys ?? []).map((key) => parse(Key, key, 'A key that was not read'))
    waiting = [...left, ...waiting.slice(batch.length)]
    if (left.length === 0) continue
    attempt++
    if (attempt === maxAttempts) throw new Error('DynamoDB keeps putting off what is asked for; try a smaller --limit')
    await sleep(50 * 2 ** attempt)
  }
  return cases
}
