import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { noFaults } from '../faults.ts'
import { runHistory } from '../history.ts'
import { setStories } from '../set-stories.ts'

const { 'changed and cancelled too late': story } = setStories
if (story === undefined) throw new Error('There is no such story')

const lastMs = Math.max(...story.plays.map(({ atMs }) => atMs))
const Told = z.looseObject({ detail: z.looseObject({ metadata: z.looseObject({}), data: z.looseObject({}) }) })

/** How the executions of its two submissions end, and those of both told again a day after the end of the order. */
async function endsOf(spoil: (data: object) => object) {
  const again = story?.plays.flatMap((play) => {
    if (play.kind !== 'publish' || play.entry.detailType !== 'SalesOrderSubmitted') return []
    const { detail } = Told.parse(play.entry)
    const entry = { ...play.entry, detail: { ...detail, data: spoil(detail.data) } }
    return [{ ...play, atMs: lastMs + 86_400_000, entry }]
  })
  const calm = { seed: 'again', profile: 'natural-key', isCalm: true, plan: noFaults } as const
  const plays = [...(story?.plays ?? []), ...(again ?? [])]
  const { executions, outcomes } = await runHistory({ ...calm, story: { orders: story?.orders ?? [], plays } })
  expect(outcomes).toEqual({ T1: 'closed' })
  return executions.map(({ now }) => now.status)
}

describe('a newer version that was refused, told again after the end of its order,', () => {
  it('is a duplicate, as the first one is, and nobody is called', async () => {
    expect(await endsOf((data) => data)).toEqual(Array(4).fill('SUCCEEDED'))
  })

  it('is a conflict where it says something else', async () => {
    const ends = await endsOf((data) => ({ ...data, orderedOn: '2025-12-31' }))
    expect(ends.slice(0, 2)).toEqual(['SUCCEEDED', 'SUCCEEDED'])
    expect(new Set(ends.slice(2))).toEqual(new Set(['FAILED']))
  })
})
