import { expect, it } from 'vitest'
import { runBlock } from '../simulate/run-block.ts'

const round = { QueryLanguage: 'JSONata', StartAt: 'Round', States: { Round: { Type: 'Pass', Next: 'Round' } } }

it('counts a history of which a machine never ends as one that breaks a law, and goes on with the next', async () => {
  const seeds = ['round/1', 'round/2']
  const { histories } = await runBlock({ process: 'order-to-cash', profile: 'natural-key', seeds }, 2, {
    definition: round,
  })
  expect(histories.map(({ failure }) => failure)).toEqual(
    seeds.map((seed) => ({
      ...{ process: 'order-to-cash', profile: 'natural-key', seed },
      violations: [{ law: 'told', what: expect.stringMatching(/^arn:.+ never ends$/) }],
    })),
  )
})
