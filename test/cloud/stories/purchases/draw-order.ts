import type { Random } from '../../../simulation/random.ts'
import { type Exact, exact, fixed, plain, plus, rounded, times } from '../oracle/decimal.ts'
import { type Currency, currencies, type OrderedLine, type Requisition } from './story.ts'

/** Prices of the seed's items, some with more digits than a cent has. */
const prices = {
  P01: '7.45',
  P02: '4.90',
  P03: '6.25',
  P04: '39.50',
  P05: '4.165',
  P06: '17.00',
  P07: '24.975',
  P08: '13.67',
  P09: '9.1666',
} as const

const cents = ['4.90', '12.00', '7.35'] as const
const freights = { EUR: cents, USD: cents, JPY: ['700'], KWD: ['1.235'] } as const

const rates = ['20', '20', '20', '5', '5', '0'] as const

/** One to three lines; `isLarge`: over more than may be ordered alone. */
export function drawOrder(random: Random, currency: Currency, isLarge: boolean): Requisition {
  const items = Object.entries(prices)
  const first = random.integer(0, items.length - 1)
  const lines = Array.from({ length: random.integer(1, 3) }, (_, index): OrderedLine => {
    // Different items, but for one story in eight, where two lines are of the same.
    const [item, price] = items[random.chance(0.12) ? first : (first + index) % items.length] ?? ['P01', '7.45']
    return {
      number: String((index + 1) * 10),
      item,
      quantity: String(random.integer(2, 9) * (isLarge ? 20 : 1)),
      unitPrice: priceIn(currency, exact(price), isLarge),
      ...(random.chance(0.2) && { discount: random.pick(['0.05', '0.1', '0.125']) }),
      taxRate: random.pick(rates),
    }
  })
  const freight = random.pick(freights[currency])
  return { version: 1, lines, ...(random.chance(0.35) && { freight }) }
}

/** Yen come whole and dinars in thousandths, but for a tenth of those in prices by the piece. */
function priceIn(currency: Currency, price: Exact, isLarge: boolean): string {
  const factor = { EUR: '1', USD: '1', JPY: '100.1', KWD: '0.3451' }[currency]
  const amount = factor === '1' ? price : rounded(times(price, exact(factor)), currencies[currency].digits + 1, 'even')
  return isLarge ? fixed(times(amount, exact('4')), currencies[currency].digits) : plain(amount)
}

/** A newer version: more of some lines, perhaps a line more. What was drawn for the one before still fits it. */
export function drawChange(random: Random, { lines, ...before }: Requisition): Requisition {
  const more = lines.map((line, index): OrderedLine => {
    const by = index === 0 ? random.integer(1, 3) : random.integer(0, 2)
    return { ...line, quantity: fixed(plus(exact(line.quantity), exact(String(by))), 0) }
  })
  const added: OrderedLine = { number: '90', item: 'P06', quantity: '2', unitPrice: '17.00', taxRate: '20' }
  return { ...before, version: before.version + 1, lines: random.chance(0.3) ? [...more, added] : more }
}
