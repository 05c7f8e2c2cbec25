import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const oldest = { major: 3, minor: 10 } as const
const installTimeoutMs = 15 * 60_000

/**
 * Makes sure that `.local/venv-<name>` holds exactly what the requirements file pins, and returns its Python.
 * The stamp is written last: an interrupted installation has none, and the next call starts it over.
 */
export async function ensureVenv(name: string, requirementsFile: string): Promise<string> {
  const folder = join(root, '.local', `venv-${name}`)
  const venvPython = join(folder, 'bin', 'python')
  const { command, version } = await findPython()
  const stamp = createHash('sha256').update(version).update(readFileSync(requirementsFile)).digest('hex')
  const stampFile = join(folder, '.installed')
  if (readIfThere(stampFile) === stamp) return venvPython

  const unlock = await lock(`${folder}.lock`)
  try {
    if (readIfThere(stampFile) === stamp) return venvPython
    rmSync(folder, { recursive: true, force: true })
    process.stderr.write(`Installing ${name} into .local/venv-${name}, once …\n`)
    await run(command, ['-m', 'venv', folder], 'On Debian and Ubuntu the module comes with: apt install python3-venv')
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input']
    await run(
      venvPython,
      [...install, '-r', requirementsFile],
      `Is the package index reachable? See ${requirementsFile}`,
    )
    writeFileSync(stampFile, stamp)
    return venvPython
  } finally {
    unlock()
  }
}

async function findPython() {
  const command = process.env.POSTONCE_PYTHON ?? 'python3'
  const need = `Python ${oldest.major}.${oldest.minor} or later is needed (another one: POSTONCE_PYTHON=/path/to/python3).`
  const version = (await run(command, ['-c', 'import sys; print(sys.version.split()[0])'], need)).trim()
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major !== oldest.major || minor < oldest.minor) throw new Error(`${command} is Python ${version}. ${need}`)
  return { command, version }
}

/** One installation at a time, also between processes. A lock whose owner has died is taken over. */
async function lock(file: string): Promise<() => void> {
  mkdirSync(join(root, '.local'), { recursive: true })
  const giveUpAtMs = Date.now() + installTimeoutMs
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return () => rmSync(file, { force: true })
    } catch (cause) {
      const owner = readIfThere(file)
      if (owner && !isAlive(Number(owner))) rmSync(file, { force: true })
      if (Date.now() > giveUpAtMs) throw new Error(`Another process (${owner}) holds ${file}.`, { cause })
      await sleep(200)
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function run(command: string, args: readonly string[], hint: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: installTimeoutMs })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('error', (cause) => reject(new Error(`${command} could not be started. ${hint}`, { cause })))
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(stdout)
      reject(new Error(`${[command, ...args].join(' ')} ended with ${signal ?? code}.\n${stderr || stdout}\n${hint}`))
    })
  })
}
