import { parseCsv } from '#domain/csv.ts'
import { PoisonMessageError } from '#domain/errors.ts'
import type { BookRecord } from './record.ts'
import { sourceRecord } from './source-record.ts'

/** So many lines are told of; who has mended them is told of the next. */
const mostTold = 10

/**
 * The documents that a source's file tells of, one line each, of a file of any length: CSV with a head, or JSON lines.
 * @param name the file's, whose ending says which of the two it is
 * @throws PoisonMessageError when the file is read to its end, naming each line that cannot be read, the field, its value and the rule;
 *   whoever reads may have taken nothing until then
 */
export async function* sourceRecords(
  lines: AsyncIterable<string>,
  name: string,
  company: string,
): AsyncGenerator<BookRecord> {
  const [, ending] = /\.(csv|jsonl)$/.exec(name) ?? []
  if (ending === undefined) {
    throw new PoisonMessageError(`${name} must end with .csv or .jsonl, by what is in it`)
  }
  let columns: readonly string[] | undefined
  let number = 0
  const broken: string[] = []
  for await (const text of lines) {
    number++
    const line = text.replace(/^\uFEFF/, '')
    if (line.trim() === '') continue
    if (ending === 'csv' && columns === undefined) {
      columns = columnsOf(line, `Line ${number} of ${name}`)
      continue
    }
    const read = recordOf(line, columns, `Line ${number} of ${name}`, company)
    if (typeof read === 'string') broken.push(read)
    else if (broken.length === 0) yield read
  }
  if (broken.length === 0) return
  const left = broken.length - mostTold
  throw new PoisonMessageError([...broken.slice(0, mostTold), ...(left > 0 ? [`and ${left} more`] : [])].join('; '))
}

/** The line's record, or why it cannot be read. */
function recordOf(
  line: string,
  columns: readonly string[] | undefined,
  where: string,
  company: string,
): BookRecord | string {
  try {
    return sourceRecord(columns === undefined ? JSON.parse(line) : valuesOf(columns, line), where, company)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    return message.startsWith(where) ? message : `${where}: ${message}`
  }
}

const needed = ['case', 'document', 'number', 'onDay']

function columnsOf(line: string, where: string): readonly string[] {
  const columns = (parseCsv(line)[0] ?? []).map((column) => column.trim())
  const missing = needed.filter((column) => !columns.includes(column))
  if (missing.length > 0) throw new PoisonMessageError(`${where} lacks the column ${missing.join(', ')}`)
  return columns
}

/** An empty cell says nothing; quantities stand as `1=2;2=0.5`. */
function valuesOf(columns: readonly string[], line: string): Record<string, unknown> {
  // Without its line break an empty last cell would be lost.
  const [cells = []] = parseCsv(`${line}\n`)
  if (cells.length !== columns.length) {
    throw new PoisonMessageError(`has ${cells.length} cells, must have ${columns.length}`)
  }
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
