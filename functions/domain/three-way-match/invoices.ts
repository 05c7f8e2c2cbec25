import Big from 'big.js'
import type { PurchaseOrder, SupplierInvoice } from '#domain/procurement-documents.ts'
import type { Admission } from './admission.ts'
import { type AgreedLine, agreedAmount, inOrderUnit } from './agreed-line.ts'
import { type ResolvedLine, resolveLine } from './billed-line.ts'
import { type ChargedSoFar, chargeExcess, checkCharges, freightOf, surchargeOf } from './charges.ts'
import { type CountedLine, closeDocument, lineResult } from './close-document.ts'
import { type Credit, takesBack } from './credit-notes.ts'
import { checkTotals } from './document-totals.ts'
import type { MatchedDocument } from './match-result.ts'
import { type Finding, worst } from './outcome.ts'
import { checkLineAmount, checkPrice, checkTaxRate, excessOf, plain } from './price.ts'
import { decideQuantity, limitsOf } from './quantity-table.ts'
import { allowedAbove, type MatchRules, toleranceInWords } from './tolerance.ts'

/** An invoice with its outcome, and its lines that count. */
export interface InvoiceMatch {
  readonly invoice: SupplierInvoice
  readonly matched: MatchedDocument
  readonly counted: readonly CountedLine[]
}

/**
 * Each invoice in canonical order. What is invoiced takes up quantities and price credits whether it matched or not:
 * so a wider tolerance for one invoice never takes anything away from another.
 */
export function matchInvoices(
  admissions: readonly Admission<SupplierInvoice>[],
  credit: Credit,
  order: PurchaseOrder,
  agreed: readonly AgreedLine[],
  rules: MatchRules,
) {
  const invoiced = new Map<string, Big>()
  const priceCredit = new Map(credit.price)
  const orderNet = agreed.reduce((total, line) => total.plus(agreedAmount(line, line.ordered)), new Big(0))
  let goods = new Big(0)
  let charged: ChargedSoFar = {
    freight: credit.freight.times(-1),
    surcharge: credit.surcharge.times(-1),
    share: new Big(0),
  }
  return admissions.map(({ document, findings }): InvoiceMatch => {
    const isCounted = findings.length === 0
    const counted: CountedLine[] = []
    let expected = new Big(0)
    let difference = new Big(0)
    const lines = document.lines.map((billed, index) => {
      const line = resolveLine(billed, index, order, agreed)
      if ('finding' in line) return lineResult(line, [line.finding])
      if (!isCounted) return lineResult(line, [])
      const excess = lessCredit(priceCredit, line, excessOf(line, order.currency))
      const own = [
        ...checkQuantity(line, takeUp(invoiced, credit, line), rules),
        ...(takesBack(line) ? [] : checkPrice(line, excess, rules)),
        ...checkLineAmount(line, order.currency),
        ...checkTaxRate(line),
        ...(credit.takenBack.get(billed) ?? []),
      ]
      expected = expected.plus(agreedAmount(line.agreed, line.quantity))
      goods = goods.plus(line.net)
      if (excess.gt(0) && !takesBack(line)) difference = difference.plus(excess)
      counted.push({ line, outcome: worst(own) })
      return lineResult(line, own)
    })
    const closed = (ofDocument: readonly Finding[]): InvoiceMatch => ({
      invoice: document,
      matched: closeDocument(document, lines, ofDocument, order.currency),
      counted,
    })
    if (!isCounted) return closed(findings)
    const after: ChargedSoFar = {
      freight: charged.freight.plus(freightOf(document)),
      surcharge: charged.surcharge.plus(surchargeOf(document)),
      share: shareOf(goods, orderNet),
    }
    const excess = chargeExcess(order, charged, after)
    difference = difference.plus(excess.freight).plus(excess.surcharge)
    const ofDocument = [
      ...checkCharges(order, document, after, rules),
      ...checkDifference(difference, expected, rules),
      ...checkTotals(document, order),
    ]
    charged = after
    return closed(ofDocument)
  })
}

/** Where this line begins and ends among all that is invoiced for its order line. */
function takeUp(invoiced: Map<string, Big>, credit: Credit, line: ResolvedLine) {
  const { number } = line.agreed.line
  const before = invoiced.get(number) ?? (credit.quantity.get(number) ?? new Big(0)).times(-1)
  const after = takesBack(line) ? before : before.plus(line.quantity)
  invoiced.set(number, after)
  return { agreed: line.agreed, before, after }
}

/** The excess above the agreed price, less what credit notes have given back of it. */
function lessCredit(pool: Map<string, Big>, { agreed }: ResolvedLine, excess: Big): Big {
  const left = pool.get(agreed.line.number) ?? new Big(0)
  if (excess.lte(0) || left.lte(0)) return excess
  const used = left.lt(excess) ? left : excess
  pool.set(agreed.line.number, left.minus(used))
  return excess.minus(used)
}

function checkQuantity(
  line: ResolvedLine,
  at: Parameters<typeof decideQuantity>[0],
  rules: MatchRules,
): readonly Finding[] {
  if (line.quantity.lte(0)) return []
  const { agreed, documentLine } = line
  const { outcome, because } = decideQuantity(at, rules)
  if (outcome === 'matched') return []
  const limits = limitsOf(agreed, rules)
  const isOver = outcome === 'over-invoiced'
  const expected = inOrderUnit(agreed, isOver ? agreed.ordered : agreed.kept)
  const found = inOrderUnit(agreed, at.after)
  const unit = agreed.line.unit ? ` ${agreed.line.unit}` : ''
  const most = inOrderUnit(agreed, isOver ? limits.byOrder : limits.byReceipts)
  return [
    {
      outcome,
      rule: 'quantity',
      line: agreed.line.number,
      documentLine,
      expected,
      found,
      tolerance: toleranceInWords(rules.quantity),
      explanation: `With line ${documentLine}, ${found}${unit} of order line ${agreed.line.number} are invoiced; ${expected} are ${isOver ? 'ordered' : 'received'}, and ${most} would be accepted. ${because}`,
    },
  ]
}

/** All differences of one document together, where the policy limits them. */
function checkDifference(difference: Big, expected: Big, { total }: MatchRules): readonly Finding[] {
  if (!total || difference.lte(allowedAbove(total, expected))) return []
  return [
    {
      outcome: 'price-variance',
      rule: 'total',
      line: null,
      documentLine: null,
      expected: plain(expected),
      found: plain(expected.plus(difference)),
      tolerance: toleranceInWords(total),
      explanation: `Together its prices, freight and charges are ${plain(difference)} above what was agreed (${plain(expected)}).`,
    },
  ]
}

function shareOf(part: Big, whole: Big): Big {
  if (whole.lte(0) || part.lte(0)) return new Big(0)
  return part.gte(whole) ? new Big(1) : part.div(whole)
}
