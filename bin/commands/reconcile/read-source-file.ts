import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { PoisonMessageError } from '#domain/errors.ts'
import type { BookRecord } from '#domain/reconciliation/record.ts'
import { sourceRecords } from '#domain/reconciliation/source-lines.ts'
import { InputError } from '../terminal/explain.ts'

/**
 * Reads a source's documents line by line, of a file of any length: CSV with a head, or JSON lines.
 * @throws InputError that names the lines, the field, its value and the rule; whoever reads has taken nothing until the end
 */
export async function* readSourceFile(file: string, company: string): AsyncGenerator<BookRecord> {
  if (!existsSync(file)) throw new InputError(`${file} is not there.`)
  try {
    yield* sourceRecords(linesOf(file), file, company)
  } catch (error) {
    throw error instanceof PoisonMessageError ? new InputError(error.message, { cause: error }) : error
  }
}

/** Opened when the first line is asked for. */
async function* linesOf(file: string): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(file, 'utf8') })
}
