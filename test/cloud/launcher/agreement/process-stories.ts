import { busyNames, ErpBusyError, ErpStandstillError, notAppliedNames, perhapsAppliedNames } from '#domain/errors.ts'
import { withoutErp } from '../../../../lib/await-erp.ts'
import { hastySeconds, type Life, nothingYet, pick, refused, settled, superseded } from './life.ts'
import { type Answer, fails, type Line, returns, type Story, wakes } from './story.ts'

/** Every branch, every catch, every retried error, and a redrive at whatever fails. */
export function processStories(life: Life, functionArn: string): Story[] {
  const { accept, toCreate, branches, input } = life
  const create = [life.create, ...life.afterCreate]
  const [creates] = life.create
  const beforeCreate = [accept, ...toCreate]
  // What nobody has decided on is not decided anew.
  const firstSleep = life.afterBusy.length === 0 ? `SleepUntilErpFor${creates}` : 'SleepUntilErp'
  const begin = beginningOf(life)
  const definition = life.machine(functionArn)
  const hasty = life.machine(functionArn, { isHasty: true })
  const story = (title: string, script: readonly Line[], more: Partial<Story> = {}): Story => ({
    title: `${life.process}: ${title}`,
    definition,
    input,
    script,
    ...more,
  })

  return [
    story('is settled at once', [...begin, settled]),
    story('is somebody else’s', [superseded(accept[0])]),
    story('asks its owner again, and takes over', [[accept[0], fails('OwnerUnclearError')], ...begin, settled]),
    ...branches.map(([kind, ...calls]) =>
      story(`${kind}`, [...begin, pick(kind, { number: 'N-1' }), ...calls, settled]),
    ),
    ...life.refusable.map(([kind, state]) =>
      story(`${state} is refused`, [...begin, pick(kind, { number: 'N-1' }), refused(state), settled]),
    ),
    ...life.refusals.map((event) =>
      story(`tells of ${event}`, [
        ...begin,
        pick('refusal', { event, number: 'change/2', code: 'goods-left', message: 'Goods have left' }),
        settled,
      ]),
    ),
    story('a life of all branches', [
      ...begin,
      ...branches.flatMap(([kind, ...calls], i) => [pick(kind, { number: `N-${i}` }), ...calls]),
      pick('settled', { as: 'closed' }),
    ]),
    story('an event that it does not know, then redriven with the same machine', [...begin, pick('barter')], {
      redrives: 1,
    }),
    ...supersessions(life).map(([state, script]) => story(`${state} is superseded`, script)),
    ...retries().map(([what, answer]) =>
      story(`${creates} is retried after ${what}`, [...beforeCreate, [creates, answer], ...create, settled]),
    ),
    story('everything is busy once', [
      ...begin.flatMap(([state, answer]): Line[] => [
        [state, fails('Lambda.TooManyRequestsException')],
        [state, answer],
      ]),
      ['PickNextEvent', fails('RetryableError')],
      nothingYet(),
      ['AwaitEvent', fails('RetryableError')],
      ['AwaitEvent', wakes(0.2)],
      settled,
    ]),
    story('the ERP is busy for each step once', [
      ...beforeCreate,
      [creates, busyErp],
      ...life.afterBusy,
      ...create,
      ...branches.flatMap(([kind, first, ...rest], i): Line[] => {
        if (first === undefined || withoutErp.test(first[0])) return []
        const number = `N-${i}`
        return [pick(kind, { number }), [first[0], busyErp], pick(kind, { number }), first, ...rest]
      }),
      settled,
    ]),
    story('each step sleeps once, since the ERP is down, and is woken', [
      ...beforeCreate,
      [creates, downErp],
      backErp(firstSleep),
      ...life.afterBusy,
      ...create,
      ...branches.flatMap(([kind, first, ...rest], i): Line[] => {
        if (first === undefined || withoutErp.test(first[0])) return []
        const number = `N-${i}`
        return [pick(kind, { number }), [first[0], downErp], backErp(), pick(kind, { number }), first, ...rest]
      }),
      ['PickNextEvent', downErp],
      ['SleepUntilErp', fails('RetryableError')],
      ['SleepUntilErp', wakes(0.2)],
      ['PickNextEvent', downErp],
      superseded('SleepUntilErp'),
    ]),
    story(
      'it sleeps since the ERP is down, and nobody wakes it',
      [...beforeCreate, [creates, downErp], [firstSleep, returns({})], ...life.afterBusy, ...create, settled],
      { definition: hasty },
    ),
    ...['BusinessError', 'PoisonMessageError', 'TypeError'].map((name) =>
      story(
        `${name} ends it at that state, and a redrive goes on there`,
        [...beforeCreate, [creates, fails(name)], ...create, settled],
        { redrives: 1 },
      ),
    ),
    story(
      'is redriven twice at the same state, and once at another',
      [
        ...beforeCreate,
        [creates, fails('BusinessError')],
        [creates, busyErp],
        ...life.afterBusy,
        [creates, fails('BusinessError')],
        ...create,
        ...branches.slice(0, 1).flatMap(failsAtItsEnd),
        settled,
      ],
      { redrives: 3 },
    ),
    story(
      'an answer without what the next state reads fails there, and is the same after a redrive',
      [[accept[0], returns({ outcome: 'accepted' })]],
      { redrives: 1 },
    ),
    ...waits().map(([what, ...answers]) => story(`waits: ${what}`, [...begin, nothingYet(), ...answers, settled])),
    ...branches
      .slice(1, 2)
      .map(([kind, ...calls]) =>
        story(`is woken with what comes next, ${kind}, which nobody has to decide`, [
          ...begin,
          nothingYet(),
          ['AwaitEvent', wakes(0.2, { next: { kind, number: 'N-1' } })],
          ...calls,
          settled,
        ]),
      ),
    story(
      'stopped while it waits, then redriven with a new token',
      [
        ...begin,
        nothingYet(),
        ['AwaitEvent', { stops: { error: 'Operator', cause: 'by hand' }, token: [{ afterSeconds: 1, output: {} }] }],
        ['AwaitEvent', wakes(0.2)],
        settled,
      ],
      { redrives: 1 },
    ),
    story('stopped while a Lambda works, whose answer finds nobody', [
      ...beforeCreate,
      [creates, { stops: {}, ...returns({ outcome: 'posted' }) }],
    ]),
    story(
      'its deadline comes, which is an event',
      [
        ...begin,
        nothingYet(hastySeconds),
        ['AwaitEvent', { token: [{ afterSeconds: 4, output: {} }] }],
        pick('deadline', { number: '1' }),
        settled,
      ],
      { definition: hasty },
    ),
    story(
      'a step takes too long, is called again, and answers late',
      [...beforeCreate, [creates, { ...returns({ late: true }), afterSeconds: 4.5 }], ...create, settled],
      { definition: hasty },
    ),
  ]
}

