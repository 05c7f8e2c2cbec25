import Big from 'big.js'
import { minorUnitsOf, sum } from '#domain/money.ts'
import type { SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import { admit, type IsBooked } from './admission.ts'
import { agreedAmount, agreedLines } from './agreed-line.ts'
import { matchCreditNotes } from './credit-notes.ts'
import { checkGoods, ofThisOrder } from './goods.ts'
import { matchInvoices } from './invoices.ts'
import type { MatchInput } from './match-input.ts'
import type { MatchResult } from './match-result.ts'
import { worst } from './outcome.ts'
import { summarizeLines } from './summary.ts'
import { rulesFor } from './tolerance.ts'

export interface KnownInCase {
  /** What is posted already, and so goes first. */
  readonly isBooked?: IsBooked
  /** A person has accepted it, so that what it credits counts although it does not match. */
  readonly isAccepted?: (document: SupplierInvoice | SupplierCreditNote) => boolean
  /** Nothing further arrives for the order. */
  readonly isEnded?: boolean
}

/**
 * Purchase order × goods receipts × supplier invoices, less credit notes and returns. Pure, and the same for every
 * order of the documents. docs/match.md says what each outcome means.
 * @param known what a case knows besides, and a file does not say
 */
export function matchThreeWay(input: MatchInput, { isBooked, isAccepted, isEnded }: KnownInCase = {}): MatchResult {
  const { order } = input
  const rules = rulesFor(input.tolerances, order.supplier.id)
  const receipts = ofThisOrder(input.receipts, order)
  const returns = ofThisOrder(input.returns, order)
  const agreed = agreedLines(order, receipts, returns, isEnded)
  const credits = admit(input.creditNotes, order, input.knownNumbers, isBooked)
  const admitted = admit(input.invoices, order, input.knownNumbers, isBooked)
  const creditNotes = matchCreditNotes(credits, admitted, order, agreed, rules, isAccepted)
  const invoices = matchInvoices(admitted, creditNotes.credit, order, agreed, rules)
  const goodsFindings = checkGoods(input, agreed)
  const lines = summarizeLines(agreed, invoices.counted, creditNotes.counted, order.currency)
  const money = (amount: Big) => amount.toFixed(minorUnitsOf(order.currency))
  return {
    order: order.number,
    supplier: order.supplier.id,
    currency: order.currency,
    outcome: worst([...invoices.documents, ...creditNotes.documents, ...goodsFindings]),
    invoices: [...invoices.documents],
    creditNotes: [...creditNotes.documents],
    lines: [...lines],
    goodsFindings: [...goodsFindings],
    totals: {
      ordered: money(agreed.reduce((total, line) => total.plus(agreedAmount(line, line.ordered)), new Big(0))),
      matched: money(sum(lines.map(({ matchedAmount }) => matchedAmount))),
      payable: money(
        sum(invoices.documents.map(({ payable }) => payable)).minus(
          sum(creditNotes.documents.map(({ payable }) => payable)),
        ),
      ),
    },
  }
}
