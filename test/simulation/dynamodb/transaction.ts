import { isRecord } from '../json.ts'
import type { Item } from './attribute.ts'
import {
  type Cancellation,
  conditionalCheckFailed,
  isValidationError,
  transactionCancelled,
  validationError,
} from './errors.ts'
import type { Tables } from './input.ts'
import { planConditionCheck, planDelete, planPut, planUpdate, type WritePlan } from './write-plan.ts'

/** One write, or the exception its condition asks for. */
export function writeOne(plan: WritePlan): { readonly old: Item | undefined; readonly item: Item | undefined } {
  const old = plan.table.get(plan.key, true)
  if (!plan.isAllowed(old)) throw conditionalCheckFailed(plan.returnsItemOnFailure ? old : undefined)
  const item = plan.next(old)
  plan.table.write(plan.key, item)
  return { old, item }
}

export function planTransaction(tables: Tables, actions: unknown): readonly WritePlan[] {
  if (!Array.isArray(actions) || actions.length === 0) throw validationError('TransactItems must not be empty')
  if (actions.length > 100) throw validationError('Member must have length less than or equal to 100')
  const plans = actions.map((action) => planAction(tables, action))
  const keys = plans.map(({ table, key }) => `${table.settings.name}\u0000${key.identity}`)
  if (new Set(keys).size < keys.length) {
    throw validationError('Transaction request cannot include multiple operations on one item')
  }
  return plans
}

/** All or nothing: every action is tried against the items as they are before any of them is written. */
export function writeAll(plans: readonly WritePlan[]): void {
  const tried = plans.map(tryOne)
  if (tried.some(({ code }) => code !== undefined)) throw transactionCancelled(tried)
  for (const [i, { table, key }] of plans.entries()) {
    const trial = tried[i]
    if (trial?.writes) table.write(key, trial.next)
  }
}

type Trial = Cancellation & { readonly writes?: boolean; readonly next?: Item | undefined }

function tryOne(plan: WritePlan): Trial {
  const old = plan.table.get(plan.key, true)
  if (!plan.isAllowed(old)) {
    const failure = { code: 'ConditionalCheckFailed', message: 'The conditional request failed' }
    return plan.returnsItemOnFailure && old !== undefined ? { ...failure, item: old } : failure
  }
  try {
    const next = plan.next(old)
    return { writes: next !== old || next === undefined, next }
  } catch (error) {
    if (!isValidationError(error)) throw error
    return { code: 'ValidationError', message: error.message }
  }
}

function planAction(tables: Tables, action: unknown): WritePlan {
  if (!isRecord(action) || Object.keys(action).length !== 1) {
    throw validationError('TransactItems can only contain one of Check, Put, Update or Delete')
  }
  const { Put, Update, Delete, ConditionCheck } = action
  if (Put !== undefined) return planPut(tables, Put)
  if (Update !== undefined) return planUpdate(tables, Update)
  if (Delete !== undefined) return planDelete(tables, Delete)
  return planConditionCheck(tables, ConditionCheck)
}
