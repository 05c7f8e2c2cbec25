import { hashOfEntry } from '#domain/audit/entry.ts'
import { readLine, textOf } from '#domain/audit/export-lines.ts'
import type { Finding } from '#domain/audit/finding.ts'
import type { Row } from './tampered.ts'

/** What somebody did to an export, and what must be said of it. */
export interface Tampering {
  readonly rows: readonly Row[]
  readonly expected: Partial<Finding>
}

/** Draws the same whole number below a limit each time. */
export type Draw = (below: number) => number

type Tamper = (rows: readonly Row[], draw: Draw) => Tampering | undefined

const nameOf = ({ case: key, place }: Row) => ({ case: key, place })
const of = (rows: readonly Row[], what: Row['what']) => rows.filter((row) => row.what === what)
const pick = (rows: readonly Row[], draw: Draw) => rows[draw(rows.length)]
const replaced = (rows: readonly Row[], row: Row, text: string) =>
  rows.map((one) => (one === row ? { ...one, text } : one))
const movedTo = (rows: readonly Row[], row: Row, at: number) => rows.filter((one) => one !== row).toSpliced(at, 0, row)

/** Another content for a field somewhere in an entry. */
function changed(row: Row, draw: Draw) {
  const { entry } = row
  if (entry === undefined) throw new Error('Only entries are changed by field')
  const variants = [
    { ...entry, atMs: entry.atMs + 1 },
    { ...entry, by: `${entry.by}x` },
    { ...entry, stage: 'accepted' },
    { ...entry, document: { id: '1', amount: '99.00', currency: 'EUR' } },
    { ...entry, document: { ...entry.document, paid: 'yes' } },
    { ...entry, document: { ...entry.document, lines: [{ line: '1', quantity: '3', more: 'x' }] } },
    { ...entry, note: 'was always here' },
    { ...entry, after: { ...entry.after, version: 77 } },
    { ...entry, previous: 'a'.repeat(64) },
    { ...entry, place: entry.place + 1 },
    { ...entry, case: 'shop/sales-order/other' },
    { ...entry, personal: { by: 'b'.repeat(64) } },
    { ...entry, more: 1 },
  ]
  return variants[draw(variants.length)] ?? entry
}

/** All entries of a chain from one on, linked anew after it was changed. */
function linkedAnew(rows: readonly Row[], row: Row, draw: Draw) {
  let previous = ''
  const hashes = new Map<Row, string>()
  const result = rows.map((one) => {
    const { entry } = one
    if (entry === undefined || entry.case !== row.case || entry.place < (row.place ?? 0)) return one
    const content =
      one === row
        ? { ...changed(row, draw), case: entry.case, place: entry.place, stage: 'forged' }
        : { ...entry, previous }
    previous = hashOfEntry(content)
    hashes.set(one, previous)
    return { ...one, text: textOf({ entry: content }) }
  })
  return { result, hashes }
}

