import { availableParallelism } from 'node:os'
import type { ProcessName } from '#domain/processes.ts'
import type { HistoryOptions } from '../history.ts'
import { definition, purchaseDefinition } from '../hub/definition.ts'
import { exitsMissed } from '../machine/coverage.ts'
import { readDefinition } from '../machine/definition.ts'
import { blocksOf, runBlock, type Subject } from './run-block.ts'
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
  subject: Subject,
  seed: string,
  schedules: number,
  options: { readonly maximumFailures?: number } & Pick<HistoryOptions, 'broken'> = {},
): Promise<ProfileCount> {
  const { maximumFailures = defaultMaximumFailures, broken } = options
  const sum = sumBlocks(subject, maximumFailures)
  for (const [index, block] of blocksOf(subject, seed, schedules).entries()) {
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
  subject: Subject,
  seed: string,
  schedules: number,
  { threads, reached, onProgress, isInterrupted }: ThreadedOptions,
): Promise<ProfileResult> {
  const [startMs, startCpu] = [performance.now(), process.cpuUsage()]
  const sum = sumBlocks(subject, defaultMaximumFailures)
  const blocks = blocksOf(subject, seed, schedules).entries()
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

const machines = {
  'order-to-cash': readDefinition(definition),
  'procure-to-pay': readDefinition(purchaseDefinition),
} as const satisfies Record<ProcessName, unknown>

export function missedExits(process: ProcessName, reached: ReadonlySet<string>): string[] {
  return exitsMissed(machines[process], reached)
}

export function defaultJobs(): number {
  return availableParallelism()
}
