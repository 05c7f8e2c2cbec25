import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { update, updateAndRead } from '../table.ts'
import { budgetKey } from './budget-store.ts'

/** So far apart they come back when what stands still goes on; the budget sends away who comes too soon. */
export const comeBackMs = 20

/** Nobody is told to come back later than that, however long the line. */
const longestMs = 3_600_000

/**
 * A moment at which to ask again: each one who is turned away gets a later one, so that thousands come back as slots get
 * free, and not all at once.
 * @param line a lane, or what those of a lane wait for the end of; nobody stands in it for longer than a few days after
 */
export async function lineUp(account: string, line: string, stepMs: number, fromMs: number): Promise<number> {
  const key = budgetKey(account, `LINE#${line}`)
  for (let attempt = 1; attempt <= 10; attempt++) {
    const item = await updateAndRead({
      key,
      update: 'SET nextMs = nextMs + :step',
      condition: 'nextMs >= :from',
      values: { ':from': fromMs, ':step': stepMs },
    })
    if (item !== undefined) {
      const { nextMs } = parse(Line, item, `The line before the ERP account ${account}`)
      return Math.min(nextMs, fromMs + longestMs)
    }
    // Nobody stands in it any more.
    const isFirst = await update({
      key,
      update: 'SET nextMs = :next, expiresAt = :expires',
      condition: 'attribute_not_exists(nextMs) OR nextMs < :from',
      values: { ':from': fromMs, ':next': fromMs + stepMs, ':expires': Math.ceil(fromMs / 1000) + 30 * 86_400 },
    })
    if (isFirst.ok) return fromMs
  }
  return fromMs
}

const Line = z.object({ nextMs: z.number() })
