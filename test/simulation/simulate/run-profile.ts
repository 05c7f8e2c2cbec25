import { availableParallelism } from 'node:os'
import type { ProfileName } from '../erp/profiles.ts'
import type { HistoryOptions } from '../history.ts'
import { definition } from '../hub/definition.ts'
import { exitsMissed } from '../machine/coverage.ts'
import { readDefinition } from '../machine/definition.ts'
import { blocksOf, runBlock } from './run-block.ts'
import { type ProfileCount, type Sum, sumBlocks } from './sum-blocks.ts'
import type { Threads } from './threads.ts'

export type ProfileResult = ProfileCount & {
  readonly seconds: number
  readonly cpuSeconds: number
  /** Histories a processor second, from when every thread has warmed up by a first block; absent where none followed. */
  readonly warmRate?: number
}

const defaultMaximumFailures = 5

/** Runs so many histories of one profile in this thread; stops when it has found enough that fail. */
export async function runProfile(
  profile: ProfileName,
  seed: string,
  schedules: number,
  options: { readonly maximumFailures?: number } & Pick<HistoryOptions, 'broken'> = {},
): Promise<ProfileCount> {
  const { maximumFailures = defaultMaximumFailures, broken } = options
  const sum = sumBlocks(profile, maximumFailures)
  for (const [index, block] of blocksOf(profile, seed, schedules).entries()) {
    if (sum.isEnough()) break
    sum.add(index, await runBlock(block, maximumFailures, broken))
  }
  return sum.count()
}

export type ThreadedOptions = {
  readonly threads: Threads
  /** Gathers every way out of a state that was taken. */
  readonly reached: Set<string>
  /** Told of each block that has ended. */
  readonly onProgress: (sum: Sum, seconds: number) => void
  readonly isInterrupted: () => boolean
}

/** The same in threads: each takes the next block when it has done one. */
export async function runProfileInThreads(
  profile: ProfileName,
  seed: string,
  schedules: number,
  { threads, reached, onProgress, isInterrupted }: ThreadedOptions,
): Promise<ProfileResult> {
  const [startMs, startCpu] = [performance.now(), process.cpuUsage()]
  const sum = sumBlocks(profile, defaultMaximumFailures)
  const blocks = blocksOf(profile, seed, schedules).entries()
  const secondsSoFar = () => (performance.now() - startMs) / 1000
  let cold = threads.count
  let warm: { readonly done: number; readonly cpuSeconds: number } | undefined
  await threads.each(async (run) => {
    let isFirst = true
    // A block that was begun is ended, so that every one before the last failure is there.
    for (const [index, block] of blocks) {
      if (sum.isEnough() || isInterrupted()) return
      const result = await run(block, defaultMaximumFailures)
      if (result === undefined) return
      sum.add(index, result)
      onProgress(sum, secondsSoFar())
      if (isFirst && --cold === 0) warm = { done: sum.progress().done, cpuSeconds: cpuSecondsSince(startCpu) }
      isFirst = false
    }
  })
  for (const exit of sum.reached()) reached.add(exit)
  const cpuSeconds = cpuSecondsSince(startCpu)
  const more = warm === undefined ? 0 : sum.progress().done - warm.done
  const warmRate = warm !== undefined && more > 0 ? { warmRate: more / (cpuSeconds - warm.cpuSeconds) } : {}
  return { ...sum.count(), seconds: secondsSoFar(), cpuSeconds, ...warmRate }
}

function cpuSecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

const read = readDefinition(definition)

export function missedExits(reached: ReadonlySet<string>): string[] {
  return exitsMissed(read, reached)
}

export function defaultJobs(): number {
  return availableParallelism()
}
