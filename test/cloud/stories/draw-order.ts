import type { Random } from '../../simulation/random.ts'
import { cents } from './oracle/decimal.ts'
import { orderTotal } from './oracle/prices.ts'
import type { OrderVersion, StoryLine, TaxCode } from './story.ts'

const prices = {
  P01: '14.90',
  P02: '9.80',
  P03: '12.50',
  P04: '79.00',
  P05: '11.70',
  P06: '34.00',
  P07: '49.95',
  P08: '27.35',
  P09: '18.33',
} as const

/** Discounts that need a third or a fourth digit after the point, besides those that need none. */
const discounts = ['0.05', '0.1', '0.15', '0.125', '0.33'] as const
const taxCodes = ['standard', 'standard', 'standard', 'reduced', 'reduced', 'zero', 'none'] as const

export function drawTaxCode(random: Random): TaxCode | undefined {
  const taxCode = random.pick(taxCodes)
  return taxCode === 'none' ? undefined : taxCode
}

export function drawOrder(random: Random): OrderVersion {
  const items = Object.entries(prices)
  const first = random.integer(0, items.length - 1)
  const lines = Array.from({ length: random.integer(1, 3) }, (_, index): StoryLine => {
    // Different items, but for one story in eight, where two lines are of the same.
    const [item, unitPrice] = items[random.chance(0.12) ? first : (first + index) % items.length] ?? ['P01', '14.90']
    const taxCode = drawTaxCode(random)
    return {
      number: String((index + 1) * 10),
      item,
      quantity: String(random.integer(1, 9)),
      unitPrice,
      ...(random.chance(0.4) && { discount: random.pick(discounts) }),
      ...(taxCode && { taxCode }),
    }
  })
  const freightTaxCode = drawTaxCode(random)
  const freight = random.chance(0.6) && {
    freight: random.pick(['4.90', '6.50', '12.35']),
    ...(freightTaxCode && { freightTaxCode }),
  }
  return { version: 1, lines, ...freight }
}

/** A newer version: other quantities and prices, perhaps a line more. The total is another one than any before. */
export function drawChange(random: Random, before: readonly OrderVersion[], version: number): OrderVersion {
  const totals = before.map((one) => cents(orderTotal(one)))
  const [last] = before.slice(-1)
  if (last === undefined) throw new Error('Only an order that is there can be changed')
  for (;;) {
    const lines = last.lines.map((line): StoryLine => {
      if (!random.chance(0.6)) return line
      const quantity = String(Math.max(1, Number(line.quantity) + random.integer(-3, 3)))
      return { ...line, quantity, ...(random.chance(0.3) && { discount: random.pick(discounts) }) }
    })
    const more: StoryLine = { number: String(90 + version), item: 'P06', quantity: '2', unitPrice: '34.00' }
    const changed = { ...last, version, lines: random.chance(0.3) ? [...lines, more] : lines }
    if (!totals.includes(cents(orderTotal(changed)))) return changed
  }
}
