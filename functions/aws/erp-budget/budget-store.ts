import * as z from 'zod'
import { Budget, newBudget } from '#domain/erp-budget/budget.ts'
import type { Decided } from '#domain/erp-budget/decide.ts'
import { placeOf } from '#domain/erp-budget/limits.ts'
import { parse } from '#domain/schema.ts'
import { clock } from '../clock.ts'
import { type Item, read, update } from '../table.ts'

/** Which part of which account: `tryton`, 0. */
export interface Shard {
  readonly account: string
  readonly shard: number
}

/**
 * Each item under a partition key of its own: one key takes a thousand small writes a second at the most.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
export function budgetKey(account: string, part: string) {
  return { pk: `ERP#${account}#${part}`, sk: part }
}

/** Strongly consistent. */
export async function readBudget({ account, shard }: Shard): Promise<Budget> {
  return budgetOf(await read(budgetKey(account, `BUDGET#${shard}`)))
}

/** All shards of an account that anybody has used. Of so many in a row one is, or there are no more. */
export async function readBudgets(account: string): Promise<readonly Budget[]> {
  const found: Budget[] = []
  for (let from = 0; ; from += shardsInARow) {
    const shards = Array.from({ length: shardsInARow }, (_, n) => readBudget({ account, shard: from + n }))
    const used = (await Promise.all(shards)).filter(({ version }) => version > 0)
    if (used.length === 0) return found
    found.push(...used)
  }
}

const shardsInARow = 16

/**
 * Decides on the budget as it is and writes what follows, on condition that nobody else has written in between; if
 * somebody has, decides again on what he wrote.
 * @param who changes it, so that several who collide do not all wait for the same time
 * @returns undefined when others came first each time
 */
export async function changeBudget<Said>(
  shard: Shard,
  who: string,
  decide: (budget: Budget) => Decided<Said>,
  attempts = 100,
): Promise<Decided<Said> | undefined> {
  let seen = await readBudget(shard)
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const decided = decide(seen)
    if (decided.budget === seen) return decided
    const other = await write(shard, seen.version, decided.budget)
    if (other === undefined) return decided
    seen = other
    // Several who lost together would lose together again.
    if (attempt > 2) await clock.sleep(placeOf(`${who}/${attempt}`, 20 * Math.min(attempt, 10)))
  }
  return undefined
}

/** @returns the budget that somebody else has written, if so */
async function write({ account, shard }: Shard, seen: number, budget: Budget): Promise<Budget | undefined> {
  const { version, ...fields } = budget
  const written = await update({
    key: budgetKey(account, `BUDGET#${shard}`),
    update: 'SET version = :next, budget = :budget',
    condition: seen === 0 ? 'attribute_not_exists(version)' : 'version = :seen',
    values: { ':next': seen + 1, ':budget': fields, ...(seen > 0 && { ':seen': seen }) },
  })
  return written.ok ? undefined : budgetOf(written.item)
}

const Stored = z.object({ version: z.int(), budget: Budget.omit({ version: true }) })

function budgetOf(item: Item | undefined): Budget {
  if (item === undefined) return newBudget
  const { version, budget } = parse(Stored, item, 'The budget of an ERP account')
  return { ...budget, version }
}
