import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError } from '../terminal/explain.ts'
import { progressLine } from '../terminal/output.ts'
import { type Archive, type ReplayState, readReplay, readRules, startReplay } from './archive.ts'

export interface ArchiveReplay {
  readonly name: string
  readonly rules: readonly string[]
  readonly from: string
  readonly to: string
  readonly dryRun: boolean
  readonly state: string
}

const over = new Set(['COMPLETED', 'CANCELLED', 'FAILED'])
const pollSeconds = 5

/** Has EventBridge bring again what the archive has of this time, and follows it to its end. */
export async function replayArchive(
  archive: Archive,
  bus: string,
  { fromMs: givenMs, toMs, dryRun }: { readonly fromMs: number; readonly toMs: number; readonly dryRun: boolean },
  pause: (milliseconds: number) => Promise<unknown> = sleep,
): Promise<ArchiveReplay> {
  const name = `postonce-${new Date().toISOString().replace(/[:.]/g, '-')}`
  // An event bears the whole second in which the bus received it.
  const fromMs = Math.floor(givenMs / 1000) * 1000
  const rules = await readRules(bus)
  const said = { name, rules, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), dryRun }
  if (dryRun) return { ...said, state: 'not started' }
  await startReplay(name, archive, rules, fromMs, toMs)
  process.stderr.write(`The replay ${name} goes on in EventBridge, even if this command is stopped.\n`)
  const { state, reason } = await follow(name, pause)
  if (state !== 'COMPLETED') throw new CommandError(`The replay ${name} ended as ${state}: ${reason ?? 'no reason'}`)
  return { ...said, state }
}

async function follow(name: string, pause: (milliseconds: number) => Promise<unknown>): Promise<ReplayState> {
  const progress = progressLine()
  for (;;) {
    const replay = await readReplay(name)
    progress.show(`${name}: ${replay.state}, until ${replay.lastEventAt?.toISOString() ?? 'the beginning'}`)
    if (over.has(replay.state)) {
      progress.end()
      return replay
    }
    await pause(pollSeconds * 1000)
  }
}
