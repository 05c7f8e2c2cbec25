import { isRecord } from '../json.ts'
import { type Attribute, type Item, isList, isSet } from './attribute.ts'

/** The wire form: what the plain client takes, and what an error's Item is even for the DocumentClient. */
export function toAttributeValue(value: Attribute): Record<string, unknown> {
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number') return { N: String(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (value === null) return { NULL: true }
  if (isList(value)) return { L: value.map(toAttributeValue) }
  if (isSet(value)) {
    const elements = [...value]
    return typeof elements[0] === 'number' ? { NS: elements.map(String) } : { SS: elements.map(String) }
  }
  return { M: toWireItem(value) }
}

export function toWireItem(item: Item): Record<string, Record<string, unknown>> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toAttributeValue(value)]))
}

export function fromAttributeValue(wire: unknown): unknown {
  if (!isRecord(wire) || Object.keys(wire).length !== 1) throw new Error(`${JSON.stringify(wire)} is no AttributeValue`)
  const [[type, value] = ['', undefined]] = Object.entries(wire)
  if (type === 'S' && typeof value === 'string') return value
  if (type === 'N' && typeof value === 'string') return Number(value)
  if (type === 'BOOL' && typeof value === 'boolean') return value
  if (type === 'NULL' && value === true) return null
  if (type === 'L' && Array.isArray(value)) return value.map(fromAttributeValue)
  if (type === 'M' && isRecord(value)) return fromWireItem(value)
  if (type === 'SS' && Array.isArray(value)) return new Set(value)
  if (type === 'NS' && Array.isArray(value)) return new Set(value.map(Number))
  throw new Error(`AttributeValue of type ${type} is not known to the simulation`)
}

export function fromWireItem(wire: unknown): Record<string, unknown> {
  if (!isRecord(wire)) throw new Error(`${JSON.stringify(wire)} is no item`)
  return Object.fromEntries(Object.entries(wire).map(([name, value]) => [name, fromAttributeValue(value)]))
}
