import { isRecord, type JsonRecord, refuseUnknownFields } from '../json.ts'
import type { Random } from '../random.ts'
import { SimulationError } from '../simulation-error.ts'
import { type Exit, readExit, text } from './parts.ts'

export type Retrier = {
  readonly errorEquals: readonly string[]
  readonly intervalSeconds: number
  readonly maxAttempts: number
  readonly backoffRate: number
  readonly maxDelaySeconds: number
  readonly hasFullJitter: boolean
}

export type Catcher = Exit & { readonly errorEquals: readonly string[]; readonly next: string }

/** How long a retrier waits before its n-th retry, counted from 1. */
export function delayMs(retrier: Retrier, retry: number, random: Random): number {
  const grown = retrier.intervalSeconds * retrier.backoffRate ** (retry - 1)
  const seconds = Math.min(grown, retrier.maxDelaySeconds)
  return Math.round(seconds * 1000 * (retrier.hasFullJitter ? random.next() : 1))
}

const retryFields = new Set([
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
  'Comment',
])

export function readRetriers(name: string, value: unknown): Retrier[] {
  return readList(`${name}.Retry`, value, retryFields).map((retrier, i) => {
    const where = `${name}.Retry[${i}]`
    const jitter = retrier.JitterStrategy ?? 'NONE'
    if (jitter !== 'FULL' && jitter !== 'NONE') throw new SimulationError(`${where}: JitterStrategy is FULL or NONE`)
    return {
      errorEquals: readErrors(where, retrier.ErrorEquals),
      intervalSeconds: number(where, retrier, 'IntervalSeconds', 1, 1),
      maxAttempts: number(where, retrier, 'MaxAttempts', 3, 0),
      backoffRate: number(where, retrier, 'BackoffRate', 2, 1),
      maxDelaySeconds: number(where, retrier, 'MaxDelaySeconds', Number.POSITIVE_INFINITY, 1),
      hasFullJitter: jitter === 'FULL',
    }
  })
}

const catchFields = new Set(['ErrorEquals', 'Next', 'Assign', 'Output', 'Comment'])

export function readCatchers(name: string, value: unknown): Catcher[] {
  return readList(`${name}.Catch`, value, catchFields).map((catcher, i) => {
    const where = `${name}.Catch[${i}]`
    return {
      errorEquals: readErrors(where, catcher.ErrorEquals),
      next: text(catcher, 'Next', where),
      ...readExit(where, catcher),
    }
  })
}

/** States.ALL stands alone and last, as AWS demands. */
function readList(where: string, value: unknown, known: ReadonlySet<string>): JsonRecord[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new SimulationError(`${where} is no list`)
  return value.map((entry: unknown, i) => {
    if (!isRecord(entry)) throw new SimulationError(`${where}[${i}] is no object`)
    refuseUnknownFields(`${where}[${i}]`, entry, known)
    const { ErrorEquals: errors } = entry
    const hasAll = Array.isArray(errors) && errors.includes('States.ALL')
    if (hasAll && (errors.length > 1 || i < value.length - 1))
      throw new SimulationError(`${where}[${i}]: States.ALL stands alone and last`)
    return entry
  })
}

function readErrors(where: string, value: unknown): readonly string[] {
  const names = Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : []
  if (names.length === 0) throw new SimulationError(`${where} needs ErrorEquals`)
  return names
}

function number(where: string, value: JsonRecord, field: string, otherwise: number, minimum: number): number {
  const found = value[field] ?? otherwise
  if (typeof found !== 'number' || found < minimum)
    throw new SimulationError(`${where}: ${field} must be ${minimum} or more`)
  return found
}
