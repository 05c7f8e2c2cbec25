import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { read, update, type Written } from '../table.ts'

/** RECONCILIATION: how far the books of an ERP account are compared. */
const RunItem = z.object({ untilMs: z.number(), finishedAtMs: z.number() })
export type RunItem = z.output<typeof RunItem>

const keyOf = (account: string) => ({ pk: `RECONCILIATION#${account}`, sk: 'RECONCILIATION' })

export async function readRun(account: string): Promise<RunItem | undefined> {
  const item = await read(keyOf(account))
  return item === undefined ? undefined : parse(RunItem, item, `How far ${account} is reconciled`)
}

/** A run that died leaves it as it was: the next one begins there. It never goes back. */
export async function storeRun(account: string, untilMs: number, nowMs: number): Promise<Written> {
  return await update({
    key: keyOf(account),
    update: 'SET untilMs = :until, finishedAtMs = :now',
    condition: 'attribute_not_exists(pk) OR untilMs <= :until',
    values: { ':until': untilMs, ':now': nowMs },
  })
}
