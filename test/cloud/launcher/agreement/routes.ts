import { calling, done, gives, story } from './small-machines.ts'
import { returns } from './story.ts'

const input = { amount: '1.50' }

/** Which way it goes, and when. */
export const routes = [
  story(
    'chooses the first that is true, with its output and its variables',
    () => ({
      Pick: {
        Type: 'Choice',
        Choices: [
          { Condition: "{% $states.input.amount = '2' %}", Next: 'Other' },
          {
            Condition: "{% $states.input.amount = '1.50' %}",
            Assign: { way: 'second' },
            Output: { picked: '{% $states.input.amount %}' },
            Next: 'Done',
          },
          { Condition: '{% true %}', Next: 'Other' },
        ],
        Assign: { way: 'default' },
        Output: 'default',
        Default: 'Other',
      },
      Done: gives({ way: '{% $way %}', input: '{% $states.input %}' }),
      Other: { Type: 'Fail', Error: 'Wrong' },
    }),
    { input },
  ),
  story(
    'goes the default way with the output and the variables of the state',
    () => ({
      Pick: {
        Type: 'Choice',
        Choices: [{ Condition: '{% false %}', Output: 'no', Next: 'Other' }],
        Assign: { way: 'default' },
        Output: { was: '{% $states.input.amount %}' },
        Default: 'Done',
      },
      Done: gives({ way: '{% $way %}', input: '{% $states.input %}' }),
      Other: done,
    }),
    { input },
  ),
  story(
    'ends by Succeed with its output',
    () => ({ Done: { Type: 'Succeed', Output: '{% $states.input.amount %}' } }),
    { input },
  ),
  story(
    'waits for seconds that it is given',
    (name) => ({
      First: calling(name, { End: undefined, Next: 'Wait' }),
      Wait: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', Output: { waited: true }, Next: 'Second' },
      Second: calling(name, {}, { input: '{% $states.input %}' }),
    }),
    {
      script: [
        ['First', returns({ seconds: 2 })],
        ['Second', returns(1)],
      ],
    },
  ),
  story(
    'does not wait for a moment that is past',
    () => ({ Wait: { Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z', End: true } }),
    { input },
  ),
  story(
    'waits no seconds',
    () => ({ Wait: { Type: 'Wait', Seconds: 0, Assign: { a: 1 }, Next: 'Done' }, Done: gives('{% $a %}') }),
    { input },
  ),
  ...[1.5, -1, '"2"', 'null'].map((seconds) =>
    story(`cannot wait ${seconds} seconds`, () => ({ Wait: { Type: 'Wait', Seconds: `{% ${seconds} %}`, End: true } })),
  ),
  ...['"tomorrow"', '5', '"2020-01-01"', '"2020-01-01T00:00:00"'].map((moment) =>
    story(`cannot wait until ${moment}`, () => ({ Wait: { Type: 'Wait', Timestamp: `{% ${moment} %}`, End: true } })),
  ),
]
