import { readFileSync } from 'node:fs'
import { parseCsv } from '#domain/csv.ts'

/** One row by column name; `NULL` and empty cells are absent. */
export interface Row {
  readonly id: string
  readonly values: Readonly<Record<string, string>>
}

export interface Table {
  readonly rows: readonly Row[]
  /** Rows that had to be mended, and how. */
  readonly repaired: readonly string[]
  readonly skipped: readonly string[]
}

/**
 * Reads a CSV file with a header. Published data is not always well-formed: a row with more cells than columns has
 * commas that nobody quoted, nearly always in one free-text column, so the surplus is joined back into that column.
 * Without it the row's own id would be lost, and orders refer to it.
 */
export function readTable(file: string, options: { readonly id: string; readonly joinSurplusInto: string }): Table {
  const [header = [], ...lines] = parseCsv(readFileSync(file, 'utf8'))
  const rows: Row[] = []
  const repaired: string[] = []
  const skipped: string[] = []
  for (const [index, cells] of lines.entries()) {
    const where = `${file.split('/').at(-1)}:${index + 2}`
    const { cells: fitted, note } = toColumns(header, cells, options.joinSurplusInto)
    const values = Object.fromEntries(
      header.flatMap((column, at) => {
        const cell = fitted[at]?.trim() ?? ''
        return cell === '' || cell === 'NULL' ? [] : [[column, cell]]
      }),
    )
    const id = values[options.id]
    if (id === undefined) skipped.push(`${where} has no ${options.id}`)
    else if (rows.some((row) => row.id === id)) skipped.push(`${where} repeats ${options.id} ${id}`)
    else rows.push({ id, values })
    if (id !== undefined && note) repaired.push(`${where} ${id}: ${note}`)
  }
  return { rows, repaired, skipped }
}

function toColumns(header: readonly string[], cells: readonly string[], column: string) {
  const surplus = cells.length - header.length
  if (surplus < 0) return { cells, note: `has ${-surplus} cells too few; the last columns are empty` }
  if (surplus === 0) return { cells, note: undefined }
  const at = header.indexOf(column)
  const joined = cells
    .slice(at, at + surplus + 1)
    .join(', ')
    .replace(/\s+/g, ' ')
  return {
    cells: [...cells.slice(0, at), joined, ...cells.slice(at + surplus + 1)],
    note: `has ${surplus} cells too many; joined into ${column} as "${joined}"`,
  }
}
