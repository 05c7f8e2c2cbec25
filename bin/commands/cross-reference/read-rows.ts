import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { type CrossReferenceRow, referenceKinds } from '#aws/cross-reference-store.ts'
import { parseCsv } from '#domain/csv.ts'
import { CommandError } from '../terminal/explain.ts'

const Row = z.object({
  system: z.string().regex(/^[^#/\s]+$/, 'must be a source, such as shop'),
  kind: z.enum(referenceKinds),
  id: z.string().regex(/^[^#]+$/, 'must not be empty nor hold a #'),
  erpId: z.string().min(1, 'must not be empty'),
})

/** @throws CommandError that names the column, its value and the rule */
export function crossReferenceRow(values: Readonly<Record<string, unknown>>, where: string): CrossReferenceRow {
  const row = Row.safeParse(values)
  if (row.success) return row.data
  const problems = row.error.issues.map((issue) => {
    const column = String(issue.path[0])
    return `${column} ${JSON.stringify(values[column] ?? null)}: ${issue.message}`
  })
  throw new CommandError(`${where} cannot be taken: ${problems.join('; ')}`)
}

/**
 * Reads a CSV file with a header; other columns are left alone.
 * @throws CommandError that names the line; then nothing is to be written
 */
export function readCrossReferences(file: string): readonly CrossReferenceRow[] {
  const [header = [], ...lines] = parseCsv(readText(file).replace(/^\uFEFF/, ''))
  const columns = header.map((column) => column.trim())
  const missing = Object.keys(Row.shape).filter((column) => !columns.includes(column))
  if (missing.length > 0) throw new CommandError(`${file} lacks the column ${missing.join(', ')}`)
  return lines.map((cells, index) => {
    const values = Object.fromEntries(columns.map((column, at) => [column, cells[at]?.trim() ?? '']))
    return crossReferenceRow(values, `Row ${index + 2} of ${file}`)
  })
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new CommandError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
}
