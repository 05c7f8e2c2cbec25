import { describe, expect, it } from 'vitest'
import { type BlockResult, blocksOf } from '../simulate/run-block.ts'
import { sumBlocks } from '../simulate/sum-blocks.ts'

const subject = { process: 'order-to-cash', profile: 'look-up' } as const
const seedsOf = (schedules: number) => blocksOf(subject, '7', schedules).flatMap(({ seeds }) => seeds)

function block(seeds: readonly string[], failing: readonly string[] = []): BlockResult {
  return {
    histories: seeds.map((seed) => ({
      outcomes: ['completed'],
      faults: 1,
      calls: 10,
      digest: Number(seed),
      ...(failing.includes(seed) && { failure: { seed, ...subject, violations: [] } }),
    })),
    reached: [`${seeds[0]} next`],
  }
}

describe('schedules in blocks', () => {
  it('have a seed of their own each, and one alone bears the seed itself', () => {
    expect(seedsOf(1)).toEqual(['7'])
    expect(seedsOf(45)).toEqual(Array.from({ length: 45 }, (_, i) => `7/${i + 1}`))
  })

  it('come to the same in whatever order they end', () => {
    const blocks = [block(['1', '2']), block(['3', '4'], ['3']), block(['5'])]
    const sumOf = (order: readonly number[]) => {
      const sum = sumBlocks(subject, 5)
      for (const index of order) sum.add(index, blocks[index] ?? block([]))
      return { ...sum.count(), reached: [...sum.reached()] }
    }
    expect(sumOf([2, 0, 1])).toEqual(sumOf([0, 1, 2]))
    expect(sumOf([0, 1, 2])).toMatchObject({ schedules: 5, faults: 5, calls: 50, outcomes: { completed: 5 } })
  })

  it('count up to the failure that was enough, whatever a faster thread has done besides', () => {
    const sum = sumBlocks(subject, 2)
    sum.add(0, block(['1', '2'], ['2']))
    sum.add(2, block(['5', '6'], ['5']))
    expect(sum.isEnough()).toBe(true)
    sum.add(1, block(['3', '4'], ['3']))
    expect(sum.count()).toMatchObject({ schedules: 3, failures: [{ seed: '2' }, { seed: '3' }] })
    expect([...sum.reached()]).toEqual(['1 next', '3 next'])
  })

  it('come to what has ended when they are interrupted', () => {
    const sum = sumBlocks(subject, 5)
    sum.add(1, block(['3', '4']))
    expect(sum.count()).toMatchObject({ schedules: 2 })
    expect(sum.progress()).toEqual({ done: 2, failed: 0 })
  })
})
