import { InputError } from '../terminal/explain.ts'

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/**
 * When a window begins: a day or a moment in UTC, or so long ago.
 * @throws InputError that says what can be read
 */
export function sinceOf(text: string, nowMs: number): number {
  const [, count = '', unit = ''] = /^(\d{1,4})([mhd])$/.exec(text) ?? []
  if (unit === 'm' || unit === 'h' || unit === 'd') return nowMs - Number(count) * unitMs[unit]
  const isWritten = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
  const atMs = isWritten ? Date.parse(text) : Number.NaN
  if (Number.isNaN(atMs) || atMs > nowMs) {
    throw new InputError(
      `--since ${text} must be a day or a moment that has been, such as 2026-11-24 or 2026-11-24T10:00:00Z, or 3h or 7d.`,
    )
  }
  return atMs
}
