import Big from 'big.js'
import type { PurchaseOrder, SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import type { Admission } from './admission.ts'
import { type AgreedLine, agreedAmount, inOrderUnit } from './agreed-line.ts'
import { type ResolvedLine, resolveLine } from './billed-line.ts'
import { freightOf, surchargeOf } from './charges.ts'
import { type CountedLine, closeDocument, lineResult } from './close-document.ts'
import { checkTotals } from './document-totals.ts'
import type { MatchedDocument } from './match-result.ts'
import { type Finding, worst } from './outcome.ts'
import { checkLineAmount, plain, priceAllowance } from './price.ts'
import { type MatchRules, toleranceInWords } from './tolerance.ts'

/** What credit notes take off, by order line: quantities in the smallest unit, and amounts that only lower the price. */
export interface Credit {
  readonly quantity: ReadonlyMap<string, Big>
  readonly price: ReadonlyMap<string, Big>
  readonly freight: Big
  readonly surcharge: Big
}

/** Each credit note against what was invoiced, and all of them as what the invoices are lowered by. */
export function matchCreditNotes(
  admissions: readonly Admission<SupplierCreditNote>[],
  invoices: readonly Admission<SupplierInvoice>[],
  order: PurchaseOrder,
  agreed: readonly AgreedLine[],
  rules: MatchRules,
) {
  const invoiced = linesOf(invoices, order, agreed).filter(({ quantity }) => quantity.gte(0))
  const quantity = new Map<string, Big>()
  const price = new Map<string, Big>()
  const counted: CountedLine[] = []
  let freight = new Big(0)
  let surcharge = new Big(0)
  const documents = admissions.map(({ document, findings }): MatchedDocument => {
    const isCounted = findings.length === 0
    const resolved = document.lines.map((line, index) => resolveLine(line, index, order, agreed))
    const lines = resolved.map((line) => {
      if ('finding' in line) return lineResult(line, [line.finding])
      const before = quantity.get(line.agreed.line.number) ?? new Big(0)
      const own = isCounted ? checkCredit(line, before, invoiced, order.currency, rules) : []
      if (isCounted) {
        add(isPriceOnly(line) ? price : quantity, line, isPriceOnly(line) ? line.amount : line.quantity)
        counted.push({ line, outcome: worst(own) })
      }
      return lineResult(line, own)
    })
    if (isCounted) {
      freight = freight.plus(freightOf(document))
      surcharge = surcharge.plus(surchargeOf(document))
    }
    return closeDocument(document, lines, isCounted ? checkTotals(document, order.currency) : findings, order.currency)
  })
  for (const line of linesOf(invoices, order, agreed)) {
    if (line.quantity.lt(0)) add(quantity, line, line.quantity.times(-1))
    else if (line.quantity.eq(0) && line.amount.lt(0)) add(price, line, line.amount.times(-1))
  }
  const credit: Credit = { quantity, price, freight, surcharge }
  return { documents, credit, counted }
}

/** Whether a credited line lowers the price and leaves the quantity invoiced. */
export function isPriceOnly({ billed, quantity }: ResolvedLine): boolean {
  return billed.kind === 'price' || quantity.eq(0)
}

function linesOf(
  admissions: readonly Admission<SupplierInvoice>[],
  order: PurchaseOrder,
  agreed: readonly AgreedLine[],
): readonly ResolvedLine[] {
  return admissions
    .filter(({ findings }) => findings.length === 0)
    .flatMap(({ document }) => document.lines.map((line, index) => resolveLine(line, index, order, agreed)))
    .flatMap((line) => ('finding' in line ? [] : [line]))
}

function add(pool: Map<string, Big>, { agreed }: ResolvedLine, amount: Big): void {
  const before = pool.get(agreed.line.number) ?? new Big(0)
  pool.set(agreed.line.number, before.plus(amount))
}

/** A credit may not take back more than was invoiced, nor at less than it was invoiced or agreed at. */
function checkCredit(
  credited: ResolvedLine,
  before: Big,
  invoiced: readonly ResolvedLine[],
  currency: string,
  rules: MatchRules,
): readonly Finding[] {
  const { agreed, documentLine, quantity } = credited
  const arithmetic = checkLineAmount(credited, currency)
  if (isPriceOnly(credited)) return arithmetic
  const own = invoiced.filter((line) => line.agreed.line.number === agreed.line.number)
  const total = (amounts: readonly Big[]) => amounts.reduce((one, other) => one.plus(other), new Big(0))
  const invoicedQuantity = total(own.map((line) => line.quantity))
  const line = agreed.line.number
  const findings: Finding[] = [...arithmetic]
  if (before.plus(quantity).gt(invoicedQuantity)) {
    findings.push({
      outcome: 'quantity-variance',
      rule: 'credited-quantity',
      line,
      documentLine,
      expected: inOrderUnit(agreed, invoicedQuantity),
      found: inOrderUnit(agreed, before.plus(quantity)),
      tolerance: '0',
      explanation: `With line ${documentLine} more of order line ${line} is credited than was invoiced.`,
    })
  }
  const asAgreed = agreedAmount(agreed, quantity)
  const asInvoiced = invoicedQuantity.eq(0)
    ? asAgreed
    : total(own.map(({ net }) => net))
        .times(quantity)
        .div(invoicedQuantity)
  const expected = asInvoiced.lt(asAgreed) ? asInvoiced : asAgreed
  if (credited.net.lt(expected.minus(priceAllowance(agreed, quantity, rules)))) {
    findings.push({
      outcome: 'price-variance',
      rule: 'credited-price',
      line,
      documentLine,
      expected: plain(expected),
      found: plain(credited.net),
      tolerance: toleranceInWords(rules.price),
      explanation: `Line ${documentLine} gives back ${plain(credited.net)} for what was invoiced at ${plain(expected)}.`,
    })
  }
  return findings
}
