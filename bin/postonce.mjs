#!/usr/bin/env node
// `npx postonce …`: hands over to bin/postonce.ts on Node 24, in the folder where the user stands.
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(realpathSync(fileURLToPath(import.meta.url))), '..')
const node24 = join(root, 'node_modules', 'node', 'bin', 'node')
if (!existsSync(node24)) {
  process.stderr.write(
    'postonce: the dependencies are not installed yet. Run `npm run setup` in the project folder first.\n',
  )
  process.exit(1)
}
const child = spawn(node24, [join(root, 'bin', 'postonce.ts'), ...process.argv.slice(2)], { stdio: 'inherit' })
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
// A terminal tells Ctrl-C to both. Told once more, the command line would take it for a second one and end at once.
process.on('SIGINT', () => {})
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
