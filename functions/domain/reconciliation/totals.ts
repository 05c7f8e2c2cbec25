import Big from 'big.js'
import type { DocumentKind } from '#domain/documents.ts'
import type { Group } from './join.ts'
import { type BookRecord, type Side, sides } from './record.ts'

/** How many documents of a kind count on one side, and over how much. */
export interface Total {
  readonly count: number
  /** Exact; none of it is rounded. */
  readonly amount: string
}

/** Control totals of a kind of document on one day, in one company and currency. */
export interface TotalsRow {
  readonly document: DocumentKind
  readonly onDay: string
  readonly company: string
  /** Empty where the documents are not over money. */
  readonly currency: string
  readonly source: Total
  readonly hub: Total
  readonly erp: Total
}

interface Sum {
  count: number
  amount: Big
}
type Cell = Pick<TotalsRow, 'document' | 'onDay' | 'company' | 'currency'> & { readonly [side in Side]: Sum }

/** Adds up what counts, each side by its own days and amounts: whatever was joined with what. */
export class ControlTotals {
  readonly #cells = new Map<string, Cell>()

  add(group: Group): void {
    for (const side of sides) for (const record of group[side]) this.#addRecord(side, record)
  }

  #addRecord(side: Side, record: BookRecord): void {
    if (record.standing !== 'in-effect') return
    const sum = this.#cellOf(record)[side]
    sum.count += 1
    if (record.amount !== undefined) sum.amount = sum.amount.plus(record.amount)
  }

  #cellOf({ document, onDay, company, currency = '' }: BookRecord): Cell {
    const key = `${onDay}\n${company}\n${currency}\n${document}`
    const found = this.#cells.get(key)
    if (found !== undefined) return found
    const none = () => ({ count: 0, amount: new Big(0) })
    const cell = { document, onDay, company, currency, source: none(), hub: none(), erp: none() }
    this.#cells.set(key, cell)
    return cell
  }

  /** By day, company, currency and kind. */
  rows(): readonly TotalsRow[] {
    const told = ({ count, amount }: Sum): Total => ({ count, amount: amount.toFixed() })
    return [...this.#cells.entries()]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, cell]) => ({ ...cell, source: told(cell.source), hub: told(cell.hub), erp: told(cell.erp) }))
  }
}
