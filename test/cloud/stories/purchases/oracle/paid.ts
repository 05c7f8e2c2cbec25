import { compare, type Exact, exact, fixed, least, minus, plus, total, zero } from '../../oracle/decimal.ts'
import type { Told } from '../../oracle/told.ts'
import { currencies, type PurchaseStory } from '../story.ts'
import { grossOf } from './amounts.ts'
import type { Rest } from './billed.ts'
import type { CreditNote, Invoice } from './match.ts'

/** What was paid, and what is open of each document at the end. */
export interface Paid {
  readonly payments: readonly Exact[]
  readonly open: ReadonlyMap<string, Exact>
  readonly openCredit: Exact
  readonly wrong: readonly string[]
}

/**
 * An invoice that is due is paid when its act has come to rest, unless a document is in variance; credit notes come first.
 * When a credit note comes in the same act as what is due, only the hub knows which was there first: there the payment
 * that it told of is believed, within what may be.
 */
export function paidOf(
  { currency }: Pick<PurchaseStory, 'currency'>,
  rests: readonly Rest[],
  told: readonly Told[],
): Paid {
  const { digits } = currencies[currency]
  const text = (amount: Exact) => fixed(amount, digits)
  const open = new Map<string, Exact>()
  const payments: Exact[] = []
  const wrong: string[] = []
  const invoices: Invoice[] = []
  let credit = zero
  for (const { posted, isBlocked } of rests) {
    const creditBefore = credit
    for (const one of posted.filter(isInvoice)) {
      invoices.push(one)
      open.set(one.number, grossOf(one, digits))
    }
    credit = plus(credit, total(posted.filter(isCreditNote).map((one) => grossOf(one, digits))))
    const openNow = invoices.filter(({ number }) => compare(open.get(number) ?? zero, zero) > 0)
    const due = isBlocked ? [] : openNow.filter(({ dueInDays }) => dueInDays <= 0)
    const sumOf = (of: readonly Invoice[]) => total(of.map(({ number }) => open.get(number) ?? zero))
    const [most, all] = [sumOf(due), sumOf(openNow)]
    const isCertain = compare(credit, zero) === 0
    let paid = zero
    for (const { number } of due) {
      const asked = open.get(number) ?? zero
      const amount = isCertain ? asked : least(asked, toldPayment(number, told))
      payments.push(amount)
      paid = plus(paid, amount)
      // What was not paid, a credit note has settled.
      open.set(number, zero)
    }
    const taken = minus(most, paid)
    if (compare(taken, credit) > 0)
      wrong.push(`${text(paid)} were paid of ${text(most)} that were due, with a credit of ${text(credit)}`)
    if (due.length === openNow.length && compare(taken, least(creditBefore, all)) < 0)
      wrong.push(`${text(paid)} were paid although there was a credit of ${text(creditBefore)}`)
    credit = minus(credit, taken)
    for (const { number } of [...openNow].sort((one, other) => (one.number < other.number ? -1 : 1))) {
      const used = least(credit, open.get(number) ?? zero)
      open.set(number, minus(open.get(number) ?? zero, used))
      credit = minus(credit, used)
    }
  }
  return { payments: payments.filter((one) => compare(one, zero) !== 0), open, openCredit: credit, wrong }
}

/** Told under the number of the step: `supplier-invoice/INV-1/0+220.8`. */
function toldPayment(invoice: string, told: readonly Told[]): Exact {
  const own = told.filter(
    ({ type, about }) => type === 'SupplierPaymentPosted' && about.startsWith(`supplier-invoice/${invoice}/`),
  )
  return total(own.map(({ about }) => exact(about.slice(about.lastIndexOf('+') + 1))))
}

function isInvoice(one: Invoice | CreditNote): one is Invoice {
  return one.kind === 'supplier-invoice'
}

function isCreditNote(one: Invoice | CreditNote): one is CreditNote {
  return one.kind === 'supplier-credit-note'
}
