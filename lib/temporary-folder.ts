import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const made = new Set<string>()

/**
 * A folder of this process, which takes it away at its end; what a process that was killed has left, the next one takes
 * away. Young ones stay: another container may share the disk, and have processes of its own.
 * @param what it is for: `synth`
 */
export function temporaryFolder(what: string): string {
  if (made.size === 0) {
    process.once('exit', () => made.forEach(remove))
    for (const name of readdirSync(tmpdir())) if (isLeft(name)) remove(join(tmpdir(), name))
  }
  const folder = mkdtempSync(join(tmpdir(), `postonce-of-${process.pid}-${what}-`))
  made.add(folder)
  return folder
}

const hourMs = 3_600_000

function isLeft(name: string): boolean {
  const [, pid] = /^postonce-of-(\d+)-/.exec(name) ?? []
  if (pid === undefined || isAlive(Number(pid))) return false
  const { mtimeMs } = statSync(join(tmpdir(), name), { throwIfNoEntry: false }) ?? { mtimeMs: Number.POSITIVE_INFINITY }
  return mtimeMs < Date.now() - hourMs
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
