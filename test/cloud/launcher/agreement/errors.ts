import { calling, caught, caughtBy, gives, story } from './small-machines.ts'
import { fails, type Line, returns } from './story.ts'

const lines = (...names: string[]): Line[] => names.map((name) => ['Step', fails(name)])
const ok: Line = ['Step', returns({ ok: true })]
const context = { retry: '{% $states.context.State.RetryCount %}', state: '{% $states.context.State.Name %}' }

export const errors = [
  story(
    'retries by a rate that grows, no longer than its maximum, and says how often',
    (name) => ({
      Step: calling(
        name,
        {
          Retry: [
            {
              ErrorEquals: ['Busy'],
              IntervalSeconds: 1,
              BackoffRate: 2,
              MaxDelaySeconds: 3,
              MaxAttempts: 4,
              JitterStrategy: 'NONE',
            },
          ],
        },
        context,
      ),
    }),
    { script: [...lines('Busy', 'Busy', 'Busy'), ok] },
  ),
  story(
    'retries three times where nothing is said',
    (name) => ({
      Step: calling(name, { Retry: [{ ErrorEquals: ['Busy'], BackoffRate: 1 }], ...caughtBy(['Busy']) }, context),
      ...caught,
    }),
    { script: lines('Busy', 'Busy', 'Busy', 'Busy') },
  ),
  story(
    'retries never where MaxAttempts is none',
    (name) => ({
      Step: calling(name, { Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }] }),
    }),
    { script: lines('Busy') },
  ),
  story(
    'counts each retrier by itself',
    (name) => ({
      Step: calling(
        name,
        {
          Retry: [
            { ErrorEquals: ['A'], MaxAttempts: 2, BackoffRate: 1 },
            { ErrorEquals: ['B', 'C'], MaxAttempts: 1 },
            { ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1 },
          ],
          ...caughtBy(['States.ALL'], {
            Assign: { why: '{% $states.errorOutput.Error %}' },
            Output: { error: '{% $states.errorOutput %}', input: '{% $states.input %}' },
          }),
        },
        context,
      ),
      Caught: gives({ why: '{% $why %}', input: '{% $states.input %}' }),
    }),
    { input: { number: 'N-1' }, script: lines('A', 'B', 'A', 'Other', 'C') },
  ),
  story(
    'catches by the first that matches, and gives the error',
    (name) => ({
      Step: calling(name, {
        Catch: [
          { ErrorEquals: ['Other'], Next: 'Wrong' },
          { ErrorEquals: ['Known', 'Busy'], Next: 'Caught' },
          { ErrorEquals: ['States.ALL'], Next: 'Wrong' },
        ],
      }),
      ...caught,
      Wrong: { Type: 'Fail' },
    }),
    { script: lines('Busy') },
  ),
  ...[
    ['States.TaskFailed', 'Anything'],
    ['States.ALL', 'Anything'],
    ['anything', 'Anything'],
    ['States.TaskFailed', 'States.Timeout'],
    ['States.ALL', 'States.Timeout'],
    ['States.ALL', 'States.DataLimitExceeded'],
    ['States.TaskFailed', 'States.DataLimitExceeded'],
    ['States.DataLimitExceeded', 'States.DataLimitExceeded'],
    ['States.ALL', 'States.Runtime'],
    ['States.TaskFailed', 'States.Runtime'],
    ['States.Runtime', 'States.Runtime'],
    ['States.Timeout', 'States.HeartbeatTimeout'],
    ['States.TaskFailed', 'States.HeartbeatTimeout'],
    ['States.ALL', 'States.Permissions'],
    ['States.TaskFailed', 'States.Permissions'],
    ['States.TaskFailed', 'Lambda.Unknown'],
  ].map(([pattern = '', error = '']) =>
    story(
      `matches ${error} by ${pattern}, or not`,
      (name) => ({ Step: calling(name, caughtBy([pattern])), ...caught }),
      { script: lines(error) },
    ),
  ),
  story(
    'fails by an error that nobody knows, and is redriven where it failed, with its variables',
    (name) => ({
      First: { Type: 'Pass', Assign: { kept: 'before' }, Output: { from: 'First' }, Next: 'Step' },
      Step: calling(
        name,
        { Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }] },
        { kept: '{% $kept %}', input: '{% $states.input %}', ...context },
      ),
    }),
    { redrives: 2, script: [...lines('Busy', 'Busy', 'Busy', 'Odd'), ok] },
  ),
  story('Arguments that break are an error of the Task, which is caught', (name) => ({
    Step: calling(name, caughtBy(['States.QueryEvaluationError'], { Output: '{% $states.errorOutput.Error %}' }), {
      absent: '{% $states.input.absent %}',
    }),
    ...caught,
  })),
  story(
    'an Output that breaks is retried with the whole Task, and caught',
    (name) => ({
      Step: calling(name, {
        Output: '{% $states.result.Payload.absent %}',
        Retry: [{ ErrorEquals: ['States.QueryEvaluationError'], MaxAttempts: 1 }],
        ...caughtBy(['States.ALL'], { Output: '{% $states.errorOutput.Error %}' }),
      }),
      ...caught,
    }),
    { script: [ok, ok] },
  ),
  story(
    'an Assign that breaks is an error of the Task',
    (name) => ({
      Step: calling(name, {
        Assign: { a: '{% $states.result.Payload.absent %}' },
        ...caughtBy(['States.ALL'], { Output: 'caught' }),
      }),
      ...caught,
    }),
    { script: [ok] },
  ),
  story(
    'a Catch that breaks is not caught again',
    (name) => ({ Step: calling(name, caughtBy(['States.ALL'], { Output: '{% $states.input.absent %}' })), ...caught }),
    { script: lines('Busy') },
  ),
]
