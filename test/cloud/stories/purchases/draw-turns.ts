import type { LineQuantity } from '../story.ts'
import { drawCreditNote, drawInvoice, type Priced, type Supplier } from './draw-bills.ts'
import { type Arrivals, added, drawReturn } from './draw-goods.ts'
import type { CreditNote, Invoice } from './oracle/match.ts'
import type { Happening, Requisition } from './story.ts'

/** What the supplier asks for, and what goes back. */
export interface Turns {
  readonly title: string
  /** With the requisition, with the first goods, and then act by act. */
  readonly early: readonly Happening[]
  readonly withGoods: readonly Happening[]
  readonly afterwards: readonly (readonly Happening[])[]
}

/** How what is here is billed. */
const ways = [
  ...(['as agreed', 'as agreed', 'as agreed', 'by receipt', 'by receipt', 'within tolerance', 'lower'] as const),
  ...(['accepted', 'disputed', 'overbilled', 'a little more', 'a little more', 'twice', 'never'] as const),
]
type Way = (typeof ways)[number]
const places = ['early', 'with goods', 'with goods', 'afterwards', 'afterwards'] as const

/** @param isAfterwards nothing is billed before its turn, since the purchase must not be at its end then */
export function drawTurns(supplier: Supplier, goods: Arrivals, isAfterwards: boolean): Turns {
  const { random, number } = supplier
  const here = goods.parts.reduce<readonly LineQuantity[]>((sum, part) => added(sum, part), [])
  const back = random.chance(0.35) ? drawReturn(random, `RET-${number}-1`, here) : undefined
  const isBackFirst = back !== undefined && random.chance(0.5)
  // What goes back before the invoice is billed all the same, or not; what goes back afterwards was billed.
  const isBilledWhole = !isBackFirst || random.chance(0.4)
  const billed = isBilledWhole ? here : added(here, back.lines, -1)
  const isOver = billed.some((one, index) => one.quantity !== asOrdered(supplier.order, billed)[index]?.quantity)
  const way = random.pick(ways)
  const dueInDays = random.pick([0, 0, 0, 0, -3, 30] as const)
  const [invoices, corrected] = drawInvoices({ ...supplier, dueInDays }, way, billed, isOver || back ? [] : goods.parts)
  const credits = drawCredits(supplier, way, billed, isBilledWhole ? back?.lines : undefined)
  const returning = back ? [back.happening] : []
  // What waits for a person or for a credit note is alone, so that it holds up no payment whose turn nobody can foresee.
  const isPlain = !['accepted', 'disputed', 'overbilled', 'a little more'].includes(way) && !isOver
  const mayBe = isBackFirst || isAfterwards ? [] : isPlain ? places : goods.rest.length === 0 ? places.slice(1) : []
  const place = random.pick(mayBe.length === 0 ? (['afterwards'] as const) : mayBe)
  const isWithReturn = !isBackFirst && random.chance(0.5)
  return {
    title: [
      `billed ${way} ${place}`,
      ...(back ? [isBackFirst ? 'sent back before' : 'sent back after'] : []),
      ...credits.flat().map((one) => `credited ${one.answer ?? one.of}`),
      ...(dueInDays > 0 ? ['not due'] : []),
    ].join(', '),
    early: place === 'early' ? invoices : [],
    withGoods: place === 'with goods' ? invoices : [],
    afterwards: [
      ...(isBackFirst ? [returning] : []),
      place === 'afterwards' ? invoices : [],
      corrected,
      ...(isBackFirst
        ? credits
        : isWithReturn
          ? [[...returning, ...(credits[0] ?? [])], ...credits.slice(1)]
          : [returning, ...credits]),
    ],
  }
}

/** Never more than was ordered. */
function asOrdered({ lines }: Requisition, quantities: readonly LineQuantity[]): readonly LineQuantity[] {
  const ordered = (line: string) => Number(lines.find((one) => one.number === line)?.quantity ?? '0')
  return quantities.map((one) => ({ ...one, quantity: String(Math.min(Number(one.quantity), ordered(one.line))) }))
}

function withMore([first, ...others]: readonly LineQuantity[], more: number): readonly LineQuantity[] {
  return first === undefined ? [] : [{ ...first, quantity: String(Number(first.quantity) + more) }, ...others]
}

/** What comes first, and what comes after a person has looked at that. */
function drawInvoices(
  supplier: Supplier & Pick<Invoice, 'dueInDays'>,
  way: Way,
  billed: readonly LineQuantity[],
  parts: Arrivals['parts'],
): readonly [readonly Invoice[], readonly Invoice[]] {
  const { random, number, order, dueInDays } = supplier
  if (billed.length === 0) return [[], []]
  const freight = random.chance(0.8) ? order.freight : undefined
  const right = asOrdered(order, billed)
  const isMore = billed.some((one, index) => one.quantity !== right[index]?.quantity)
  const invoice = (index: number, of: readonly LineQuantity[], priced: Priced, answer?: Invoice['answer']) =>
    drawInvoice(supplier, `INV-${number}-${index}`, of, {
      ...{
        dueInDays,
        priced,
        answer,
        freight: index === 1 || way === 'disputed' || way === 'overbilled' ? freight : undefined,
      },
    })
  switch (way) {
    case 'as agreed':
      // Of a receipt over what was ordered somebody may want to keep, and pay, the surplus.
      return [[isMore && random.chance(0.5) ? invoice(1, billed, 'agreed', 'accept') : invoice(1, right, 'agreed')], []]
    case 'by receipt':
      return [
        parts.length > 0
          ? parts.map((part, index) => invoice(index + 1, part, 'agreed'))
          : [invoice(1, right, 'agreed')],
        [],
      ]
    case 'within tolerance':
    case 'lower':
      return [[invoice(1, right, way)], []]
    case 'accepted':
      return [[invoice(1, right, 'dearer', 'accept')], []]
    case 'disputed':
      return [[invoice(1, right, 'dearer', 'dispute')], [invoice(2, right, 'agreed')]]
    case 'overbilled':
      return [[invoice(1, withMore(billed, 5), 'agreed', 'dispute')], [invoice(2, right, 'agreed')]]
    case 'a little more':
      // Of many pieces within the tolerance, of few not.
      return [[invoice(1, withMore(billed, random.integer(1, 2)), 'agreed', 'accept')], []]
    case 'twice': {
      const again = invoice(1, right, 'agreed', 'dispute')
      return [[invoice(1, right, 'agreed')], [{ ...again, number: again.number.toLowerCase().replaceAll('-', ' ') }]]
    }
    case 'never':
      return [[], []]
  }
}

/** For what went back; a part of a price; and one that is over more than was ever billed. Each has an act of its own. */
function drawCredits(
  supplier: Supplier,
  way: Way,
  billed: readonly LineQuantity[],
  back: readonly LineQuantity[] | undefined,
): readonly (readonly CreditNote[])[] {
  const { random, number } = supplier
  const credit = (index: number, of: readonly LineQuantity[], how: Pick<CreditNote, 'of' | 'answer'>) => [
    drawCreditNote(supplier, `CN-${number}-${index}`, of, how),
  ]
  const first = billed.slice(0, 1)
  const isBilled = way !== 'never' && first.length > 0
  const tooMuch = first.map((one) => ({ ...one, quantity: '9999' }))
  return [
    back !== undefined && random.chance(0.8) ? credit(1, back, { of: 'quantity' }) : [],
    isBilled && random.chance(0.12) ? credit(2, first, { of: 'price' }) : [],
    isBilled && random.chance(0.08) ? credit(3, tooMuch, { of: 'quantity', answer: 'dispute' }) : [],
  ]
}
