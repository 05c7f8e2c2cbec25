import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

it('is taken away when the process that has made it ends', () => {
  const code = `
    import { existsSync } from 'node:fs'
    import { temporaryFolder } from './lib/temporary-folder.ts'
    const folder = temporaryFolder('test')
    console.log(JSON.stringify([folder, existsSync(folder)]))
    process.exit(1)`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: root,
    encoding: 'utf8',
  })
  const [folder, wasThere] = JSON.parse(stdout)
  expect([wasThere, existsSync(folder)]).toEqual([true, false])
})

it('is what all code of this repository makes that needs one', () => {
  const files = execFileSync('git', ['ls-files', 'bin', 'lib', 'test'], { cwd: root, encoding: 'utf8' }).split('\n')
  const makers = files.filter(
    (file) => file.endsWith('.ts') && /mkdtemp\w*\(\s*join\(tmpdir\(\)/.test(readFileSync(`${root}${file}`, 'utf8')),
  )
  expect(makers).toEqual(['lib/temporary-folder.ts'])
})
