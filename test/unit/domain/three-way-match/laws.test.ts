import Big from 'big.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type * as z from 'zod'
import { matchThreeWay } from '#domain/three-way-match/match.ts'
import { MatchInput } from '#domain/three-way-match/match-input.ts'

type Input = z.input<typeof MatchInput>
type Policy = NonNullable<Input['tolerances']>

const cents = (most: number) => fc.integer({ min: 0, max: most }).map((value) => (value / 100).toFixed(2))
const quantity = fc.integer({ min: 1, max: 12 }).map(String)
/** Now and then a line that takes back. */
const signed = fc.oneof(
  { weight: 5, arbitrary: quantity },
  { weight: 1, arbitrary: quantity.map((text) => `-${text}`) },
)
/** What a supplier could ask for besides lines, so that it is paid more. */
const besides = {
  rounding: fc.constantFrom('0', '0', '0.40', '80.00', '-80.00'),
  prepaid: fc.constantFrom('0', '0', '-50.00'),
  allowances: fc.constantFrom('0', '0', '2.00').map((amount) => [{ amount }]),
}
const lineNumber = fc.constantFrom('1', '2', '3', '9')
const day = fc.integer({ min: 1, max: 28 }).map((value) => `2026-11-${String(value).padStart(2, '0')}`)
const tolerance = fc.record({ absolute: cents(300), percent: cents(3000) })
const agreedPrices: Readonly<Record<string, string>> = { '1': '10.00', '2': '3.33', '3': '0.07' }
/** Mostly the agreed price, and now and then another one. */
const priceOf = (line: string) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(agreedPrices[line] ?? '1.00') }, { weight: 1, arbitrary: cents(1200) })

const moved = fc.record({ line: lineNumber, quantity })
const goods = (prefix: string, most: number) =>
  fc
    .array(fc.array(moved, { minLength: 1, maxLength: 3 }), { maxLength: most })
    .map((documents) => documents.map((lines, index) => ({ number: `${prefix}${index}`, lines })))
const billed = lineNumber.chain((line) =>
  fc.record({
    line: fc.constant(line),
    quantity: signed,
    unitPrice: priceOf(line),
    discount: fc.constantFrom('0', '0.05'),
  }),
)
const invoice = fc.record({
  number: fc.integer({ min: 1, max: 30 }).map((value) => `INV-${value}`),
  issuedOn: day,
  currency: fc.oneof({ weight: 9, arbitrary: fc.constant('EUR') }, { weight: 1, arbitrary: fc.constant('USD') }),
  freight: fc.constantFrom('0', '4.90'),
  lines: fc.array(billed, { minLength: 1, maxLength: 4 }),
  ...besides,
})
const creditNote = fc.record({
  number: fc.integer({ min: 1, max: 30 }).map((value) => `CN-${value}`),
  issuedOn: day,
  lines: fc.array(
    fc
      .constantFrom('1', '2', '3')
      .chain((line) => fc.record({ line: fc.constant(line), quantity, unitPrice: priceOf(line) })),
    { minLength: 1, maxLength: 2 },
  ),
  ...besides,
})
const policy = fc.record({ quantity: tolerance, price: tolerance, freight: tolerance })
const input: fc.Arbitrary<Input> = fc.record({
  order: fc.constant({
    number: 'PO1',
    supplier: 'S1',
    currency: 'EUR',
    freight: '4.90',
    lines: ['1', '2', '3'].map((number) => ({ number, quantity: '12', unitPrice: agreedPrices[number] ?? '0' })),
  }),
  receipts: goods('R', 4),
  returns: goods('T', 1),
  invoices: fc.array(invoice, { maxLength: 5 }),
  creditNotes: fc.array(creditNote, { maxLength: 2 }),
  tolerances: policy,
})

const match = (given: Input) => matchThreeWay(MatchInput.parse(given))
const shuffled = <T>(list: readonly T[] | undefined) =>
  fc.shuffledSubarray([...(list ?? [])], { minLength: list?.length ?? 0 })

/** A tolerance that allows at least as much of the same kinds. */
function widened(given: Policy, by: { readonly absolute: string; readonly percent: string }): Policy {
  const wider = (limits: Policy['quantity']) => ({
    absolute: new Big(limits?.absolute ?? '0').plus(by.absolute).toFixed(),
    percent: new Big(limits?.percent ?? '0').plus(by.percent).toFixed(),
  })
  return { ...given, quantity: wider(given.quantity), price: wider(given.price), freight: wider(given.freight) }
}

const least = (absolute: string | undefined, percent: string | undefined, of: Big) => {
  const part = of.times(percent ?? '0').div(100)
  return new Big(absolute ?? '0').lt(part) ? new Big(absolute ?? '0') : part
}

