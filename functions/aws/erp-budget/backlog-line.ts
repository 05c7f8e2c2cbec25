import * as z from 'zod'
import type { Lane } from '#domain/erp-limits.ts'
import { parse } from '#domain/schema.ts'
import { update, updateAndRead } from '../table.ts'
import { budgetKey } from './budget-store.ts'

/** Nobody is told to come back later than that, however long the line. */
const longestMs = 3_600_000

/**
 * A moment at which to ask again: each one who is turned away gets a later one, so that thousands come back as slots get
 * free, and not all at once.
 */
export async function lineUp(account: string, lane: Lane, stepMs: number, fromMs: number): Promise<number> {
  const key = budgetKey(account, `LINE#${lane}`)
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
      update: 'SET nextMs = :next',
      condition: 'attribute_not_exists(nextMs) OR nextMs < :from',
      values: { ':from': fromMs, ':next': fromMs + stepMs },
    })
    if (isFirst.ok) return fromMs
  }
  return fromMs
}

const Line = z.object({ nextMs: z.number() })
