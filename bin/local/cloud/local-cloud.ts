import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ensureVenv } from './python.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const launcher = fileURLToPath(new URL('launcher.py', import.meta.url))
const requirements = fileURLToPath(new URL('../requirements-cloud.txt', import.meta.url))
const node24 = join(root, 'node_modules', 'node', 'bin', 'node')
const logs = join(root, '.local', 'logs')
const keepLogsMs = 86_400_000
const startTimeoutMs = 60_000
const stopTimeoutMs = 20_000

export interface LocalCloudOptions {
  /** Where tables, queues and executions are kept between a clean stop and the next start. Without it, nowhere. */
  readonly stateDir?: string
  /** A free port is taken when none is given. */
  readonly port?: number
  /** It outlives this process. Otherwise it ends with it, however it ends. */
  readonly detached?: boolean
  /** More settings of MiniStack or the launcher, such as SFN_WAIT_SCALE. */
  readonly env?: Readonly<Record<string, string>>
}

export interface LocalCloud {
  readonly endpoint: string
  readonly pid: number
  readonly logFile: string
  stop(): Promise<void>
}

/** Starts MiniStack with the project's repairs, and returns when it answers. */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const python = await ensureVenv('cloud', requirements)
  const port = options.port ?? (await freePort())
  const endpoint = `http://127.0.0.1:${port}`
  const logFile = join(logs, `cloud-${port}.log`)
  mkdirSync(logs, { recursive: true })
  removeOldLogs()
  if (options.stateDir) mkdirSync(options.stateDir, { recursive: true })
  const log = openSync(logFile, 'w')
  const child = spawn(python, ['-u', launcher], {
    // A group of its own: the launcher's Node workers belong to it and end with it.
    detached: true,
    stdio: [options.detached ? 'ignore' : 'pipe', log, log],
    env: { ...process.env, ...environment(port, options), ...options.env },
  })
  if (options.detached) child.unref()
  await untilHealthy(child, endpoint, logFile)
  const pid = child.pid
  if (pid === undefined) throw new Error('The local cloud has no process id.')
  return { endpoint, pid, logFile, stop: () => stopLocalCloud(pid) }
}

/** Asks the launcher to stop, so that state is written, and ends the whole group when it does not. */
export async function stopLocalCloud(pid: number): Promise<void> {
  signal(pid, 'SIGTERM')
  const giveUpAtMs = Date.now() + stopTimeoutMs
  while (isAlive(pid) && Date.now() < giveUpAtMs) await sleep(20)
  signal(-pid, 'SIGKILL')
}

function environment(port: number, { stateDir, detached }: LocalCloudOptions): Record<string, string> {
  return {
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    MINISTACK_HOST: '127.0.0.1',
    MINISTACK_REGION: 'us-east-1',
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    LOG_LEVEL: 'WARNING',
    LAMBDA_EXECUTOR: 'local',
    // The launcher's own gate decides how many handlers run at once; MiniStack's cap would throttle instead.
    LAMBDA_ACCOUNT_CONCURRENCY: '0',
    POSTONCE_NODE24: node24,
    POSTONCE_STOP_WITH_PARENT: detached ? '0' : '1',
    PYTHONDONTWRITEBYTECODE: '1',
    // Each function is unpacked at a place of its own, where nothing would be found again.
    NODE_DISABLE_COMPILE_CACHE: '1',
    // Functions inherit these; a real account's must never reach them.
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SESSION_TOKEN: '',
    AWS_PROFILE: '',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...(stateDir && { PERSIST_STATE: '1', STATE_DIR: stateDir, S3_PERSIST: '1', S3_DATA_DIR: join(stateDir, 's3') }),
  }
}

function removeOldLogs() {
  for (const name of readdirSync(logs)) {
    const file = join(logs, name)
    if (/^cloud-\d+\.log$/.test(name) && statSync(file).mtimeMs < Date.now() - keepLogsMs) rmSync(file, { force: true })
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address && typeof address === 'object') resolve(address.port)
        else reject(new Error('The system gave no free port.'))
      })
    })
  })
}

async function untilHealthy(child: ChildProcess, endpoint: string, logFile: string): Promise<void> {
  let ended: string | undefined
  child.once('error', (error) => {
    ended = error.message
  })
  child.once('exit', (code, signalName) => {
    ended = `ended with ${signalName ?? code}`
  })
  const giveUpAtMs = Date.now() + startTimeoutMs
  while (!ended && Date.now() < giveUpAtMs) {
    const response = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    )
    await response?.body?.cancel()
    if (response?.ok) return
    await sleep(25)
  }
  if (child.pid !== undefined) signal(-child.pid, 'SIGKILL')
  const tail = readFileSync(logFile, 'utf8').split('\n').slice(-20).join('\n').trim()
  throw new Error(`The local cloud did not start: ${ended ?? 'no answer'}.\n${tail}\n(${logFile})`)
}

function isAlive(pid: number): boolean {
  return signal(pid, 0)
}

/** False when there is nobody to receive it. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
