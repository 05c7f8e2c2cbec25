import jsonata from 'jsonata'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Drill, startDrill } from './drill.ts'
import { itInAnAccount } from './places.ts'

let drill: Drill

beforeAll(async () => {
  drill = await startDrill()
})
afterAll(() => drill.stop())

const input = {
  lines: [
    { sku: 'A', quantity: 2 },
    { sku: 'B', quantity: 3 },
  ],
  empty: [],
  half: 2.5,
  name: 'Ä/ö',
}
/** Where implementations part: singletons, absent values, order, rounding, numbers as text, regular expressions. */
const expressions = [
  '$states.input.lines.quantity',
  '$states.input.lines[sku = "A"].quantity',
  '$sum($states.input.lines.(quantity * 1.5))',
  '$count($states.input.absent)',
  '$exists($states.input.absent)',
  '$merge([$states.input.lines[0], { "kept": true }])',
  '$map($states.input.lines, function($line, $at) { $line.sku & $string($at) })',
  '$sort($states.input.lines, function($a, $b) { $a.quantity < $b.quantity }).sku',
  '$filter($states.input.lines, function($line) { $line.quantity > 2 })',
  '$round($states.input.half)',
  '$string(0.1 + 0.2)',
  '$number("1e3")',
  '$split($states.input.name, "/")',
  '$replace("T-1001", /[^0-9]/, "")',
  '$formatNumber(1234.5, "#,##0.00")',
  '$toMillis("2026-03-01T00:00:00.000Z")',
  '$states.input.lines{sku: $sum(quantity)}',
  '$type($states.input.empty)',
  '$lookup($states.input, "half") ~> $string()',
  '$states.input.absent = "x" ? 1 : 2',
]

const evaluating = (output: unknown) =>
  drill.createMachine({ StartAt: 'Done', States: { Done: { Type: 'Pass', Output: output, End: true } } })

// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
it('evaluates expressions as JSONata 2.0.6 does', async () => {
  const { output } = await drill.run(await evaluating(expressions.map((one) => `{% ${one} %}`)), input)
  const expected = await Promise.all(expressions.map((one) => jsonata(one).evaluate({}, { states: { input } })))
  expect(JSON.parse(String(output))).toEqual(JSON.parse(JSON.stringify(expected)))
})

// The local cloud knows ?? and ?: already; test/topology evaluates the machines with JSONata 2.0.6.
// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (JSONata 2.0.6)
itInAnAccount('knows nothing of what came with JSONata 2.1', async () => {
  const refused = await evaluating('{% $states.input.absent ?? 1 %}').then(
    async (machine) => (await drill.run(machine, input)).status === 'FAILED',
    (error: unknown) => error instanceof Error && error.name === 'InvalidDefinition',
  )
  expect(refused).toBe(true)
})

/** What a machine of one state gives, or the error that it ends by; some definitions are refused at once. */
async function outcome(state: object, more: object = {}): Promise<unknown> {
  const created = await drill
    .createMachine({ StartAt: 'Done', States: { Done: state, ...more } })
    .catch((error: unknown) =>
      error instanceof Error && error.name === 'InvalidDefinition' ? undefined : Promise.reject(error),
    )
  if (created === undefined) return 'States.QueryEvaluationError'
  const { error, output } = await drill.run(created, input)
  return error ?? JSON.parse(String(output))
}

const refusals = [
  ['$eval', '$eval("1 + 1")', 'States.QueryEvaluationError'],
  ['a function', '$sum', 'States.QueryEvaluationError'],
  ['whether a Pass has a result', '$exists($states.result)', false],
  ['whether it has an error', '$exists($states.errorOutput)', false],
  ['the nodes of the context', '$sort($keys($states.context))', ['Execution', 'State', 'StateMachine']],
] as const

// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html ($eval is not supported; reserved $states)
it.each(refusals)('gives, or refuses, %s', async (_, expression, expected) => {
  expect(await outcome({ Type: 'Pass', Output: `{% ${expression} %}`, End: true })).toEqual(expected)
})

const other = { Other: { Type: 'Pass', End: true } } as const

// https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html (a Condition evaluates to true or false)
it.each(['1', '"true"', 'null'])('takes no %s for a condition', async (condition) => {
  const Choices = [{ Condition: `{% ${condition} %}`, Next: 'Other' }]
  expect(await outcome({ Type: 'Choice', Choices, Default: 'Other' }, other)).toBe('States.QueryEvaluationError')
})

// https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html (Output, a field of every state)
it('goes the default way of a Choice with the Output of the state', async () => {
  const Choices = [{ Condition: '{% false %}', Next: 'Other' }]
  expect(await outcome({ Type: 'Choice', Choices, Output: 'default', Default: 'Other' }, other)).toBe('default')
})

// https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html (Timestamp: ISO 8601 with T and an offset)
it.each(['2026-01-01', '2026-01-01T00:00:00'])('does not wait until %s', async (moment) => {
  expect(await outcome({ Type: 'Wait', Timestamp: `{% "${moment}" %}`, End: true })).toBe('States.QueryEvaluationError')
})
