import { spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type ErpCredentials, prepareErpDatabase, setLoseTasks } from './snapshot.ts'

const supervisor = fileURLToPath(new URL('supervise.py', import.meta.url))
const server = fileURLToPath(new URL('serve_trytond.py', import.meta.url))
const startTimeoutMs = 60_000
const stopTimeoutMs = 10_000

export interface LocalErpOptions {
  /** Where the database, its configuration and the log are kept. */
  readonly stateDir: string
  /** Ends the database's name, so that several can be kept on one PostgreSQL. */
  readonly suffix?: string
  /** A free port is taken when none is given. */
  readonly port?: number
  /** Begins with a copy of the snapshot, whatever is there. */
  readonly fresh?: boolean
  /** Leaves the tasks that follow a transaction to a worker, and starts none: as if a crash lost every one of them. */
  readonly loseTasks?: boolean
  /** It outlives this process. Otherwise it ends with it, however it ends. */
  readonly detached?: boolean
}

export interface LocalErp {
  readonly url: string
  readonly database: string
  /** The hub's own user. */
  readonly login: string
  readonly password: string
  /** The administrator, for the seed and for looking around. */
  readonly admin: { readonly login: string; readonly password: string }
  /** The supervisor: it keeps a server running. */
  readonly pid: number
  /** The server itself, which changes with each start. */
  serverPid(): number | undefined
  /** Kills the server as a crash would, if one runs; its supervisor starts it again. */
  kill(): void
  /** Kills the server as a crash would, and returns when it answers again; from then on it may lose its tasks, or not. */
  restart(change?: { readonly loseTasks: boolean }): Promise<void>
  stop(): Promise<void>
}

/** Starts Tryton on its database and returns when it answers. */
export async function startLocalErp(options: LocalErpOptions): Promise<LocalErp> {
  const stateDir = resolve(options.stateDir)
  mkdirSync(stateDir, { recursive: true })
  const prepared = await prepareErpDatabase(stateDir, options)
  const port = await freePort(options.port ?? 0)
  const url = `http://127.0.0.1:${port}`
  const pidFile = join(stateDir, 'erp.pid')
  const logFile = join(stateDir, 'erp.log')
  rmSync(pidFile, { force: true })
  const log = openSync(logFile, 'w')
  const parent = options.detached ? '0' : String(process.pid)
  const serve = [prepared.python, '-u', server, prepared.configFile, prepared.database, pidFile, String(port)]
  const child = spawn(prepared.python, ['-u', supervisor, parent, ...serve], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '' },
  })
  child.unref()
  const pid = child.pid
  if (pid === undefined) throw new Error(`${prepared.python} could not be started; see ${logFile}`)
  await untilReady(url, pid, logFile)
  const { database, credentials, configFile } = prepared
  return handle({ url, pid, pidFile, logFile, configFile, database, credentials })
}

interface Started {
  readonly url: string
  readonly pid: number
  readonly pidFile: string
  readonly logFile: string
  readonly configFile: string
  readonly database: string
  readonly credentials: ErpCredentials
}

function handle(erp: Started): LocalErp {
  const serverPid = () => readPid(erp.pidFile)
  const kill = () => {
    const pid = serverPid()
    if (pid !== undefined) signal(pid, 'SIGKILL')
  }
  return {
    url: erp.url,
    database: erp.database,
    ...erp.credentials.hub,
    admin: { login: 'admin', password: erp.credentials.admin },
    pid: erp.pid,
    serverPid,
    kill,
    restart: async (change) => {
      if (change !== undefined) setLoseTasks(erp.configFile, change.loseTasks)
      const before = serverPid()
      kill()
      const giveUpAtMs = Date.now() + startTimeoutMs
      while (serverPid() === before && Date.now() < giveUpAtMs) await sleep(20)
      await untilReady(erp.url, erp.pid, erp.logFile)
    },
    stop: () => stopLocalErp(erp.pid),
  }
}

/** Ends the supervisor and with it the server. */
export async function stopLocalErp(pid: number): Promise<void> {
  signal(pid, 'SIGTERM')
  const giveUpAtMs = Date.now() + stopTimeoutMs
  while (signal(pid, 0) && Date.now() < giveUpAtMs) await sleep(20)
  signal(pid, 'SIGKILL')
}

async function untilReady(url: string, pid: number, logFile: string): Promise<void> {
  const giveUpAtMs = Date.now() + startTimeoutMs
  while (signal(pid, 0) && Date.now() < giveUpAtMs) {
    const response = await fetch(`${url}/rpc/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 1, method: 'common.server.version', params: [] }),
      signal: AbortSignal.timeout(5_000),
    }).catch(() => undefined)
    await response?.body?.cancel()
    if (response?.ok) return
    await sleep(25)
  }
  signal(pid, 'SIGKILL')
  const tail = readFileSync(logFile, 'utf8').split('\n').slice(-20).join('\n').trim()
  throw new Error(`The local ERP did not start.\n${tail}\n(${logFile})`)
}

/** A port that nobody else listens on: the one that is wanted, or any (0). */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer()
    probe.on('error', (cause) => reject(new Error(`Port ${wanted} for the local ERP is taken.`, { cause })))
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (address && typeof address === 'object') resolvePort(address.port)
        else reject(new Error('The system gave no free port.'))
      })
    })
  })
}

function readPid(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

/** False when there is nobody to receive it. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
