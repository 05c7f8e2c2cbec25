import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { watch } from 'node:fs/promises'
import { dirname } from 'node:path'
import { text } from 'node:stream/consumers'
import * as z from 'zod'
import { root } from '../../../bin/local/state.ts'

export const Groups = z.object({
  groups: z.array(
    z.object({
      id: z.string(),
      code: z.string(),
      count: z.number(),
      owner: z.string(),
      atStake: z.record(z.string(), z.string()),
    }),
  ),
})
/** What `redrive` and `replay` report. */
export const Report = z.object({
  started: z.number(),
  nothingToDo: z.number(),
  failed: z.number(),
  notStarted: z.number(),
  items: z.array(
    z.object({
      target: z.string(),
      outcome: z.string(),
      message: z.string(),
      plan: z
        .object({
          do: z.string(),
          outlook: z.object({ posted: z.array(z.string()), next: z.array(z.string()) }).optional(),
        })
        .optional(),
    }),
  ),
})
export type Report = z.output<typeof Report>

export const readReport = (file: string) => Report.parse(JSON.parse(readFileSync(file, 'utf8')))

/** The commands as a person types them, in the environment that HUB_TABLE and the like name. */
export function commandLine(deadLetterQueueUrl: string) {
  const start = (words: readonly string[]) =>
    spawn(process.execPath, ['bin/postonce.ts', ...words], {
      cwd: root,
      env: { ...process.env, DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl },
      stdio: ['ignore', 'pipe', 'pipe'],
    })

  return {
    /** What a command says in JSON. @throws Error with what it complains of instead */
    postonce: async <T extends z.ZodType>(schema: T, ...words: readonly string[]): Promise<z.output<T>> => {
      const { stdout, stderr } = start([...words, '--json'])
      const [said, complained] = await Promise.all([text(stdout), text(stderr)])
      if (said === '') throw new Error(`${words.join(' ')} says nothing but ${complained}`)
      return schema.parse(JSON.parse(said))
    },

    /** Presses Ctrl-C when the report in the file tells of so many. @returns the exit code */
    interrupt: async (file: string, atStarted: number, ...words: readonly string[]): Promise<number | null> => {
      const child = start([...words, '--json', file])
      child.stdout.resume()
      child.stderr.resume()
      const watching = new AbortController()
      const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
      ended.then(() => watching.abort())
      try {
        for await (const _ of watch(dirname(file), { signal: watching.signal })) {
          if (startedIn(file) < atStarted) continue
          child.kill('SIGINT')
          break
        }
      } catch (error) {
        if (!watching.signal.aborted) throw error
      }
      return await ended
    },
  }
}

function startedIn(file: string): number {
  try {
    return readReport(file).started
  } catch {
    return 0
  }
}
