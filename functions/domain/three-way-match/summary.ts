import Big from 'big.js'
import { minorUnitsOf } from '#domain/money.ts'
import { type AgreedLine, inOrderUnit } from './agreed-line.ts'
import type { CountedLine } from './close-document.ts'
import { isPriceOnly } from './credit-checks.ts'
import type { LineSummary } from './match-result.ts'
import { worst } from './outcome.ts'

/** Each order line over all documents that count. */
export function summarizeLines(
  agreed: readonly AgreedLine[],
  invoiced: readonly CountedLine[],
  credited: readonly CountedLine[],
  currency: string,
): readonly LineSummary[] {
  return agreed.map((line) => {
    const own = (counted: readonly CountedLine[]) =>
      counted.filter((entry) => entry.line.agreed.line.number === line.line.number)
    const bills = own(invoiced)
    const credits = own(credited)
    const back = credits.filter((entry) => !isPriceOnly(entry.line))
    const matched = bills.filter(({ outcome }) => outcome === 'matched')
    const quantity = (entries: readonly CountedLine[]) => total(entries.map((entry) => entry.line.quantity))
    const amount = (entries: readonly CountedLine[]) => total(entries.map((entry) => entry.line.amount))
    const atLeastZero = (value: Big) => (value.lt(0) ? new Big(0) : value)
    return {
      line: line.line.number,
      outcome: worst([...bills, ...credits]),
      ordered: inOrderUnit(line, line.ordered),
      received: inOrderUnit(line, line.received),
      returned: inOrderUnit(line, line.returned),
      invoiced: inOrderUnit(line, quantity(bills)),
      credited: inOrderUnit(line, quantity(back)),
      matchedQuantity: inOrderUnit(line, atLeastZero(quantity(matched).minus(quantity(back)))),
      matchedAmount: atLeastZero(amount(matched).minus(amount(credits))).toFixed(minorUnitsOf(currency)),
    }
  })
}

const total = (amounts: readonly Big[]) => amounts.reduce((one, other) => one.plus(other), new Big(0))
