import Big from 'big.js'
import type { BilledLine, PurchaseOrder, SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import type { Admission } from './admission.ts'
import type { AgreedLine } from './agreed-line.ts'
import { type ResolvedLine, resolveLine } from './billed-line.ts'
import { freightOf, surchargeOf } from './charges.ts'
import { type CountedLine, closeDocument, lineResult } from './close-document.ts'
import { checkCredit, checkKeptBack, isPriceOnly } from './credit-checks.ts'
import { checkTotals } from './document-totals.ts'
import type { MatchedDocument } from './match-result.ts'
import { type Finding, worst } from './outcome.ts'
import { checkLineAmount } from './price.ts'
import type { MatchRules } from './tolerance.ts'

/** What is taken off, by order line: quantities in the smallest unit, and amounts that only lower the price. */
export interface Credit {
  readonly quantity: ReadonlyMap<string, Big>
  readonly price: ReadonlyMap<string, Big>
  readonly freight: Big
  readonly surcharge: Big
  /** What speaks against the negative lines of invoices. */
  readonly takenBack: ReadonlyMap<BilledLine, readonly Finding[]>
}

export type IsAccepted = (document: SupplierInvoice | SupplierCreditNote) => boolean

/**
 * Each credit note against what was invoiced, and all of them as what the invoices are lowered by. One that does not
 * match lowers nothing until a person has accepted it: an invoice would be paid on the strength of an empty promise.
 * @param withheld invoices of which what they take back does not count for the same reason
 */
export function matchCreditNotes(
  admissions: readonly Admission<SupplierCreditNote>[],
  invoices: readonly Admission<SupplierInvoice>[],
  order: PurchaseOrder,
  agreed: readonly AgreedLine[],
  rules: MatchRules,
  isAccepted: IsAccepted,
  withheld: ReadonlySet<SupplierInvoice>,
) {
  const billed = linesOf(invoices, order, agreed)
  const invoiced = billed.map(({ line }) => line).filter(({ quantity }) => quantity.gte(0))
  const claimed = poolOf()
  const counting = poolOf()
  const counted: CountedLine[] = []
  const charged = {
    goods: invoiced.reduce((total, { net }) => total.plus(net), new Big(0)),
    surcharge: invoices
      .filter(({ findings }) => findings.length === 0)
      .reduce((total, { document }) => total.plus(surchargeOf(document)), new Big(0)),
  }
  let freight = new Big(0)
  let surcharge = new Big(0)
  const documents = admissions.map(({ document, findings }): MatchedDocument => {
    const resolved = document.lines.map((line, index) => resolveLine(line, index, order, agreed))
    if (findings.length > 0) {
      const lines = resolved.map((line) => lineResult(line, 'finding' in line ? [line.finding] : []))
      return closeDocument(document, lines, findings, order.currency)
    }
    const known = resolved.flatMap((line) => ('finding' in line ? [] : [line]))
    const lines = resolved.map((line) => {
      if ('finding' in line) return lineResult(line, [line.finding])
      const own = [
        ...checkLineAmount(line, order.currency),
        ...checkCredit(line, claimed, invoiced, order.currency, rules),
      ]
      claimed.add(line)
      counted.push({ line, outcome: worst(own) })
      return lineResult(line, own)
    })
    const goods = known.reduce((total, { net }) => total.plus(net), new Big(0))
    const ofDocument = [
      ...checkKeptBack(document, goods, charged, order.currency, rules),
      ...checkTotals(document, order),
    ]
    const closed = closeDocument(document, lines, ofDocument, order.currency)
    if (closed.outcome === 'matched' || isAccepted(document)) {
      known.map(counting.add)
      freight = freight.plus(freightOf(document))
      surcharge = surcharge.plus(surchargeOf(document))
    }
    return closed
  })
  const takenBack = new Map<BilledLine, readonly Finding[]>()
  for (const { line, document } of billed.filter(({ line }) => takesBack(line))) {
    const credited = turned(line)
    const own = checkCredit(credited, claimed, invoiced, order.currency, rules)
    claimed.add(credited)
    takenBack.set(line.billed, own)
    if ((own.length === 0 && !withheld.has(document)) || isAccepted(document)) counting.add(credited)
  }
  const credit: Credit = { quantity: counting.quantity, price: counting.price, freight, surcharge, takenBack }
  return { documents, credit, counted }
}

/** A negative line takes back what another invoiced; it is taken off before, as a credit note is. */
export function takesBack({ quantity, amount }: ResolvedLine): boolean {
  return quantity.lt(0) || (quantity.eq(0) && amount.lt(0))
}

function turned(line: ResolvedLine): ResolvedLine {
  const { quantity, net, amount } = line
  return { ...line, quantity: quantity.times(-1), net: net.times(-1), amount: amount.times(-1) }
}

function poolOf() {
  const quantity = new Map<string, Big>()
  const price = new Map<string, Big>()
  const add = (line: ResolvedLine) => {
    const [pool, amount] = isPriceOnly(line) ? [price, line.amount] : [quantity, line.quantity]
    const { number } = line.agreed.line
    pool.set(number, (pool.get(number) ?? new Big(0)).plus(amount))
  }
  return { quantity, price, add }
}

function linesOf(
  admissions: readonly Admission<SupplierInvoice>[],
  order: PurchaseOrder,
  agreed: readonly AgreedLine[],
) {
  return admissions
    .filter(({ findings }) => findings.length === 0)
    .flatMap(({ document }) =>
      document.lines.map((billed, index) => ({ document, line: resolveLine(billed, index, order, agreed) })),
    )
    .flatMap(({ document, line }) => ('finding' in line ? [] : [{ document, line }]))
}
