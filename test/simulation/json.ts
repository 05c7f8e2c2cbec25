import { SimulationError } from './simulation-error.ts'

/** What is written as JSON and read again: what a machine, a bus or a queue does to everything that passes. */
export function throughJson(value: unknown): unknown {
  if (value === undefined) return undefined
  if (typeof value !== 'object' || value === null) return value
  return JSON.parse(JSON.stringify(value))
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
