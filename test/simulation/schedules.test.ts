import { describe, expect, it } from 'vitest'
import { processNames } from '#domain/processes.ts'
import { profiles, runHistory } from './history.ts'
import { runProfile, runProfileInThreads } from './simulate/run-profile.ts'
import { startThreads } from './simulate/threads.ts'

const names = Object.values(profiles).map(({ name }) => name)

describe('a thousand schedules of faults, duplicates and people', () => {
  it.each(names)('break no law with an ERP of profile %s', async (profile) => {
    const { failures, schedules } = await runProfile({ process: 'order-to-cash', profile }, 'ci', 200)
    expect(failures).toEqual([])
    expect(schedules).toBe(200)
  })

  it('are told again by their seed, call by call, and leave the same state', async () => {
    const tellAll = async (seed: string) => {
      const lines: string[] = []
      const history = await runHistory({
        seed,
        profile: 'look-up',
        tell: (atMs, line) => lines.push(`${atMs} ${line}`),
      })
      return { lines, digest: history.digest, state: history.stateHash() }
    }
    const first = await tellAll('again')
    expect(first.lines.length).toBeGreaterThan(50)
    expect(await tellAll('again')).toEqual(first)
    expect((await tellAll('another')).state).not.toBe(first.state)
  })

  it.each(processNames)('come to the same in one thread, in two, and here: %s', async (process) => {
    const subject = { process, profile: 'look-up' } as const
    const inThreads = async (jobs: number) => {
      const threads = startThreads(jobs)
      const options = { threads, reached: new Set<string>(), onProgress: () => {}, isInterrupted: () => false }
      try {
        const { seconds, cpuSeconds, warmRate, ...counted } = await runProfileInThreads(subject, 'ci', 40, options)
        return { ...counted, reached: [...options.reached].sort() }
      } finally {
        await threads.stop()
      }
    }
    const one = await inThreads(1)
    expect(await inThreads(2)).toEqual(one)
    expect(one).toMatchObject(await runProfile(subject, 'ci', 40))
  })
})
