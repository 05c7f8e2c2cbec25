import { isRecord } from '../json.ts'
import type { Attribute } from './attribute.ts'
import { fromWireItem, toWireItem } from './attribute-value.ts'
import { copyItemIn } from './copy.ts'

const wireFields = new Set(['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey'])

/** A plain client's parameters in the form of the DocumentClient's. */
export function fromPlainInput(input: unknown): unknown {
  if (Array.isArray(input)) return input.map(fromPlainInput)
  if (!isRecord(input)) return input
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      if (value !== undefined && wireFields.has(name)) return [name, fromWireItem(value)]
      if (name === 'Keys' && Array.isArray(value)) return [name, value.map(fromWireItem)]
      return [name, isNested(name, value) ? fromPlainInput(value) : value]
    }),
  )
}

/** And its answer in the plain form. */
export function toPlainOutput(output: unknown): unknown {
  if (Array.isArray(output)) return output.map(toPlainOutput)
  if (!isRecord(output)) return output
  return Object.fromEntries(
    Object.entries(output).map(([name, value]) => {
      if (['Item', 'Attributes', 'LastEvaluatedKey'].includes(name)) return [name, wire(value)]
      if (name === 'Items' && Array.isArray(value)) return [name, value.map(wire)]
      if (name === 'Responses' && isRecord(value)) {
        return [
          name,
          Object.fromEntries(
            Object.entries(value).map(([table, items]) => [table, Array.isArray(items) ? items.map(wire) : items]),
          ),
        ]
      }
      return [name, name === 'Responses' ? toPlainOutput(value) : value]
    }),
  )
}

function wire(value: unknown): Record<string, Record<string, unknown>> | undefined {
  if (!isRecord(value)) return undefined
  const item: { readonly [name: string]: Attribute } = copyItemIn(value, false)
  return toWireItem(item)
}

function isNested(name: string, value: unknown): boolean {
  return typeof value === 'object' && value !== null && name !== 'ExpressionAttributeNames'
}
