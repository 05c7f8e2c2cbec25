import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { temporaryFolder } from '../../lib/temporary-folder.ts'
import type { DrillTarget } from '../cloud/launcher/target.ts'
import { Check } from './check.ts'
import { type Run, writeRun } from './run.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url))

/**
 * Runs the drills against the target until they are through, the time is over or the signal comes. They run in a process
 * group of their own: Ctrl-C in a terminal reaches every process of a group, and would end them before they are counted.
 */
export async function runChecks(
  target: Run['target'] & DrillTarget,
  only: readonly string[],
  limitMs: number,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  if (signal.aborted) return unfinished(null, 'SIGINT')
  const folder = temporaryFolder('verify')
  const resultsFile = join(folder, 'checks.jsonl')
  try {
    const child = spawn(
      process.execPath,
      [vitest, 'run', '--config', config, ...only.map((name) => `/${name}.test.ts`)],
      {
        cwd: root,
        detached: true,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...withoutVitest(process.env), ...writeRun({ root, resultsFile, target }) },
      },
    )
    const stop = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    }
    const timer = setTimeout(stop, limitMs)
    signal.addEventListener('abort', stop, { once: true })
    const [code, killed] = await new Promise<readonly [number | null, string | null]>((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', (exitCode, exitSignal) => resolve([exitCode, exitSignal]))
    })
    clearTimeout(timer)
    return [...readChecks(resultsFile), ...unfinished(code, killed)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readChecks(file: string): readonly Check[] {
  const lines = readIfThere(file)
    .split('\n')
    .filter((line) => line !== '')
  return parse(
    z.array(Check),
    lines.map((line) => JSON.parse(line)),
    file,
  )
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Checks that were never made must not look as if they had been. */
function unfinished(code: number | null, killed: string | null): readonly Check[] {
  if (code === 0 || code === 1) return []
  const seen = killed === null ? `it ended with ${code}` : 'it was stopped before the end'
  return [{ title: 'all checks are made', verdict: 'differs', expected: 'the end', seen, page: '' }]
}

/** It may be started by a test. */
function withoutVitest(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$)/.test(name)))
}
