import { SimulationError } from './simulation-error.ts'

/** What is written as JSON and read again: what a machine, a bus or a queue does to everything that passes. */
export function throughJson(value: unknown): unknown {
  if (value === undefined) return undefined
  if (typeof value !== 'object' || value === null) return value
  return isPlain(value) ? copyPlain(value) : JSON.parse(JSON.stringify(value))
}

/** Whether nothing in it has a way of its own of becoming JSON; copying that is faster than writing and reading it. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint'
  if (Array.isArray(value)) return value.every(isPlain)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  if ('toJSON' in value || Object.hasOwn(value, '__proto__')) return false
  for (const name in value) if (!isPlain(Reflect.get(value, name))) return false
  return true
}

function copyPlain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((element) => (isWritten(element) ? copyPlain(element) : null))
  const copy: Record<string, unknown> = {}
  for (const [name, element] of Object.entries(value)) if (isWritten(element)) copy[name] = copyPlain(element)
  return copy
}

function isWritten(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol'
}

export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  return value
}

export function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8')
}

/** Fields that nobody has taught the simulation must not be passed over in silence. */
export function refuseUnknownFields(where: string, value: JsonRecord, known: ReadonlySet<string>): void {
  for (const field of Object.keys(value)) {
    if (value[field] !== undefined && !known.has(field))
      throw new SimulationError(`${where}: the simulation does not know "${field}"`)
  }
}
