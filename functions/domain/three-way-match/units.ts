import Big from 'big.js'
import type { PurchaseOrderLine } from '#domain/procurement-documents.ts'

/** UN/ECE Recommendations 20 and 21 have codes for units, some several for one, and people write them out. */
const spellings: readonly (readonly string[])[] = [
  ['EA', 'C62', 'H87', 'PCE', 'PCS', 'PC', 'NAR', 'PIECE', 'PIECES', 'EACH', 'UNIT', 'UNITS'],
  ['KGM', 'KG', 'KILOGRAM', 'KILOGRAMS'],
  ['GRM', 'G', 'GRAM', 'GRAMS'],
  ['TNE', 'T', 'TONNE', 'TONNES'],
  ['LTR', 'L', 'LITRE', 'LITRES', 'LITER', 'LITERS'],
  ['MTR', 'M', 'METRE', 'METRES', 'METER', 'METERS'],
  ['MTK', 'M2', 'M²'],
  ['MTQ', 'M3', 'M³'],
  ['HUR', 'H', 'HOUR', 'HOURS'],
  ['DAY', 'DAYS'],
  ['XBX', 'BX', 'BOX', 'BOXES'],
  ['XCT', 'CT', 'CARTON', 'CARTONS'],
  ['XPK', 'PK', 'PACK', 'PACKS', 'PACKAGE', 'PACKAGES'],
  ['DZN', 'DOZEN'],
] // biome-ignore format: a table

function nameOf(unit: string): string {
  const name = unit.trim().toUpperCase()
  return spellings.find((known) => known.includes(name))?.[0] ?? name
}

/** How many of the line's smallest unit one of this unit holds; undefined where no factor is known. */
export function factorOf(line: PurchaseOrderLine, unit: string | undefined): Big | undefined {
  const given = unit ?? line.unit
  if (given === undefined) return new Big(1)
  const listed = line.units.find((other) => nameOf(other.unit) === nameOf(given))
  if (listed) return new Big(listed.per)
  // Without a unit on the order both count alike, unless the order tells what others hold.
  if (line.unit === undefined) return line.units.length === 0 || nameOf(given) === 'EA' ? new Big(1) : undefined
  const ownUnit = nameOf(line.unit)
  if (nameOf(given) === ownUnit) return new Big(1)
  // An order that counts boxes and says what one holds counts in pieces underneath.
  const holdsPieces = line.units.some(({ unit }) => nameOf(unit) === ownUnit)
  return holdsPieces && nameOf(given) === 'EA' ? new Big(1) : undefined
}
