import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import Big from 'big.js'
import { localFolder } from '../../state.ts'

type Row = Readonly<Record<string, SQLInputValue>>

/** The file of the laptop's Tryton, which is written past Tryton itself: no rule of its stands in the way. */
export interface ErpFile {
  first(table: string, condition: string): number
  /** Each returns what takes it back. */
  change(table: string, id: number, column: string, to: (before: SQLInputValue) => SQLInputValue): () => void
  remove(table: string, id: number): () => void
  /** With the rows of another table that belong to it. */
  copy(table: string, id: number, ofTable: string, column: string): () => void
  /** Of a model such as `stock.shipment.out`, with what it moves; the copy bears no reference. */
  copyShipment(model: string, id: number): () => void
}

/** Tryton keeps decimals in SQLite as bytes of their text. */
export function decimalPlus(more: string): (before: SQLInputValue) => SQLInputValue {
  return (before) => {
    if (!(before instanceof Uint8Array)) throw new Error(`Tryton keeps no decimal there, but ${String(before)}`)
    return Buffer.from(new Big(Buffer.from(before).toString()).plus(more).toFixed(2))
  }
}

/** @throws Error when Tryton runs on PostgreSQL */
export function openErpFile(): ErpFile {
  const file = join(localFolder, 'erp', 'erp.sqlite')
  if (!existsSync(file))
    throw new Error('The sabotage writes into the SQLite file of the local Tryton, and there is none.')
  const db = new DatabaseSync(file)
  db.exec('PRAGMA busy_timeout = 30000')
  const rowOf = (table: string, id: number): Row => {
    const row = db.prepare(`SELECT * FROM ${table} WHERE id = ?`).get(id)
    if (row === undefined) throw new Error(`${table} has no row ${id}`)
    return row
  }
  const insert = (table: string, row: Row): number => {
    const columns = Object.keys(row)
    const sql = `INSERT INTO ${table} (${columns.map((one) => `"${one}"`).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
    return Number(db.prepare(sql).run(...Object.values(row)).lastInsertRowid)
  }
  const remove = (table: string, id: number) => db.prepare(`DELETE FROM ${table} WHERE id = ?`).run(id)
  const copied = (table: string, row: Row, change: Row): number => {
    const { id: _id, ...values } = { ...row, ...change }
    return insert(table, values)
  }
  const idsOf = (table: string, condition: string) =>
    db
      .prepare(`SELECT id FROM ${table} WHERE ${condition} ORDER BY id`)
      .all()
      .map(({ id }) => Number(id))
  const first = (table: string, condition: string): number => {
    const [id] = idsOf(table, condition)
    if (id === undefined) throw new Error(`${table} has no row where ${condition}`)
    return id
  }
  const copyWith = (
    table: string,
    id: number,
    change: Row,
    parts: (copy: number) => readonly (readonly [string, Row, Row])[],
  ) => {
    const copy = copied(table, rowOf(table, id), change)
    const made = parts(copy).map(([of, row, changed]) => [of, copied(of, row, changed)] as const)
    return () => {
      for (const [of, part] of made) remove(of, part)
      remove(table, copy)
    }
  }
  return {
    first,
    change: (table, id, column, to) => {
      const before = rowOf(table, id)[column] ?? null
      const set = (value: SQLInputValue) =>
        db.prepare(`UPDATE ${table} SET "${column}" = ? WHERE id = ?`).run(value, id)
      set(to(before))
      return () => set(before)
    },
    remove: (table, id) => {
      const row = rowOf(table, id)
      remove(table, id)
      return () => insert(table, row)
    },
    copy: (table, id, ofTable, column) =>
      copyWith(table, id, { number: 'COPY' }, (copy) =>
        idsOf(ofTable, `"${column}" = ${id}`).map(
          (part) => [ofTable, rowOf(ofTable, part), { [column]: copy }] as const,
        ),
      ),
    copyShipment: (model, id) =>
      copyWith(model.replaceAll('.', '_'), id, { number: `COPY-${id}`, reference: null }, (copy) =>
        idsOf('stock_move', `shipment = '${model},${id}'`).map(
          (part) => ['stock_move', rowOf('stock_move', part), { shipment: `${model},${copy}` }] as const,
        ),
      ),
  }
}
