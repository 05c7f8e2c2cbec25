import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../../../bin/local/state.ts'

it('runs no test, and fails, where none has the name that npm test is given', () => {
  const words = [join(root, 'bin', 'run.mjs'), 'test', 'no-such-test']
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 600_000 })
  expect([status, stderr]).toEqual([1, 'postonce: no test is named no-such-test.\n'])
})
