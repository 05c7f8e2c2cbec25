import { describe, expect, it } from 'vitest'
import type { Budget, BudgetLimits, Ticket } from '#domain/erp-budget/budget.ts'
import { type Answer, ask } from '#domain/erp-budget/decide.ts'
import { budget, limits, nowMs, slot, ticket } from './cases.ts'

interface Row {
  readonly title: string
  readonly before: Partial<Budget>
  readonly who?: Partial<Ticket>
  readonly limits?: Partial<BudgetLimits>
  readonly answer: Answer
  /** Holders of slots, and of offers with a question mark; who waits. Absent: nothing is written. */
  readonly slots?: readonly string[]
  readonly waiting?: readonly string[]
}

const call: Answer = { do: 'call' }
const full: Answer = { do: 'leave', why: 'full', untilMs: nowMs }
const closed = { failures: 0, opened: 0, openUntilMs: 0 }
const twoTaken = [slot('a'), slot('b')]
const settling = (holder: string, forMs: number) => slot(holder, { untilMs: nowMs + forMs, isSettling: true })
const old = { sinceMs: nowMs - 100_000 }

const rows: readonly Row[] = [
  { title: 'a free slot is taken at once', before: {}, answer: call, slots: ['me'] },
  { title: 'the last slot is taken', before: { slots: [slot('a')] }, answer: call, slots: ['a', 'me'] },
  {
    title: 'whoever finds none waits',
    before: { slots: twoTaken },
    answer: { do: 'wait', before: 0 },
    slots: ['a', 'b'],
    waiting: ['me'],
  },
  {
    title: 'who waits already writes nothing',
    before: { slots: twoTaken, waiting: [ticket('me')] },
    answer: { do: 'wait', before: 0 },
  },
  {
    title: 'who has waited for long enough leaves, so that no slot is offered to him',
    before: { slots: twoTaken, waiting: [ticket('me', { untilMs: nowMs }), ticket('x')] },
    who: { untilMs: nowMs },
    answer: full,
    slots: ['a', 'b'],
    waiting: ['x'],
  },
  {
    title: '… unless one is free by then',
    before: { slots: [slot('a')], waiting: [ticket('me', { untilMs: nowMs, ...old })] },
    who: { untilMs: nowMs },
    answer: call,
    slots: ['a', 'me'],
  },
  {
    title: 'a higher lane comes before',
    before: { slots: twoTaken, waiting: [ticket('i', { lane: 'interactive' })] },
    answer: { do: 'wait', before: 1 },
    slots: ['a', 'b'],
    waiting: ['i', 'me'],
  },
  {
    title: 'a lower lane comes after, however old',
    before: { slots: twoTaken, waiting: [ticket('x', { lane: 'batch', ...old })] },
    answer: { do: 'wait', before: 0 },
    slots: ['a', 'b'],
    waiting: ['x', 'me'],
  },
  {
    title: 'the youngest of a lane that is full leaves',
    before: { slots: twoTaken, waiting: [ticket('x', old), ticket('y', old)] },
    answer: full,
  },
  {
    title: 'an older one takes the place of a younger one',
    before: { slots: twoTaken, waiting: [ticket('x', old), ticket('y')] },
    who: { sinceMs: nowMs - 1000 },
    answer: { do: 'wait', before: 1 },
    slots: ['a', 'b'],
    waiting: ['x', 'me'],
  },
  {
    title: 'an offer is taken up',
    before: { slots: [slot('a'), slot('me', { isOffer: true, untilMs: nowMs + 10 })] },
    answer: call,
    slots: ['a', 'me'],
  },
  {
    title: 'an offer that is still there is taken up late',
    before: { slots: [slot('a'), slot('me', { isOffer: true, untilMs: nowMs - 10 })] },
    answer: call,
    slots: ['a', 'me'],
  },
  { title: 'a write that was repeated finds its own slot', before: { slots: [slot('me')] }, answer: call },
  {
    title: 'an offer that nobody takes up goes to the next',
    before: { slots: [slot('a'), slot('dead', { isOffer: true, untilMs: nowMs - 1 })], waiting: [ticket('me')] },
    answer: call,
    slots: ['a', 'me'],
  },
  {
    title: 'a slot is free when its lease is over, by every clock',
    before: { slots: [slot('a'), slot('dead', { untilMs: nowMs - 100 })] },
    answer: call,
    slots: ['a', 'me'],
  },
  {
    title: '… and not sooner',
    before: { slots: [slot('a'), slot('b', { untilMs: nowMs - 99 })] },
    answer: { do: 'wait', before: 0 },
    slots: ['a', 'b'],
    waiting: ['me'],
  },
  {
    title: 'a free slot is offered to those who came before',
    before: { slots: [slot('a')], waiting: [ticket('x', old)] },
    answer: { do: 'wait', before: 0 },
    slots: ['a', 'x?'],
    waiting: ['me'],
  },
  {
    title: 'an event does not get the slot that is kept for the interactive lane',
    before: { slots: [slot('a')] },
    limits: { interactiveReserve: 1 },
    answer: { do: 'wait', before: 0 },
    slots: ['a'],
    waiting: ['me'],
  },
  {
    title: '… which the interactive lane gets',
    before: { slots: [slot('a')] },
    who: { lane: 'interactive' },
    limits: { interactiveReserve: 1 },
    answer: call,
    slots: ['a', 'me'],
  },
  {
    title: 'a document that the ERP takes one of at once waits for the other',
    before: { slots: [slot('a', { isNarrow: true })] },
    who: { isNarrow: true },
    limits: { narrowSlots: 1 },
    answer: { do: 'wait', before: 0 },
    slots: ['a'],
    waiting: ['me'],
  },
  {
    title: '… and lets others pass meanwhile',
    before: { slots: [slot('a', { isNarrow: true })], waiting: [ticket('x', { isNarrow: true, ...old })] },
    limits: { narrowSlots: 1 },
    answer: call,
    slots: ['a', 'me'],
    waiting: ['x'],
  },
  {
    title: 'who could only wait for slots to settle is told when the first has, and stands in no way',
    before: { slots: [settling('a', 9000), settling('b', 7000)], waiting: [ticket('me'), ticket('x')] },
    answer: { do: 'leave', why: 'full', untilMs: nowMs + 7100 },
    slots: ['a', 'b'],
    waiting: ['x'],
  },
  {
    title: '… and waits while one of them may be given back',
    before: { slots: [settling('a', 9000), slot('b')] },
    answer: { do: 'wait', before: 0 },
    slots: ['a', 'b'],
    waiting: ['me'],
  },
  {
    title: '… unless it is of no use to him',
    before: { slots: [{ ...settling('a', 9000), isNarrow: true }, slot('b')] },
    who: { isNarrow: true },
    limits: { slots: 3, narrowSlots: 1 },
    answer: { do: 'leave', why: 'full', untilMs: nowMs + 9100 },
  },
  {
    title: 'who has waited too long gets a slot after so many of a higher lane',
    before: { slots: [slot('a')], waiting: [ticket('i', { lane: 'interactive' })], passedOver: 2 },
    who: { lane: 'batch', ...old },
    answer: call,
    slots: ['a', 'me'],
    waiting: ['i'],
  },
  {
    title: '… and not sooner',
    before: { slots: [slot('a')], waiting: [ticket('i', { lane: 'interactive' })], passedOver: 1 },
    who: { lane: 'batch', ...old },
    answer: { do: 'wait', before: 0 },
    slots: ['a', 'i?'],
    waiting: ['me'],
  },
  {
    title: 'nobody gets a slot before the time that the ERP has named',
    before: { notBeforeMs: nowMs + 7000 },
    answer: { do: 'leave', why: 'throttled', untilMs: nowMs + 7000 },
  },
  {
    title: 'nobody gets a slot while the ERP is down',
    before: { circuit: { ...closed, opened: 1, openUntilMs: nowMs + 9000 } },
    answer: { do: 'leave', why: 'down', untilMs: nowMs + 9000 },
  },
  {
    title: 'one tries when that time is over',
    before: { circuit: { ...closed, opened: 1, openUntilMs: nowMs } },
    answer: call,
    slots: ['me'],
  },
  {
    title: '… and the others stay away meanwhile',
    before: { slots: [slot('p')], circuit: { ...closed, opened: 1, openUntilMs: nowMs - 1, probe: 'p' } },
    answer: { do: 'leave', why: 'down', untilMs: nowMs + 5000 },
  },
  {
    title: 'another one tries when the first has died',
    before: {
      slots: [slot('p', { untilMs: nowMs - 200 })],
      circuit: { ...closed, opened: 1, openUntilMs: nowMs - 1, probe: 'p' },
    },
    answer: call,
    slots: ['me'],
  },
]

describe('whoever asks for a slot of an ERP account', () => {
  it.each(rows)('$title', (row) => {
    const before = budget(row.before)
    const leaseUntilMs = nowMs + 50_000
    const decided = ask(before, ticket('me', row.who), leaseUntilMs, nowMs, { ...limits, ...row.limits })
    expect(decided.answer).toEqual(row.answer)
    if (row.slots === undefined) return expect(decided.budget).toBe(before)
    const { slots, waiting } = decided.budget
    expect(slots.map(({ holder, isOffer }) => `${holder}${isOffer ? '?' : ''}`)).toEqual(row.slots)
    expect(waiting.map(({ holder }) => holder).sort()).toEqual([...(row.waiting ?? [])].sort())
    const mine = slots.find(({ holder }) => holder === 'me')
    if (mine !== undefined) expect(mine.untilMs).toBe(leaseUntilMs)
  })
})
