import Big from 'big.js'
import { minorUnitsOf } from '#domain/money.ts'
import type { SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import { inOrderUnit } from './agreed-line.ts'
import { computedAmount, type ResolvedLine, type UnresolvedLine } from './billed-line.ts'
import { payableOf } from './document-amounts.ts'
import type { MatchedDocument, MatchedLine } from './match-result.ts'
import { type Finding, type Outcome, worst } from './outcome.ts'
import { plain } from './price.ts'

/** A line of a document that counts, with its outcome. */
export interface CountedLine {
  readonly line: ResolvedLine
  readonly outcome: Outcome
}

/** One line's outcome with its findings. */
export interface LineResult {
  readonly line: MatchedLine
  readonly findings: readonly Finding[]
}

export function lineResult(line: ResolvedLine | UnresolvedLine, findings: readonly Finding[]): LineResult {
  const { documentLine, billed } = line
  const isKnown = 'agreed' in line
  return {
    line: {
      documentLine,
      line: isKnown ? line.agreed.line.number : line.finding.line,
      outcome: worst(findings),
      quantity: isKnown ? inOrderUnit(line.agreed, line.quantity) : (billed.quantity ?? '0'),
      amount: plain(isKnown ? line.amount : (computedAmount(billed) ?? new Big(billed.amount ?? '0'))),
    },
    findings,
  }
}

/** A document is as good as the worst of its lines and of what holds for it as a whole. */
export function closeDocument(
  document: SupplierInvoice | SupplierCreditNote,
  lines: readonly LineResult[],
  ofDocument: readonly Finding[],
  currency: string,
): MatchedDocument {
  const findings = [...ofDocument, ...lines.flatMap((line) => line.findings)]
  const ofWhole = worst(ofDocument)
  // What is not counted as a document has no line that could match.
  const isCounted = !['duplicate-number', 'wrong-currency', 'unknown-line'].includes(ofWhole)
  const closed = lines.map(({ line }) => (isCounted ? line : { ...line, outcome: ofWhole }))
  const outcome = worst(findings)
  const zero = new Big(0).toFixed(minorUnitsOf(currency))
  const matched = closed
    .filter((line) => line.outcome === 'matched')
    .reduce((total, { amount }) => total.plus(amount), new Big(0))
  return {
    number: document.number,
    outcome,
    lines: closed,
    findings,
    matchedAmount: plain(matched),
    payable: outcome === 'matched' ? payableOf(document, currency) : zero,
  }
}
