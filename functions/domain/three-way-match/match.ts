import Big from 'big.js'
import { minorUnitsOf, sum } from '#domain/money.ts'
import type { SupplierInvoice } from '#domain/procurement-documents.ts'
import { admit, type IsBooked } from './admission.ts'
import { agreedAmount, agreedLines } from './agreed-line.ts'
import { type IsAccepted, matchCreditNotes, takesBack } from './credit-notes.ts'
import { checkGoods, ofThisOrder } from './goods.ts'
import { type InvoiceMatch, matchInvoices } from './invoices.ts'
import type { MatchInput } from './match-input.ts'
import type { MatchResult } from './match-result.ts'
import { worst } from './outcome.ts'
import { summarizeLines } from './summary.ts'
import { rulesFor } from './tolerance.ts'

export interface KnownInCase {
  /** What is posted already, and so goes first. */
  readonly isBooked?: IsBooked
  /** A person has accepted it, so that what it credits counts although it does not match. */
  readonly isAccepted?: IsAccepted
  /** Nothing further arrives for the order. */
  readonly isEnded?: boolean
}

/**
 * Purchase order × goods receipts × supplier invoices, less credit notes and returns. Pure, and the same for every
 * order of the documents. docs/match.md says what each outcome means.
 * @param known what a case knows besides, and a file does not say
 */
export function matchThreeWay(
  input: MatchInput,
  { isBooked, isAccepted = () => false, isEnded }: KnownInCase = {},
): MatchResult {
  const { order } = input
  const rules = rulesFor(input.tolerances, order.supplier.id)
  const receipts = ofThisOrder(input.receipts, order)
  const returns = ofThisOrder(input.returns, order)
  const agreed = agreedLines(order, receipts, returns, isEnded)
  const credits = admit(input.creditNotes, order, input.knownNumbers, isBooked)
  const admitted = admit(input.invoices, order, input.knownNumbers, isBooked)
  const { creditNotes, invoices } = settled((withheld) => {
    const creditNotes = matchCreditNotes(credits, admitted, order, agreed, rules, isAccepted, withheld)
    return { creditNotes, invoices: matchInvoices(admitted, creditNotes.credit, order, agreed, rules) }
  }, isAccepted)
  const documents = invoices.map(({ matched }) => matched)
  const goodsFindings = checkGoods(input, agreed)
  const lines = summarizeLines(
    agreed,
    invoices.flatMap(({ counted }) => counted),
    creditNotes.counted,
    order.currency,
  )
  const money = (amount: Big) => amount.toFixed(minorUnitsOf(order.currency))
  return {
    order: order.number,
    supplier: order.supplier.id,
    currency: order.currency,
    outcome: worst([...documents, ...creditNotes.documents, ...goodsFindings]),
    invoices: documents,
    creditNotes: [...creditNotes.documents],
    lines: [...lines],
    goodsFindings: [...goodsFindings],
    totals: {
      ordered: money(agreed.reduce((total, line) => total.plus(agreedAmount(line, line.ordered)), new Big(0))),
      matched: money(sum(lines.map(({ matchedAmount }) => matchedAmount))),
      payable: money(
        sum(documents.map(({ payable }) => payable)).minus(sum(creditNotes.documents.map(({ payable }) => payable))),
      ),
    },
  }
}

/**
 * What an invoice takes back counts for the others only if it matches itself. Leaving it out may make another one fail
 * that takes something back as well: so it is matched again until none is left, each as it stood when it failed.
 */
function settled<T extends { readonly invoices: readonly InvoiceMatch[] }>(
  matchWith: (withheld: ReadonlySet<SupplierInvoice>) => T,
  isAccepted: IsAccepted,
): T {
  const failed = new Map<SupplierInvoice, InvoiceMatch>()
  for (;;) {
    const result = matchWith(new Set(failed.keys()))
    const found = result.invoices.filter(
      ({ invoice, matched, counted }) =>
        matched.outcome !== 'matched' &&
        counted.some(({ line }) => takesBack(line)) &&
        !isAccepted(invoice) &&
        !failed.has(invoice),
    )
    if (found.length === 0) {
      return { ...result, invoices: result.invoices.map((match) => failed.get(match.invoice) ?? match) }
    }
    for (const match of found) failed.set(match.invoice, match)
  }
}
