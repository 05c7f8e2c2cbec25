import { describe, expect, it } from 'vitest'
import { daysOfSourceFile } from '#domain/reconciliation/source-file-name.ts'

const day = (text: string) => Date.parse(`${text}T00:00:00Z`)

describe("the name of a source's file", () => {
  it.each([
    ['2026-11-24/orders.csv', '2026-11-24', '2026-11-25'],
    ['2026-11-01_2026-11-30/shop orders (2).jsonl', '2026-11-01', '2026-12-01'],
  ])('%s says for which days it is whole', (name, since, until) => {
    expect(daysOfSourceFile(name)).toEqual({ sinceMs: day(since), untilMs: day(until) })
  })

  it.each([
    'orders.csv',
    '2026-11-31/orders.csv',
    '2026-11-24/orders.xlsx',
    '2026-11-24_2026-11-23/orders.csv',
    '2026-11-24/shop/orders.csv',
    '24.11.2026/orders.csv',
  ])('%s is refused, with the rule', (name) => {
    expect(() => daysOfSourceFile(name)).toThrow(`such as 2026-11-24/orders.csv or`)
    expect(() => daysOfSourceFile(name)).toThrow(`(was "${name}")`)
  })
})
