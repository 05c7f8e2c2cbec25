import { differs } from './differs.ts'
import type { Amounts, Totals } from './totals.ts'

/** Everything that is not as it should be in whole accounts, whichever order it belongs to. */
export function checkTotals(expected: Omit<Totals, 'ledger'>, found: Totals): readonly string[] {
  const each = (what: string, field: 'stock' | 'receivable' | 'onAccount' | 'payable') =>
    keysOf(expected[field], found[field]).flatMap((key) =>
      differs(`${what} ${key} in all`, found[field][key] ?? '0', expected[field][key] ?? '0'),
    )
  return [
    ...each('stock of', 'stock'),
    ...each('receivable of', 'receivable'),
    ...each('on account of', 'onAccount'),
    ...each('payable to', 'payable'),
    ...differs('bank in all', found.bank, expected.bank),
    ...differs('debit and credit of the ledger', found.ledger.debit, found.ledger.credit),
  ]
}

function keysOf(one: Amounts, other: Amounts): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
}
