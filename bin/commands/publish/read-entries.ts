import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { CommandError } from '../terminal/explain.ts'

/** One event to be published, and where in the file it stands. */
export interface Entry {
  readonly where: string
  readonly source: string
  readonly detailType: string
  readonly detail: Readonly<Record<string, unknown>>
}

export interface EntryDefaults {
  readonly source?: string | undefined
  readonly detailType?: string | undefined
}

const Detail = z.record(z.string(), z.unknown())
const WholeEvent = z
  .object({
    source: z.string().min(1),
    'detail-type': z.string().min(1).optional(),
    detailType: z.string().min(1).optional(),
    detail: Detail,
  })
  .refine((event) => event['detail-type'] !== undefined || event.detailType !== undefined)

/**
 * Reads every entry of a file.
 * @throws CommandError that names the line or entry and says what it lacks
 */
export function readEntries(file: string, defaults: EntryDefaults): readonly Entry[] {
  const entries = splitEntries(readText(file), file.endsWith('.jsonl') || file.endsWith('.ndjson'))
  if (entries.length === 0) throw new CommandError(`${file} holds no event`)
  return entries.map(({ where, value }) => entryOf(where, value, defaults))
}

/** The values of a file with their places: a line of JSON Lines, an element of a list, or the one value. */
export function splitEntries(
  text: string,
  isLines: boolean,
): readonly { readonly where: string; readonly value: unknown }[] {
  if (isLines) {
    return text
      .split(/\r?\n/)
      .map((line, index) => ({ line, where: `line ${index + 1}` }))
      .filter(({ line }) => line.trim() !== '')
      .map(({ line, where }) => ({ where, value: parseJson(line, where) }))
  }
  const value = parseJson(text, 'the file')
  if (!Array.isArray(value)) return [{ where: 'the event', value }]
  return value.map((one: unknown, index) => ({ where: `entry ${index + 1}`, value: one }))
}

/** A whole event says its source and type itself; anything else is a detail. */
export function entryOf(where: string, value: unknown, defaults: EntryDefaults): Entry {
  const whole = WholeEvent.safeParse(value)
  if (whole.success) {
    const { source, detail } = whole.data
    return { where, source, detailType: whole.data['detail-type'] ?? whole.data.detailType ?? '', detail }
  }
  const detail = Detail.safeParse(value)
  if (!detail.success) throw new CommandError(`${where} is not an object, so it is no event`)
  const { source, detailType } = defaults
  if (source === undefined || detailType === undefined) {
    throw new CommandError(
      `${where} is not a whole event ("source", "detail-type", "detail"). If it is a detail alone, give --source and --detail-type.`,
    )
  }
  return { where, source, detailType, detail: detail.data }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (cause) {
    throw new CommandError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new CommandError(`${where} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
