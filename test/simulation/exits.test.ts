import { describe, expect, it } from 'vitest'
import { withoutErp } from '../../lib/await-erp.ts'
import { erpDownAt } from './erp-down.ts'
import { failEach } from './fail-each.ts'
import { faultAt, noFaults } from './faults.ts'
import { type HistoryOptions, runHistory } from './history.ts'
import { definition } from './hub/definition.ts'
import { names } from './hub/settings.ts'
import { executionsWhilePaused } from './kit/outage-world.ts'
import { addReachedExits, exitsMissed } from './machine/coverage.ts'
import { readDefinition } from './machine/definition.ts'
import { setStories } from './set-stories.ts'
import { type Story, takeOverAt } from './story.ts'

/** What no history reaches, and why. */
const unreachable = {
  'RouteNextEvent default': 'every kind that PickNextEvent knows has a choice',
  'UnknownEvent failed': 'only the default leads there',
}

/** A story that passes each step, to take the case from the execution there. */
const passedBy = {
  CreateSalesOrder: 'plain',
  PickNextEvent: 'plain',
  PostGoodsIssue: 'plain',
  CreateCustomerInvoice: 'plain',
  PostIncomingPayment: 'plain',
  AllocatePayment: 'plain',
  AwaitEvent: 'plain',
  AmendSalesOrder: 'changed, returned and refunded',
  PostGoodsReturn: 'changed, returned and refunded',
  CreateCreditNote: 'changed, returned and refunded',
  PostOutgoingPayment: 'prepaid, cancelled and refunded',
  CancelSalesOrder: 'prepaid, cancelled and refunded',
  CloseSalesOrder: 'closed short',
} as const

const histories: { readonly title: string; readonly options: Omit<HistoryOptions, 'seed' | 'profile'> }[] = [
  ...Object.entries(setStories).flatMap(([title, story]) => [
    { title: `an order: ${title}`, options: { story, plan: noFaults } },
    {
      title: `an order: ${title}, in which every step fails in every way`,
      options: { story: slowly(story), plan: failEach() },
    },
  ]),
  ...Object.entries(passedBy).map(([step, title]) => {
    const fault = { kind: 'frozen-before', forMs: 30_000 } as const
    const point = `${step} dynamodb TransactWrite 1`
    const plan = faultAt(point, fault)
    const story = storyNamed(title)
    const plays = [...story.plays, ...takeOverAt('T1', point, { againMs: 2000, isRedriven: true })]
    return { title: `${step} loses its case and is redriven`, options: { story: { ...story, plays }, plan } }
  }),
  ...Object.entries(passedBy)
    .filter(([step]) => !withoutErp.test(step))
    .map(([step, title]) => ({
      title: `${step} finds the ERP down`,
      options: { story: slowly(storyNamed(title)), plan: erpDownAt(step, 3) },
    })),
  ...(
    [
      ['CreateSalesOrder', 0],
      ['PostGoodsIssue', 1],
    ] as const
  ).flatMap(([step, play]) => {
    const story = slowly(storyNamed('plain'))
    const taken = takeOverAt('T1', 'AwaitEvent dynamodb TransactWrite 1', { againMs: 2000, isRedriven: true })
    const atMs = story.plays[play]?.atMs ?? 0
    const plays = [...story.plays, ...taken.map((one) => ({ ...one, atMs }))]
    return [
      { title: `${step} finds the ERP down for a working day`, options: { story, plan: erpDownAt(step, 250) } },
      {
        title: `${step} finds the ERP down, and its case is taken over`,
        options: { story: { ...story, plays }, plan: erpDownAt(step, 3, { freezes: true }) },
      },
    ]
  }),
]

function storyNamed(title: string): Story {
  const story = setStories[title]
  if (story === undefined) throw new Error(`There is no story ${title}`)
  return story
}

/** So that what failed has been repeated before the next event comes. */
function slowly(story: Story): Story {
  return {
    ...story,
    plays: story.plays.map((play) => ({ ...play, atMs: Math.min(play.atMs * 300, play.atMs + 3_600_000) })),
  }
}

describe('every way out of every state', () => {
  it('is taken by some history, but for those that nothing reaches', async () => {
    const reached = new Set<string>()
    addReachedExits(reached, await executionsWhilePaused(names.machine))
    for (const { title, options } of histories) {
      const { executions, violations } = await runHistory({
        seed: 'exits',
        profile: 'natural-key',
        isCalm: true,
        ...options,
      })
      expect({ title, violations }).toEqual({ title, violations: [] })
      addReachedExits(reached, executions)
    }
    expect(exitsMissed(readDefinition(definition), reached)).toEqual(Object.keys(unreachable))
  })
})
