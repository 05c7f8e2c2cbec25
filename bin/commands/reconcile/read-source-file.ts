import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { BookRecord } from '#domain/reconciliation/record.ts'
import { sourceRecord } from '#domain/reconciliation/source-record.ts'
import { parseCsv } from '../../local/erp/csv.ts'
import { InputError } from '../terminal/explain.ts'

/**
 * Reads a source's documents line by line, of a file of any length: CSV with a head, or JSON lines.
 * @throws InputError that names the line, the field, its value and the rule; whoever reads has taken nothing until the end
 */
export async function* readSourceFile(file: string, company: string): AsyncGenerator<BookRecord> {
  if (!existsSync(file)) throw new InputError(`${file} is not there.`)
  if (!/\.(csv|jsonl)$/.test(file)) throw new InputError(`${file} must end with .csv or .jsonl, by what is in it.`)
  const isCsv = file.endsWith('.csv')
  let columns: readonly string[] | undefined
  let number = 0
  for await (const text of createInterface({ input: createReadStream(file, 'utf8') })) {
    number++
    const line = text.replace(/^\uFEFF/, '')
    if (line.trim() === '') continue
    const where = `Line ${number} of ${file}`
    try {
      if (isCsv && columns === undefined) columns = columnsOf(line, file)
      else yield sourceRecord(columns === undefined ? JSON.parse(line) : valuesOf(columns, line), where, company)
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      throw new InputError(message.startsWith(where) ? message : `${where}: ${message}`, { cause })
    }
  }
}

const needed = ['case', 'document', 'number', 'onDay']

function columnsOf(line: string, file: string): readonly string[] {
  const columns = (parseCsv(line)[0] ?? []).map((column) => column.trim())
  const missing = needed.filter((column) => !columns.includes(column))
  if (missing.length > 0) throw new InputError(`${file} lacks the column ${missing.join(', ')}`)
  return columns
}

/** An empty cell says nothing; quantities stand as `1=2;2=0.5`. */
function valuesOf(columns: readonly string[], line: string): Record<string, unknown> {
  // Without its line break an empty last cell would be lost.
  const [cells = []] = parseCsv(`${line}\n`)
  if (cells.length !== columns.length) throw new InputError(`has ${cells.length} cells, must have ${columns.length}`)
  const filled = columns.flatMap((column, at) => {
    const cell = cells[at]?.trim() ?? ''
    return cell === '' ? [] : [[column, column === 'lines' ? quantitiesOf(cell) : cell] as const]
  })
  return Object.fromEntries(filled)
}

function quantitiesOf(cell: string) {
  return cell.split(';').map((part) => {
    const [line = '', quantity = ''] = part.split('=').map((text) => text.trim())
    return { line, quantity }
  })
}
