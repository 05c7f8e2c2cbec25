import Big from 'big.js'
import * as z from 'zod'
import { documentKinds } from '#domain/documents.ts'
import type { Group } from './join.ts'
import { type BookRecord, type Side, sides } from './record.ts'

/** How many documents of a kind count on one side, and over how much; exact, none of it is rounded. */
const Total = z.object({ count: z.int(), amount: z.string() })
export type Total = z.output<typeof Total>

/** Control totals of a kind of document on one day, in one company and currency. */
export const TotalsRow = z.object({
  document: z.enum(documentKinds),
  onDay: z.string(),
  company: z.string(),
  /** Empty where the documents are not over money. */
  currency: z.string(),
  source: Total,
  hub: Total,
  erp: Total,
})
export type TotalsRow = z.output<typeof TotalsRow>

interface Sum {
  count: number
  amount: Big
}
type Cell = Pick<TotalsRow, 'document' | 'onDay' | 'company' | 'currency'> & { readonly [side in Side]: Sum }

/** Adds up what counts, each side by its own days and amounts: whatever was joined with what. */
export class ControlTotals {
  readonly #cells = new Map<string, Cell>()

  /** @param rows what was added up before */
  constructor(rows: readonly TotalsRow[] = []) {
    const summed = ({ count, amount }: Total): Sum => ({ count, amount: new Big(amount) })
    for (const row of rows) {
      const { source, hub, erp } = row
      this.#cells.set(nameOf(row), { ...row, source: summed(source), hub: summed(hub), erp: summed(erp) })
    }
  }

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
    const key = nameOf({ document, onDay, company, currency })
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

function nameOf({ document, onDay, company, currency }: Pick<Cell, 'document' | 'onDay' | 'company' | 'currency'>) {
  return `${onDay}\n${company}\n${currency}\n${document}`
}
