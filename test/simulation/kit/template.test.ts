import jsonata from 'jsonata'
import { describe, expect, it } from 'vitest'
import { compileTemplate } from '../machine/template.ts'

const sources = [
  '$states.input.a',
  "$states.input.a = 'x'",
  "$states.input.{ 'k': a, 'other': b }",
  "$states.input.a.{ 'k': a }",
  "$states.input.{ 'k': a, 'k': b }",
  "$states.input.{ 'k': a & 'x' }",
  "{ 'm': { 'id': $states.input.a & '/' & $states.input.b, 'c': 1 }, 'd': $states.input }",
  "{ 'm': $states.input.missing, 'd': $states.input.a.a }",
  "$exists($states.input.a) and $not($states.input.a.a = 'x') ? $states.input.a : null",
  '$exists($states.input.a)',
  '$exists($states.input.a.a.a)',
  '$not($states.input.b)',
  '$states.input.b = 0 and $exists($states.input.b)',
  '$states.input.a = $states.input.b',
  '$states.input.missing = $states.input.absent',
  '$states.input.a[0]',
  '$states.input.a[a = 1].a',
  '$states.input{a: b}',
  '$exists(a)',
  "a & 'x'",
  "$merge([$states.input, { 'k': true }])",
]
const inputs: readonly unknown[] = [
  { a: 'x', b: 1 },
  { a: { a: 'x', b: [1] }, b: false },
  { a: [{ a: 1 }, { a: 2 }], b: 'x' },
  { a: ['x'] },
  { a: null, b: null },
  { b: 0 },
  [{ a: 'x' }],
  'x',
]

async function outcomeOf(work: () => unknown): Promise<unknown> {
  try {
    return { value: await work() }
  } catch {
    return 'failed'
  }
}

describe('an expression of a machine', () => {
  it.each(sources)('says what JSONata says, also where it is not asked: %s', async (source) => {
    for (const input of inputs) {
      const states = { input }
      const short = await outcomeOf(() =>
        compileTemplate(`{% ${source} %}`, 'Arguments')({ states, variables: {}, library: {} }),
      )
      const long = await outcomeOf(async () => {
        const result: unknown = await jsonata(source).evaluate(undefined, { states })
        if (result === undefined) throw new Error('nothing')
        return JSON.parse(JSON.stringify(result))
      })
      expect({ input, outcome: short }).toEqual({ input, outcome: long })
    }
  })
})
