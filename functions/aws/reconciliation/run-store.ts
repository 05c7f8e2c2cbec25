import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { clock } from '../clock.ts'
import { heldByItem, readHeld } from '../payload-store.ts'
import { read, update, type Written } from '../table.ts'
import { Progress, type Task } from './compare-feeds.ts'

/** RECONCILIATION: how far the books of an ERP account are compared, and until when the window goes that is not through. */
const RunItem = z.object({ untilMs: z.number(), goingUntilMs: z.number().optional() })
export type RunItem = z.output<typeof RunItem>

const keyOf = (account: string) => ({ pk: `RECONCILIATION#${account}`, sk: 'RECONCILIATION' })

export async function readRun(account: string): Promise<RunItem | undefined> {
  const item = await read(keyOf(account))
  return item === undefined ? undefined : parse(RunItem, item, `How far ${account} is reconciled`)
}

/** A run that died leaves it as it was: the next one begins there. It never goes back. */
export async function storeRun(account: string, untilMs: number): Promise<Written> {
  return await update({
    key: keyOf(account),
    update: 'SET untilMs = :until REMOVE goingUntilMs',
    condition: 'attribute_not_exists(pk) OR untilMs <= :until',
    values: { ':until': untilMs },
  })
}

/** The window that begins there is not through, and is to be gone on with as it is. */
export async function storeGoing(account: string, sinceMs: number, goingUntilMs: number): Promise<Written> {
  return await update({
    key: keyOf(account),
    update: 'SET untilMs = :since, goingUntilMs = :going',
    condition: 'attribute_not_exists(pk) OR untilMs = :since',
    values: { ':since': sinceMs, ':going': goingUntilMs },
  })
}

/** What was read of a comparison is gone on with for so long; then it begins anew. The folder `runs/` is emptied later. */
const progressMs = 5 * 86_400_000
const ProgressItem = z.object({ progress: z.unknown(), keptAtMs: z.number() })

/** PROGRESS: what was done of one comparison, which this names. */
export function progressOf(name: string): NonNullable<Task['progress']> {
  const key = { pk: `RECONCILIATION#${name}`, sk: 'PROGRESS' }
  return {
    read: async () => {
      const found = await read(key)
      if (found === undefined) return undefined
      const { progress, keptAtMs } = parse(ProgressItem, found, `How far ${name} is compared`)
      if (progress === null || clock.nowMs() > keptAtMs + progressMs) return undefined
      return parse(Progress, await readHeld(progress), `How far ${name} is compared`)
    },
    store: async (progress) => {
      const nowMs = clock.nowMs()
      await update({
        key,
        update: 'SET progress = :progress, keptAtMs = :now, expiresAt = :expires',
        values: {
          ':progress': progress === undefined ? null : await heldByItem(progress),
          ':now': nowMs,
          ':expires': Math.floor((nowMs + progressMs) / 1000),
        },
      })
    },
  }
}
