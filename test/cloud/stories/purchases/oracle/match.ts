import { compare, type Exact, exact, least, minus, plus, times, total, zero } from '../../oracle/decimal.ts'
import { sumOf } from '../../oracle/prices.ts'
import type { LineQuantity } from '../../story.ts'
import type { BilledLine, Happening, Requisition } from '../story.ts'
import { costOf } from './amounts.ts'

export type Invoice = Extract<Happening, { kind: 'supplier-invoice' }>
export type CreditNote = Extract<Happening, { kind: 'supplier-credit-note' }>

/** What a supplier's document is compared with, as it stands by now. */
export interface Ground {
  readonly order: Requisition
  readonly received: readonly LineQuantity[]
  readonly returned: readonly LineQuantity[]
  /** Nothing more will arrive. */
  readonly isReceived: boolean
  /** In the ERP. */
  readonly invoices: readonly Invoice[]
  readonly creditNotes: readonly CreditNote[]
  /** Told, neither in the ERP nor disputed; a lower number takes up its quantity first. */
  readonly waiting: readonly (Invoice | CreditNote)[]
  /** Whose number the supplier had used before: they count for nothing. */
  readonly duplicates: readonly (Invoice | CreditNote)[]
}

/**
 * `matched` is posted; `missing` waits for goods and asks nobody while some are to come; `variance` asks. The rules of
 * docs/match.md, as far as stories need them, with the tolerances of environments/local-test.json.
 */
export type Verdict = 'matched' | 'missing' | 'variance'

const tolerance = { fraction: exact('0.02'), absolute: exact('1.00') }
const quantityTolerance = { fraction: exact('0.02'), absolute: exact('2') }

export function verdictOf(bill: Invoice | CreditNote, ground: Ground): Verdict {
  if (ground.duplicates.includes(bill)) return 'variance'
  return bill.kind === 'supplier-invoice' ? ofInvoice(bill, ground) : ofCreditNote(bill, ground)
}

function ofInvoice(invoice: Invoice, ground: Ground): Verdict {
  const { order, invoices, waiting } = ground
  const first = waiting.filter(
    (one): one is Invoice =>
      one.kind === 'supplier-invoice' && one.number < invoice.number && !ground.duplicates.includes(one),
  )
  const before = [...invoices, ...first]
  const freight = total([...before, invoice].map((one) => exact(one.freight ?? '0')))
  if (invoice.freight !== undefined && compare(freight, exact(order.freight ?? '0')) > 0) return 'variance'
  const verdicts = invoice.lines.map((line): Verdict => {
    const ordered = order.lines.find(({ number }) => number === line.line)
    if (ordered === undefined || isDearer(line, ordered)) return 'variance'
    return byQuantity(
      line,
      sumOf(
        before.flatMap(({ lines }) => lines),
        line.line,
      ),
      ground,
    )
  })
  return (['variance', 'missing'] as const).find((worst) => verdicts.includes(worst)) ?? 'matched'
}

/** Each unit may cost 2 % more than agreed, but not more than 1.00. */
function isDearer(billed: BilledLine, ordered: Requisition['lines'][number]): boolean {
  const agreed = costOf({ ...ordered, quantity: billed.quantity })
  const allowed = least(times(agreed, tolerance.fraction), times(tolerance.absolute, exact(billed.quantity)))
  return compare(costOf(billed), plus(agreed, allowed)) > 0
}

function byQuantity({ line, quantity }: BilledLine, billedBefore: Exact, ground: Ground): Verdict {
  const credited = sumOf(
    ground.creditNotes.filter(({ of }) => of === 'quantity').flatMap(({ lines }) => lines),
    line,
  )
  const before = minus(billedBefore, credited)
  const after = plus(before, exact(quantity))
  const ordered = sumOf(
    ground.order.lines.map((one) => ({ line: one.number, quantity: one.quantity })),
    line,
  )
  const received = sumOf(ground.received, line)
  const kept = minus(received, sumOf(ground.returned, line))
  if (compare(after, withTolerance(ordered)) > 0) return 'variance'
  // Where nothing is kept there is no tolerance.
  if (compare(after, compare(kept, zero) > 0 ? withTolerance(kept) : kept) <= 0) return 'matched'
  const toCome = minus(least(after, ordered), kept)
  const isOnItsWay = compare(received, ordered) < 0 && compare(toCome, minus(ordered, received)) <= 0
  const isUncovered = compare(kept, before) <= 0 || compare(kept, zero) === 0
  return isOnItsWay && isUncovered && !ground.isReceived ? 'missing' : 'variance'
}

function withTolerance(quantity: Exact): Exact {
  return plus(quantity, least(times(quantity, quantityTolerance.fraction), quantityTolerance.absolute))
}

/** No more is credited than was invoiced, and not for less than it was invoiced or agreed at. */
function ofCreditNote({ of, lines, number }: CreditNote, ground: Ground): Verdict {
  if (of === 'price') return 'matched'
  const told = ground.waiting.filter(
    (one): one is Invoice => one.kind === 'supplier-invoice' && !ground.duplicates.includes(one),
  )
  const invoiced = [...ground.invoices, ...told].flatMap((one) => one.lines)
  const before = ground.creditNotes.filter((one) => one.of === 'quantity' && one.number !== number)
  const isRight = lines.every((line) => {
    const all = sumOf(invoiced, line.line)
    const sum = plus(
      sumOf(
        before.flatMap((one) => one.lines),
        line.line,
      ),
      exact(line.quantity),
    )
    const ordered = ground.order.lines.find((one) => one.number === line.line)
    if (ordered === undefined || compare(sum, all) > 0) return false
    const agreed = costOf({ ...ordered, quantity: line.quantity })
    const paid = total(invoiced.filter((one) => one.line === line.line).map(costOf))
    // Of what was invoiced in all, the part that is credited: compared crosswise, so that nothing is divided.
    const [own, asInvoiced] = [times(costOf(line), all), times(paid, exact(line.quantity))]
    const allowed = least(times(agreed, tolerance.fraction), times(tolerance.absolute, exact(line.quantity)))
    const wanted = least(asInvoiced, times(agreed, all))
    return compare(own, minus(wanted, times(allowed, all))) >= 0
  })
  return isRight ? 'matched' : 'variance'
}
