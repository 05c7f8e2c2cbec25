import { isRecord, type JsonRecord, refuseUnknownFields } from '../json.ts'
import type { Item } from './attribute.ts'
import { tableNotFound, validationError } from './errors.ts'
import type { Parsed } from './expression.ts'
import { type Placeholders, readPlaceholders } from './placeholders.ts'
import type { Table } from './table.ts'

/** Reads one command's parameters; those nobody taught the simulation are refused. */
export type Tables = ReadonlyMap<string, Table>

export type Fields = ReadonlySet<string>

export function fieldsOf(...names: readonly string[]): Fields {
  return new Set([...names, 'ReturnConsumedCapacity'])
}

export function readInput(operation: string, input: unknown, fields: Fields): JsonRecord {
  if (!isRecord(input)) throw new Error(`${operation} has no input`)
  refuseUnknownFields(operation, input, fields)
  return input
}

export function readTable(tables: Tables, input: JsonRecord): Table {
  const table = tables.get(readText(input, 'TableName') ?? '')
  if (table === undefined) throw tableNotFound()
  return table
}

export function readText(input: JsonRecord, name: string): string | undefined {
  const value = input[name]
  if (value === undefined || typeof value === 'string') return value
  throw validationError(`${name} must be a string`)
}

export function readFlag(input: JsonRecord, name: string, otherwise: boolean): boolean {
  const value = input[name] ?? otherwise
  if (typeof value === 'boolean') return value
  throw validationError(`${name} must be true or false`)
}

export function readItem(table: Table, input: JsonRecord, name: string): Item {
  const value = input[name]
  if (!isRecord(value)) throw validationError(`${name} is missing`)
  return table.copyIn(value)
}

/** One of the words allowed, the first where none is given. */
export function readWord<Word extends string>(
  input: JsonRecord,
  name: string,
  words: readonly [Word, ...Word[]],
): Word {
  const value = input[name]
  if (value === undefined) return words[0]
  const word = words.find((known) => known === value)
  if (word === undefined) throw validationError(`${name}: "${String(value)}" is not one of ${words.join(', ')}`)
  return word
}

export function parseIfGiven<Form>(
  input: JsonRecord,
  name: string,
  parse: (text: string) => Parsed<Form>,
): Parsed<Form> | undefined {
  const text = readText(input, name)
  return text === undefined ? undefined : parse(text)
}

export function placeholdersFor(
  table: Table,
  input: JsonRecord,
  expressions: readonly (Parsed<unknown> | undefined)[],
): Placeholders {
  const used = expressions.filter((expression) => expression !== undefined)
  return readPlaceholders(input.ExpressionAttributeNames, input.ExpressionAttributeValues, used, table.copyIn)
}

export const expressionFields = ['ExpressionAttributeNames', 'ExpressionAttributeValues'] as const