/** The lines of all invoices for an order line: those that bill, or those that take back. */
const invoicedLines = (given: Input, number: string, bills: boolean) =>
  (given.invoices ?? [])
    .flatMap(({ lines }) => lines)
    .filter(({ line, quantity = '0' }) => line === number && new Big(quantity).gt(0) === bills)

/** What is taken back may have been approved at the dearest price, and be given back at the average of what was invoiced. */
function lostByTakingBack(given: Input, number: string, credited: string, agreed: Big, tolerance: Big): Big {
  const quantity = invoicedLines(given, number, false).reduce(
    (total, line) => total.minus(line.quantity ?? '0'),
    new Big(credited),
  )
  const prices = invoicedLines(given, number, true).map((line) =>
    new Big(line.unitPrice ?? '0').times(new Big(1).minus(line.discount ?? '0')),
  )
  const cheapest = prices.reduce((least, price) => (price.lt(least) ? price : least), agreed)
  return quantity.times(agreed.minus(cheapest).plus(tolerance.times(2)))
}

describe('the match', () => {
  it('is the same for every order of the documents', () => {
    const withShuffle = input.chain((given) =>
      fc.record({
        given: fc.constant(given),
        other: fc
          .tuple(
            shuffled(given.receipts),
            shuffled(given.returns),
            shuffled(given.invoices),
            shuffled(given.creditNotes),
          )
          .map(([receipts, returns, invoices, creditNotes]) => ({
            ...given,
            receipts,
            returns,
            invoices,
            creditNotes,
          })),
      }),
    )
    fc.assert(
      fc.property(withShuffle, ({ given, other }) => {
        expect(match(other)).toEqual(match(given))
      }),
    )
  })

  it('never approves more than received × agreed price and the tolerances, by line and in total', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { lines, totals, invoices, creditNotes } = match(given)
        const freight = given.tolerances?.freight
        let most = new Big('4.90').plus(least(freight?.absolute, freight?.percent, new Big('4.90')))
        for (const line of lines) {
          const received = new Big(line.received).minus(line.returned)
          const kept = received.lt(0) ? new Big(0) : received
          const { quantity, price } = given.tolerances ?? {}
          const extra = kept.eq(0) ? new Big(0) : least(quantity?.absolute, quantity?.percent, kept)
          const agreed = new Big(agreedPrices[line.line] ?? '0')
          const tolerance = least(price?.absolute, price?.percent, agreed)
          const dearest = agreed.plus(tolerance)
          const back = lostByTakingBack(given, line.line, line.credited, agreed, tolerance)
          const bound = kept.plus(extra).times(dearest).plus(back).plus('0.25')
          expect(new Big(line.matchedQuantity).lte(kept.plus(extra).plus('0.000001'))).toBe(true)
          expect(new Big(line.matchedAmount).lte(bound)).toBe(true)
          most = most.plus(bound)
        }
        expect(new Big(totals.matched).lte(most)).toBe(true)
        // A rounding of each document, of less than one euro.
        expect(new Big(totals.payable).lte(most.plus(invoices.length + creditNotes.length))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('never loses a match by a wider tolerance', () => {
    fc.assert(
      fc.property(input, tolerance, (given, by) => {
        const narrow = match(given)
        const wide = match({ ...given, tolerances: widened(given.tolerances ?? {}, by) })
        for (const [at, invoice] of narrow.invoices.entries()) {
          if (invoice.outcome === 'matched') expect(wide.invoices[at]?.outcome).toBe('matched')
          for (const [index, line] of invoice.lines.entries()) {
            if (line.outcome === 'matched') expect(wide.invoices[at]?.lines[index]?.outcome).toBe('matched')
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('pays nothing for what is not matched, and never in part', () => {
    fc.assert(
      fc.property(input, (given) => {
        for (const { outcome, payable } of match(given).invoices) {
          if (outcome !== 'matched') expect(payable).toBe('0.00')
        }
      }),
    )
  })

  it('counts exactly: ten times 0.1 at 0.1 is 0.1, not a float', () => {
    const tenth = { line: '1', quantity: '0.1', unitPrice: '0.1' }
    const result = match({
      order: {
        number: 'PO1',
        supplier: 'S1',
        currency: 'EUR',
        lines: [{ number: '1', quantity: '1', unitPrice: '0.1' }],
      },
      receipts: [{ number: 'R1', lines: [{ line: '1', quantity: '1' }] }],
      invoices: [{ number: 'INV-1', lines: Array.from({ length: 10 }, () => ({ ...tenth, amount: '0.01' })) }],
    })
    expect(result.outcome).toBe('matched')
    expect(result.totals.matched).toBe('0.10')
  })
})
