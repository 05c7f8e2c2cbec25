import { calling, gives, story } from './small-machines.ts'
import { returns } from './story.ts'

const input = {
  lines: [
    { sku: 'A', quantity: 2 },
    { sku: 'Ä', quantity: 3 },
  ],
  one: [7],
  none: [],
  nothing: null,
  flag: false,
  amount: '1.50',
}

const expressions = [
  '$states.input.lines.sku',
  '$states.input.lines[0]',
  '$states.input.one',
  '$states.input.none',
  '$states.input.nothing',
  '$states.input.flag',
  '$states.input.lines[quantity > 2].sku',
  '$count($states.input.absent)',
  "$states.input.amount & ' EUR'",
  '{ "kept": $states.input.absent, "amount": $number($states.input.amount) }',
  '[$states.input.lines.quantity, null]',
  '1 / 3',
  '1e21',
  '100',
  '$exists($states.result)',
  '$exists($states.errorOutput)',
  '$exists($states.context.Task)',
  '$states.context.State.RetryCount',
  '$sort($keys($states.context))',
  '$sort($keys($states.context.Execution))',
  '$sort($keys($states.context.State))',
  '$sort($keys($states.context.StateMachine))',
  '$states.context.Execution.Input.amount',
  '$merge([$states.context.Execution.Input, {"askedBefore": true}])',
  '$not($states.input.absent)',
  '$states.input.lines.{"sku": sku}',
  '$parse("[1,2]")',
  '$range(0, 6, 2)',
  '$partition([1, 2, 3], 2)',
  '$hash("a", "SHA-256")',
  '$string({"a": [1.50, null]})',
  '$sum($states.input.lines.quantity)',
  '$uppercase($states.input.lines[1].sku)',
  '"Ä" < "B"',
  '$formatNumber(1234.5, "#,##0.00")',
]

export const values = [
  ...expressions.map((expression) =>
    story(`gives ${expression}`, () => ({ Done: gives(`{% ${expression} %}`) }), { input }),
  ),
  ...[
    ['what is not there', '$states.input.absent'],
    ['what cannot be added', '1 + "a"'],
    ['an unknown function', '$nosuch(1)'],
    ['a variable that nobody assigned', '$absent'],
    ['$eval', '$eval("1")'],
    ['a function', '$sum'],
  ].map(([what, expression]) => story(`fails by ${what}`, () => ({ Done: gives(`{% ${expression} %}`) }), { input })),
  story(
    'gives what is no expression as it is',
    () => ({
      Done: gives({
        text: 'plain',
        number: 1.5,
        list: [null, '{% 1 + 1 %}', { deep: '{% $states.input.flag %}' }],
        open: '{% 1',
        brace: '{%1%}',
      }),
    }),
    { input },
  ),
  story('assigns from what was before, and gives what was before', () => ({
    First: { Type: 'Pass', Assign: { a: 1, b: { list: [2] }, nothing: null }, Next: 'Second' },
    Second: {
      Type: 'Pass',
      Assign: { a: '{% $b.list[0] %}', b: '{% $a %}' },
      Output: { a: '{% $a %}', nothing: '{% $nothing %}' },
      Next: 'Third',
    },
    Third: gives({ a: '{% $a %}', b: '{% $b %}', input: '{% $states.input %}' }),
  })),
  story(
    'assigns what a Lambda gave, and hands variables to the next',
    (name) => ({
      First: calling(name, {
        Assign: { got: '{% $states.result.Payload.number %}', status: '{% $states.result.StatusCode %}' },
        Output: { kept: '{% $states.input.amount %}' },
        End: undefined,
        Next: 'Second',
      }),
      Second: calling(name, {}, { got: '{% $got %}', status: '{% $status %}', input: '{% $states.input %}' }),
    }),
    {
      input,
      script: [
        ['First', returns({ number: 'DN-1' })],
        ['Second', returns(null)],
      ],
    },
  ),
  story('a Lambda that returns nothing gives null', (name) => ({ Step: calling(name) }), { script: [['Step', {}]] }),
  story('a Lambda that returns a text gives the text', (name) => ({ Step: calling(name) }), {
    script: [['Step', returns('{"not": "read"}')]],
  }),
  story(
    'gives the input of a state without Output, a Task its result',
    (name) => ({
      Pass: { Type: 'Pass', Next: 'Step' },
      Step: calling(name, {
        Output:
          '{% $sort($keys($states.result))[$ != "ExecutedVersion" and $ != "SdkHttpMetadata" and $ != "SdkResponseMetadata"] %}',
      }),
    }),
    { input, script: [['Step', returns(1)]] },
  ),
]
