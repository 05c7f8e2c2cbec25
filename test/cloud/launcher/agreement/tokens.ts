import { awaiting, calling, caught, caughtBy, story } from './small-machines.ts'
import { fails, returns, wakes } from './story.ts'

const stays = { returns: 'not heard' }

export const tokens = [
  story(
    'an answer of null is there',
    (name) => ({
      Step: awaiting(name, {
        Assign: { a: '{% $states.result %}' },
        Output: {
          there: '{% $exists($states.result) %}',
          inside: "{% {'b': $states.result} %}",
          alone: '{% $states.result %}',
          a: '{% $type($states.result) %}',
        },
      }),
    }),
    { script: [['Step', wakes(0.2, null)]] },
  ),
  story('goes on with the answer, not with what the Lambda returns', (name) => ({ Step: awaiting(name) }), {
    script: [['Step', { ...stays, ...wakes(0.3, { woken: [1, null] }) }]],
  }),
  story(
    'gives what is picked of the answer',
    (name) => ({
      Step: awaiting(name, {
        Output: '{% $states.result.number %}',
        Assign: { a: '{% $states.result.number %}' },
        End: undefined,
        Next: 'Next',
      }),
      Next: calling(name, {}, { a: '{% $a %}', token: '{% $exists($states.context.Task.Token) %}' }),
    }),
    {
      script: [
        ['Step', wakes(0.2, { number: 'N-1' })],
        ['Next', returns(1)],
      ],
    },
  ),
  story(
    'fails as the answer says, which is caught',
    (name) => ({ Step: awaiting(name, caughtBy(['Refused'])), ...caught }),
    { script: [['Step', { token: [{ afterSeconds: 0.2, error: 'Refused', cause: 'by hand' }] }]] },
  ),
  story(
    'fails as the answer says, which nobody catches',
    (name) => ({ Step: awaiting(name, caughtBy(['Other'])), ...caught }),
    {
      redrives: 1,
      script: [
        ['Step', { token: [{ afterSeconds: 0.2, error: 'Refused', cause: '' }] }],
        ['Step', wakes(0.2, 1)],
      ],
    },
  ),
  story('a second answer changes nothing', (name) => ({ Step: awaiting(name) }), {
    script: [
      [
        'Step',
        {
          token: [
            { afterSeconds: 0.2, output: 1 },
            { afterSeconds: 0, output: 2 },
            { afterSeconds: 0, error: 'Late', cause: '' },
          ],
        },
      ],
    ],
  }),
  story('takes the answer that comes before the Lambda is through', (name) => ({ Step: awaiting(name) }), {
    script: [['Step', { ...wakes(0, { early: true }), afterSeconds: 1 }]],
  }),
  story(
    'takes the answer, though the Lambda fails after it',
    (name) => ({ Step: awaiting(name, { Retry: [{ ErrorEquals: ['States.ALL'] }] }) }),
    { script: [['Step', { ...wakes(0, { early: true }), ...fails('Busy') }]] },
  ),
  story(
    'the Lambda fails, the retry has a token of its own, and the old one is closed',
    (name) => ({ Step: awaiting(name, { Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }] }) }),
    {
      script: [
        ['Step', { ...fails('Busy'), token: [{ afterSeconds: 0.6, output: 'old' }] }],
        ['Step', wakes(0.5, 'new')],
      ],
    },
  ),
  story(
    'its time runs out, and the answer comes too late',
    (name) => ({ Step: awaiting(name, { TimeoutSeconds: 2, ...caughtBy(['States.Timeout']) }), ...caught }),
    { script: [['Step', wakes(3)]] },
  ),
  story(
    'its time runs out, again and again',
    (name) => ({
      // Long enough that the answer of the last attempt is in time however busy the machine is.
      Step: awaiting(name, { TimeoutSeconds: 4, Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1 }] }),
    }),
    {
      redrives: 1,
      script: [
        ['Step', {}],
        ['Step', {}],
        ['Step', wakes(0.2, 1)],
      ],
    },
  ),
  story('stopped while it waits', (name) => ({ Step: awaiting(name, caughtBy(['States.ALL'])), ...caught }), {
    redrives: 1,
    script: [
      ['Step', { stops: { error: 'Operator', cause: 'enough' }, token: [{ afterSeconds: 0.5, output: 1 }] }],
      ['Step', wakes(0.2, 2)],
    ],
  }),
  story(
    'stopped while a Lambda works, redriven, and the old Lambda answers into the new run',
    (name) => ({ Step: calling(name, { Retry: [{ ErrorEquals: ['States.ALL'] }] }) }),
    {
      redrives: 1,
      script: [
        ['Step', { stops: {}, afterSeconds: 2, returns: 'old' }],
        ['Step', { afterSeconds: 3, returns: 'new' }],
      ],
    },
  ),
  story('an answer that is too large', (name) => ({ Step: awaiting(name, { TimeoutSeconds: 3 }) }), {
    script: [['Step', wakes(0.2, 'x'.repeat(262_200))]],
  }),
]
