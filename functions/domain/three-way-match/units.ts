import Big from 'big.js'
import type { PurchaseOrderLine } from '#domain/procurement-documents.ts'

/** UN/ECE Recommendation 20 has several codes for one piece, and people write it out. */
const pieces = ['C62', 'EA', 'H87', 'PCE', 'PCS', 'PC', 'NAR', 'PIECE', 'PIECES', 'EACH', 'UNIT', 'UNITS']

function nameOf(unit: string): string {
  const name = unit.trim().toUpperCase()
  return pieces.includes(name) ? 'EA' : name
}

/** How many of the line's smallest unit one of this unit holds; undefined where no factor is known. */
export function factorOf(line: PurchaseOrderLine, unit: string | undefined): Big | undefined {
  const given = unit ?? line.unit
  if (given === undefined) return new Big(1)
  const listed = line.units.find((other) => nameOf(other.unit) === nameOf(given))
  if (listed) return new Big(listed.per)
  // Without a unit on the order both count alike, unless the order tells what others hold.
  if (line.unit === undefined) return line.units.length === 0 || nameOf(given) === 'EA' ? new Big(1) : undefined
  return nameOf(given) === nameOf(line.unit) ? new Big(1) : undefined
}