export const tamperings: Readonly<Record<string, Tamper>> = {
  'changes a field of an entry': (rows, draw) => {
    const row = pick(of(rows, 'entry'), draw)
    if (row === undefined) return undefined
    const text = textOf({ entry: changed(row, draw) })
    return { rows: replaced(rows, row, text), expected: { kind: 'changed', what: 'entry', ...nameOf(row) } }
  },
  'changes an entry, and links all after it anew': (rows, draw) => {
    const row = pick(of(rows, 'entry'), draw)
    if (row === undefined) return undefined
    const { result } = linkedAnew(rows, row, draw)
    return { rows: result, expected: { kind: 'changed', what: 'entry', ...nameOf(row) } }
  },
  'changes an entry, links all anew, and writes that into the stretches': (rows, draw) => {
    const row = pick(of(rows, 'entry'), draw)
    if (row === undefined) return undefined
    const { result, hashes } = linkedAnew(rows, row, draw)
    const forged = result.map((one, index) => {
      const line = readLine(one.text)?.line
      if (line === undefined || !('chain' in line) || line.chain.case !== row.case) return one
      const own = rows
        .slice(index + 1)
        .filter((other) => other.what === 'entry' && other.case === row.case && other.day === one.day)
      const all = own.map((other) => hashes.get(other) ?? hashOfEntry(other.entry))
      return { ...one, text: textOf({ chain: { ...line.chain, hashes: all } }) }
    })
    const stretch = rows.find((one) => one.what === 'chain' && one.case === row.case && one.day === row.day)
    return { rows: forged, expected: { kind: 'changed', what: 'chain', ...(stretch && nameOf(stretch)) } }
  },
  'removes an entry': (rows, draw) => {
    const row = pick(of(rows, 'entry'), draw)
    if (row === undefined) return undefined
    return { rows: rows.filter((one) => one !== row), expected: { kind: 'removed', what: 'entry', ...nameOf(row) } }
  },
  'inserts an entry a second time': (rows, draw) => {
    const row = pick(of(rows, 'entry'), draw)
    if (row === undefined) return undefined
    const at = rows.indexOf(row) + 1 + draw(rows.length - rows.indexOf(row))
    // Between an entry and its person it parts the two.
    if (rows[at]?.what === 'personal') return undefined
    return { rows: rows.toSpliced(at, 0, row), expected: { kind: 'inserted', ...nameOf(row) } }
  },
  'inserts an entry that never was': (rows, draw) => {
    const row = pick(of(rows, 'entry'), draw)
    if (row === undefined) return undefined
    const at = 1 + draw(rows.length)
    if (rows[at]?.what === 'personal') return undefined
    const entry = { ...row.entry, case: 'shop/sales-order/zzzz', stage: 'forged' }
    const name = { case: 'shop/sales-order/zzzz', place: row.place }
    return { rows: rows.toSpliced(at, 0, { ...row, text: textOf({ entry }) }), expected: { kind: 'inserted', ...name } }
  },
  'exchanges two entries': (rows, draw) => {
    const entries = of(rows, 'entry')
    const one = pick(entries, draw)
    const other = pick(entries, draw)
    if (one === undefined || other === undefined || one === other) return undefined
    const result = rows.map((row) => (row === one ? other : row === other ? one : row))
    const [first, second] = rows.indexOf(one) < rows.indexOf(other) ? [one, other] : [other, one]
    return { rows: result, expected: { kind: 'reordered', ...nameOf(first), found: `${second.case} ${second.place}` } }
  },
  'moves an entry down': (rows, draw) => {
    const row = pick(of(rows, 'entry'), draw)
    if (row === undefined) return undefined
    const from = rows.indexOf(row)
    const at = from + draw(rows.length - from)
    if (at === from || rows[at + 1]?.what === 'personal') return undefined
    return { rows: movedTo(rows, row, at), expected: { kind: 'reordered', ...nameOf(row) } }
  },
  'removes the proof of a chain': (rows, draw) => {
    const row = pick(of(rows, 'chain'), draw)
    if (row === undefined) return undefined
    return { rows: rows.filter((one) => one !== row), expected: { kind: 'removed', what: 'chain', ...nameOf(row) } }
  },
  'removes a whole chain of a day': (rows, draw) => {
    const row = pick(of(rows, 'chain'), draw)
    if (row === undefined) return undefined
    const kept = rows.filter((one) => one.case !== row.case || one.day !== row.day)
    return { rows: kept, expected: { kind: 'removed', what: 'chain', line: rows.indexOf(row) + 1 } }
  },
  'removes a seal': (rows, draw) => {
    const row = pick(of(rows, 'seal'), draw)
    if (row === undefined) return undefined
    return { rows: rows.filter((one) => one !== row), expected: { kind: 'removed', what: 'seal', day: row.day } }
  },
  'changes who acted': (rows, draw) => {
    const row = pick(of(rows, 'personal'), draw)
    if (row === undefined) return undefined
    const text = row.text.replace('ann', 'eve')
    return { rows: replaced(rows, row, text), expected: { kind: 'changed', what: 'personal', ...nameOf(row) } }
  },
  'writes a signature otherwise, of which base64 reads the same bytes': (rows, draw) => {
    // Its last character holds bits of no byte, which were zero.
    const padded = of(rows, 'seal').filter(({ text }) => text.includes('="'))
    const row = pick(padded, draw)
    if (row === undefined) return undefined
    const text = row.text.replace(/.(?==+")/, (last) => String.fromCharCode(last.charCodeAt(0) + 1))
    return { rows: replaced(rows, row, text), expected: { kind: 'changed', what: 'seal', day: row.day } }
  },
  'writes the path of a chain otherwise, of which hexadecimal reads the same bytes': (rows, draw) => {
    const row = pick(
      of(rows, 'chain').filter(({ text }) => !text.includes('"path":[]')),
      draw,
    )
    if (row === undefined) return undefined
    const text = row.text.replace(/"path":\[(.*?)\]/, (path) => path.toUpperCase().replace('PATH', 'path'))
    if (text === row.text) return undefined
    return { rows: replaced(rows, row, text), expected: { kind: 'changed', what: 'chain', ...nameOf(row) } }
  },
  'changes one character anywhere': (rows, draw) => {
    const row = pick(rows, draw)
    if (row === undefined) return undefined
    const at = draw(row.text.length)
    const text = `${row.text.slice(0, at)}${row.text[at] === '7' ? '8' : '7'}${row.text.slice(at + 1)}`
    const name = row.what === 'entry' || row.what === 'chain' ? nameOf(row) : {}
    return {
      rows: replaced(rows, row, text),
      expected: { ...(row.what !== 'head' && { line: rows.indexOf(row) + 1 }), ...name },
    }
  },
}
