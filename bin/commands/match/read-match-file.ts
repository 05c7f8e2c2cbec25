import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parse } from '#domain/schema.ts'
import { MatchInput } from '#domain/three-way-match/match-input.ts'
import { InputError } from '../terminal/explain.ts'
import { withUblRead } from './read-ubl-entries.ts'

/** @throws InputError that names each field, the value that was there and the rule it breaks */
export function readMatchFile(file: string): MatchInput {
  const text = readText(file)
  const value = withUblRead(parseExactly(text, file), dirname(file))
  try {
    return parse(MatchInput, value, file)
  } catch (cause) {
    throw new InputError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (cause) {
    throw new InputError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/**
 * A number keeps its digits as they stand in the file, `9.80` as well as `"9.80"`: no float ever carries an amount. A field
 * that is null is one that is not given, as many programs write it.
 */
function parseExactly(text: string, file: string): unknown {
  const asWritten = (_key: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value === null ? undefined : value
  try {
    return JSON.parse(text, asWritten)
  } catch (cause) {
    throw new InputError(`${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
