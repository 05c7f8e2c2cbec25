import { execFileSync } from 'node:child_process'
import { ListExecutionsCommand } from '@aws-sdk/client-sfn'
import * as z from 'zod'
import { stepFunctions } from '#aws/clients/step-functions.ts'

/** What a part of the run came to. */
export interface Phase {
  readonly what: string
  readonly count: number
  readonly seconds: number
  /** Of the emulator's process at its end, without its workers. */
  readonly memoryMb: number
}

/** Memory of one process, as ps tells it. */
export function memoryMbOf(pid: number): number {
  const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return Math.round(Number(kilobytes) / 1024)
}

/** The most that happened within any second. */
export function highestRate(timesMs: readonly number[]): number {
  const sorted = timesMs.toSorted((one, other) => one - other)
  let from = 0
  let highest = 0
  for (const [at, timeMs] of sorted.entries()) {
    while ((sorted[from] ?? timeMs) <= timeMs - 1000) from++
    highest = Math.max(highest, at - from + 1)
  }
  return highest
}

const Page = z.object({
  executions: z.array(z.object({ redriveDate: z.date().optional() })),
  nextToken: z.string().optional(),
})

/** When Step Functions says that each execution was redriven last. */
export async function redrivenAtMs(stateMachineArn: string): Promise<readonly number[]> {
  const times: number[] = []
  let nextToken: string | undefined
  do {
    const command = new ListExecutionsCommand({ stateMachineArn, maxResults: 1000, nextToken })
    const page = Page.parse(await stepFunctions.send(command))
    times.push(...page.executions.flatMap(({ redriveDate }) => redriveDate?.getTime() ?? []))
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  return times
}
