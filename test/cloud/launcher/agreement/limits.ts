import { awaiting, calling, caught, caughtBy, gives, story } from './small-machines.ts'
import { fails, type Line, returns } from './story.ts'

const ok: Line = ['Step', returns({ ok: true })]

/** Sizes, times, and a person who stops it. */
export const limits = [
  story(
    'too large a result is no case for States.ALL',
    (name) => ({ Step: calling(name, caughtBy(['States.ALL'])), ...caught }),
    { script: [['Step', returns('x'.repeat(262_200))]] },
  ),
  story(
    'too large a result is caught by its name',
    (name) => ({ Step: calling(name, caughtBy(['States.DataLimitExceeded'], { Output: 'caught' })), ...caught }),
    { script: [['Step', returns('x'.repeat(262_200))]] },
  ),
  story('too large an output of a Pass', () => ({
    Large: { Type: 'Pass', Output: "{% $pad('', 262145, 'x') %}", End: true },
  })),
  story('as large an output as may be', () => ({
    Large: { Type: 'Pass', Output: "{% $pad('', 262142, 'x') %}", Next: 'Done' },
    Done: gives('{% $length($states.input) %}'),
  })),
  story('too large Arguments', (name) => ({
    Step: calling(name, caughtBy(['States.ALL']), { large: "{% $pad('', 262145, 'x') %}" }),
    ...caught,
  })),
  story(
    'a Task that takes too long is retried, then caught, and its answers find nobody',
    (name) => ({
      Step: calling(name, {
        TimeoutSeconds: 2,
        Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1 }],
        ...caughtBy(['States.ALL']),
      }),
      ...caught,
    }),
    {
      script: [
        ['Step', { ...returns(1), afterSeconds: 3.5 }],
        ['Step', { ...fails('Busy'), afterSeconds: 3.5 }],
      ],
    },
  ),
  story('a Task that takes too long, caught by nobody', (name) => ({ Step: calling(name, { TimeoutSeconds: 2 }) }), {
    redrives: 1,
    script: [['Step', { afterSeconds: 3 }], ok],
  }),
  story(
    'TimeoutSeconds may be an expression',
    (name) => ({
      Step: calling(name, { TimeoutSeconds: '{% $states.input.seconds %}', ...caughtBy(['States.Timeout']) }),
      ...caught,
    }),
    { input: { seconds: 2 }, script: [['Step', { afterSeconds: 3 }]] },
  ),
  story('the time of the whole machine runs out, and begins anew by a redrive', (name) => ({ Step: calling(name) }), {
    machine: { TimeoutSeconds: 3 },
    redrives: 1,
    script: [['Step', { afterSeconds: 4 }], ok],
  }),
  story(
    'stopped in the pause before a retry, redriven, and retried as often as at first',
    (name) => ({
      Step: calling(
        name,
        { Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 3, MaxAttempts: 1 }] },
        { retry: '{% $states.context.State.RetryCount %}' },
      ),
    }),
    {
      redrives: 1,
      script: [
        ['Step', { ...fails('Busy'), stops: { afterSeconds: 1, error: 'Operator', cause: 'enough' } }],
        ['Step', fails('Busy')],
        ok,
      ],
    },
  ),
  story(
    'stopped in a Wait, which waits again when it is redriven',
    (name) => ({
      First: calling(name, { End: undefined, Next: 'Wait' }),
      Wait: { Type: 'Wait', Seconds: 2, Next: 'Second' },
      Second: calling(name, {}, { count: '{% $states.context.Execution.RedriveCount %}' }),
    }),
    {
      redrives: 1,
      script: [
        ['First', { ...returns(1), stops: { afterSeconds: 1 } }],
        ['Second', returns(2)],
      ],
    },
  ),
  story('the time of the machine runs out while it waits for a token', (name) => ({ Step: awaiting(name) }), {
    machine: { TimeoutSeconds: 3 },
    redrives: 1,
    script: [
      ['Step', { token: [{ afterSeconds: 4, output: 1 }] }],
      ['Step', { token: [{ afterSeconds: 0.3, output: 2 }] }],
    ],
  }),
]
