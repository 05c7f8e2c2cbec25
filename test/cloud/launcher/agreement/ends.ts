import { caught, caughtBy, done, story } from './small-machines.ts'

/** States that end an execution by themselves. */
export const ends = [
  story('is as a Fail state says', () => ({ Done: { Type: 'Fail', Error: 'Refused', Cause: 'Credit' } }), {
    redrives: 1,
  }),
  story(
    'is as the expressions of a Fail state say',
    () => ({
      Done: { Type: 'Fail', Error: "{% $states.input.number & 'Refused' %}", Cause: '{% $string($states.input) %}' },
    }),
    { input: { number: 'N-1' } },
  ),
  story('a Fail state whose expression is none', () => ({
    Done: { Type: 'Fail', Error: '{% $states.input.absent %}', Cause: 'Credit' },
  })),
  story('a Fail state whose error is no text', () => ({ Done: { Type: 'Fail', Error: '{% 5 %}', Cause: 'Credit' } })),
  story('a Fail state that says nothing', () => ({ Done: { Type: 'Fail' } })),
  story(
    'no choice is made',
    () => ({
      Pick: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'Done' }] },
      Done: done,
    }),
    { redrives: 1 },
  ),
  story(
    'a Pass breaks, and breaks again when it is redriven',
    () => ({
      First: { Type: 'Pass', Assign: { count: '{% $states.context.Execution.RedriveCount %}' }, Next: 'Broken' },
      Broken: {
        Type: 'Pass',
        Output: '{% $states.context.Execution.RedriveCount > 1 ? $count : $absent %}',
        End: true,
      },
    }),
    { redrives: 2 },
  ),
  ...['1', '"true"', 'null', '$states.input.absent'].map((condition) =>
    story(`a condition is ${condition}`, () => ({
      Pick: { Type: 'Choice', Choices: [{ Condition: `{% ${condition} %}`, Next: 'Done' }], Default: 'Done' },
      Done: done,
    })),
  ),
  story(
    'an entry that the bus refuses is retried, and caught',
    () => ({
      Publish: {
        Type: 'Task',
        Resource: 'arn:aws:states:::events:putEvents',
        Arguments: {
          Entries: [{ Source: 'aws.refused', DetailType: 'Told', Detail: { number: '{% $states.input.number %}' } }],
        },
        Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }],
        ...caughtBy(['EventBridge.FailedEntry'], { Output: '{% $states.errorOutput.Error %}' }),
        End: true,
      },
      ...caught,
    }),
    { input: { number: 'N-1' } },
  ),
  story('an entry that the bus takes', () => ({
    Publish: {
      Type: 'Task',
      Resource: 'arn:aws:states:::events:putEvents',
      Arguments: {
        Entries: [
          {
            EventBusName: 'default',
            Source: 'told',
            DetailType: 'Told',
            Detail: { name: '{% $states.context.Execution.Name %}' },
          },
        ],
      },
      Output: '{% $states.result.FailedEntryCount %}',
      End: true,
    },
  })),
]