function beginningOf({ accept, toCreate, create, afterCreate }: Life): Line[] {
  return [accept, ...toCreate, create, ...afterCreate]
}

/** The branch, whose last step fails once. */
function failsAtItsEnd([kind, ...calls]: Life['branches'][number]): Line[] {
  const last = calls.slice(-1)
  const failing = last.map(([state]): Line => [state, fails('BusinessError')])
  return [pick(kind, { number: 'DN-1' }), ...calls.slice(0, -1), ...failing, ...last]
}

/** At each state that catches it. */
function supersessions(life: Life): [string, readonly Line[]][] {
  const { accept, toCreate, create, branches } = life
  const begin = beginningOf(life)
  return [
    [create[0], [accept, ...toCreate, superseded(create[0])]],
    ['PickNextEvent', [...begin, superseded('PickNextEvent')]],
    ['AwaitEvent', [...begin, nothingYet(), superseded('AwaitEvent')]],
    ...branches.flatMap(([kind, ...calls]) =>
      calls.map(([state], i): [string, readonly Line[]] => [
        `${state} of ${kind}`,
        [...begin, pick(kind, { number: 'N-1' }), ...calls.slice(0, i), superseded(state)],
      ]),
    ),
  ]
}

function retries(): [string, Answer][] {
  const names = [...busyNames, ...notAppliedNames, ...perhapsAppliedNames].filter(
    (name) => !['Runtime.ExitError', 'Sandbox.Timedout', 'States.Timeout'].includes(name),
  )
  return [
    ...names.map((name): [string, Answer] => [name, fails(name)]),
    ['the end of its process', { breaks: 'exit' }],
    ['its Lambda’s time-out', { breaks: 'timeout' }],
  ]
}

function waits(): [string, ...Line[]][] {
  return [
    ['woken, picked, woken again', ['AwaitEvent', wakes(0.3)], nothingYet(), ['AwaitEvent', wakes(0.1)]],
    ['woken before its Lambda is through', ['AwaitEvent', wakes(0)]],
    [
      'a second answer and a stale one are refused',
      [
        'AwaitEvent',
        {
          token: [
            { afterSeconds: 0.3, output: {} },
            { afterSeconds: 0, error: 'Late', cause: '' },
            { afterSeconds: 0.5, output: {} },
          ],
        },
      ],
    ],
    [
      'answered with an error that is retried, and with one that is caught by nobody but the redrive',
      ['AwaitEvent', { token: [{ afterSeconds: 0.2, error: 'RetryableError', cause: 'by hand' }] }],
      ['AwaitEvent', wakes(0.2)],
    ],
    [
      'a Lambda that ends without an answer it does not wait for',
      ['AwaitEvent', { breaks: 'exit' }],
      ['AwaitEvent', { returns: { ignored: true }, ...wakes(0.3) }],
    ],
  ]
}

/** What a step throws when its ERP account takes no call; the time is over by the time that it is waited for. */
const until = [Date.UTC(2026, 0, 5, 8), Date.UTC(2026, 0, 5, 7)] as const
const busyErp = throwing(new ErpBusyError('The ERP account tryton', 'full', ...until))

/** … and since nobody knows for how long, it sleeps until it is woken. */
const downErp = throwing(new ErpStandstillError(new ErpBusyError('The ERP account tryton', 'down', ...until)))
const backErp = (sleep = 'SleepUntilErp'): Line => [sleep, wakes(0.2, { at: '2026-01-05T09:00:00.000Z' })]

function throwing({ name, message }: Error): Answer {
  return { throws: { name, message } }
}
