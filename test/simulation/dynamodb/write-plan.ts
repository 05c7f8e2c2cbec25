import type { JsonRecord } from '../json.ts'
import { applyUpdate } from './apply-update.ts'
import type { Item } from './attribute.ts'
import { validationError } from './errors.ts'
import { isMet } from './evaluate-condition.ts'
import type { Update } from './expression.ts'
import {
  expressionFields,
  fieldsOf,
  parseIfGiven,
  placeholdersFor,
  readInput,
  readItem,
  readTable,
  readWord,
  type Tables,
} from './input.ts'
import { type Key, keyOfItem, keyOfKey, namesOf } from './keys.ts'
import { parseCondition } from './parse-condition.ts'
import { parseUpdate } from './parse-update.ts'
import { type Placeholders, stepsOf } from './placeholders.ts'
import type { Table } from './table.ts'

/** A write that is understood but not done: alone or as part of a transaction. */
export type WritePlan = {
  readonly table: Table
  readonly key: Key
  readonly returnsItemOnFailure: boolean
  readonly returnValues: string
  isAllowed(old: Item | undefined): boolean
  /** The item afterwards; the old one itself where nothing is to be written. */
  next(old: Item | undefined): Item | undefined
}

const conditionFields = ['TableName', 'ConditionExpression', 'ReturnValuesOnConditionCheckFailure', ...expressionFields]

/** `alone`: not part of a transaction, so that values may be asked for. */
function known(...names: readonly string[]) {
  return {
    alone: fieldsOf(...names, ...conditionFields, 'ReturnValues'),
    inTransaction: fieldsOf(...names, ...conditionFields),
  }
}

const putFields = known('Item')
const keyFields = known('Key')
const updateFields = known('Key', 'UpdateExpression')

export function planPut(tables: Tables, value: unknown, isAlone = false): WritePlan {
  const input = readInput('Put', value, isAlone ? putFields.alone : putFields.inTransaction)
  const table = readTable(tables, input)
  const item = readItem(table, input, 'Item')
  const key = keyOfItem(table.settings, item)
  table.check(item)
  return {
    table,
    key,
    ...readCondition(table, input),
    returnValues: readWord(input, 'ReturnValues', noneOrOld),
    next: () => item,
  }
}

export function planDelete(tables: Tables, value: unknown, isAlone = false): WritePlan {
  const input = readInput('Delete', value, isAlone ? keyFields.alone : keyFields.inTransaction)
  const table = readTable(tables, input)
  const key = keyOfKey(table.settings, readItem(table, input, 'Key'))
  return {
    table,
    key,
    ...readCondition(table, input),
    returnValues: readWord(input, 'ReturnValues', noneOrOld),
    next: () => undefined,
  }
}

export function planConditionCheck(tables: Tables, value: unknown): WritePlan {
  const input = readInput('ConditionCheck', value, keyFields.inTransaction)
  if (input.ConditionExpression === undefined) throw validationError('ConditionExpression is missing')
  const table = readTable(tables, input)
  const key = keyOfKey(table.settings, readItem(table, input, 'Key'))
  return { table, key, ...readCondition(table, input), returnValues: 'NONE', next: (old) => old }
}

export function planUpdate(tables: Tables, value: unknown, isAlone = false): WritePlan {
  const input = readInput('Update', value, isAlone ? updateFields.alone : updateFields.inTransaction)
  const table = readTable(tables, input)
  const key = keyOfKey(table.settings, readItem(table, input, 'Key'))
  const update = parseIfGiven(input, 'UpdateExpression', parseUpdate)
  const { placeholders, ...condition } = readCondition(table, input, update)
  if (update !== undefined) refuseKeyChange(table, update.form, placeholders)
  const next = (old: Item | undefined) => {
    const item = update === undefined ? (old ?? key.names) : applyUpdate(update.form, old ?? key.names, placeholders)
    table.check(item)
    return item
  }
  return {
    table,
    key,
    ...condition,
    returnValues: readWord(input, 'ReturnValues', ['NONE', 'ALL_OLD', 'ALL_NEW']),
    next,
  }
}

const noneOrOld = ['NONE', 'ALL_OLD'] as const

function readCondition(table: Table, input: JsonRecord, update?: ReturnType<typeof parseUpdate>) {
  const condition = parseIfGiven(input, 'ConditionExpression', parseCondition)
  const placeholders = placeholdersFor(table, input, [update, condition])
  return {
    placeholders,
    returnsItemOnFailure: readWord(input, 'ReturnValuesOnConditionCheckFailure', noneOrOld) === 'ALL_OLD',
    isAllowed: (old: Item | undefined) => condition === undefined || isMet(condition.form, old, placeholders),
  }
}

function refuseKeyChange(table: Table, update: Update, placeholders: Placeholders): void {
  const keyNames = namesOf(table.settings.keys)
  for (const path of update.paths) {
    const [name] = stepsOf(path, placeholders)
    if (typeof name === 'string' && keyNames.includes(name)) {
      throw validationError(
        `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
      )
    }
  }
}
