import { describe, expect, it } from 'vitest'
import { profiles, runHistory } from './history.ts'
import { runProfile } from './simulate/run-profile.ts'

const names = Object.values(profiles).map(({ name }) => name)

describe('a thousand schedules of faults, duplicates and people', () => {
  it.each(names)('break no law with an ERP of profile %s', { timeout: 120_000 }, async (profile) => {
    const { failures, schedules } = await runProfile(profile, 'ci', 200)
    expect(failures).toEqual([])
    expect(schedules).toBe(200)
  })

  it('are told again by their seed, call by call', async () => {
    const tellAll = async () => {
      const lines: string[] = []
      await runHistory({ seed: 'again', profile: 'look-up', tell: (atMs, line) => lines.push(`${atMs} ${line}`) })
      return lines
    }
    const first = await tellAll()
    expect(first.length).toBeGreaterThan(50)
    expect(await tellAll()).toEqual(first)
  })
})
