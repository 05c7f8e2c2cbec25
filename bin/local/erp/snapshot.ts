import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as z from 'zod'
import { ensureVenv } from '../cloud/python.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../', import.meta.url))
const requirements = fileURLToPath(new URL('../requirements-erp.txt', import.meta.url))
const createScript = fileURLToPath(new URL('create_database.py', import.meta.url))
const postgresScript = fileURLToPath(new URL('postgres.py', import.meta.url))
const createTimeoutMs = 15 * 60_000

const Credentials = z.object({ admin: z.string(), hub: z.object({ login: z.string(), password: z.string() }) })
export type ErpCredentials = z.output<typeof Credentials>

/** The database of the local ERP, ready to be served. */
export interface ErpDatabase {
  readonly python: string
  readonly configFile: string
  readonly database: string
  readonly credentials: ErpCredentials
}

/**
 * Puts the ERP's database into a folder: a copy of the snapshot, or what is there already.
 * The snapshot is made once for each set of requirements, script and year (fiscal years follow the calendar).
 */
export async function prepareErpDatabase(
  stateDir: string,
  { fresh = false, loseTasks = false, suffix = '' }: DatabaseOptions,
): Promise<ErpDatabase> {
  const python = await ensureVenv('erp', requirements)
  mkdirSync(stateDir, { recursive: true })
  const url = process.env.POSTONCE_ERP_DATABASE_URL
  const prepared = await (url
    ? preparePostgres(python, stateDir, url, suffix, fresh)
    : prepareSqlite(python, stateDir, fresh))
  return { ...prepared, configFile: writeConfig(stateDir, prepared.settings, loseTasks) }
}

interface DatabaseOptions {
  readonly fresh?: boolean
  readonly loseTasks?: boolean
  readonly suffix?: string
}

/** What is served, and the lines of the configuration that say where it is. */
type Prepared = Omit<ErpDatabase, 'configFile'> & { readonly settings: readonly string[] }

async function prepareSqlite(python: string, stateDir: string, fresh: boolean): Promise<Prepared> {
  const database = 'erp'
  if (fresh) {
    for (const file of readdirSync(stateDir)) if (file.startsWith('erp.sqlite')) rmSync(join(stateDir, file))
  }
  if (!existsSync(join(stateDir, 'erp.sqlite'))) {
    const snapshot = await sqliteSnapshot(python)
    cpSync(join(snapshot, 'credentials.json'), join(stateDir, 'credentials.json'))
    cpSync(join(snapshot, 'erp.sqlite'), join(stateDir, 'erp.sqlite.new'))
    renameSync(join(stateDir, 'erp.sqlite.new'), join(stateDir, 'erp.sqlite'))
  }
  const settings = ['uri = sqlite://', `path = ${stateDir}`]
  return { python, settings, database, credentials: readCredentials(stateDir) }
}

async function sqliteSnapshot(python: string): Promise<string> {
  const folder = join(root, '.local', 'snapshots', `erp-${fingerprint()}`)
  if (existsSync(folder)) return folder
  process.stderr.write('Making the ERP database from nothing, once (about a minute) …\n')
  const draft = `${folder}.${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  const configFile = writeConfig(draft, ['uri = sqlite://', `path = ${draft}`])
  writeFileSync(join(draft, 'erp.sqlite'), '')
  writeCredentials(draft)
  await python3(python, [createScript, configFile, 'erp', join(draft, 'credentials.json')])
  if (existsSync(join(draft, 'erp.sqlite-wal'))) throw new Error(`${draft}/erp.sqlite was not closed`)
  if (existsSync(folder)) rmSync(draft, { recursive: true })
  else renameSync(draft, folder)
  return folder
}

/** On PostgreSQL the snapshot is a template database; its users' passwords are kept beside the SQLite snapshots. */
async function preparePostgres(
  python: string,
  stateDir: string,
  url: string,
  suffix: string,
  fresh: boolean,
): Promise<Prepared> {
  const database = `${new URL(url).pathname.slice(1) || 'postonce_erp'}${suffix}`
  const server = new URL(url)
  server.pathname = ''
  const settings = [`uri = ${server.href.replace(/\/$/, '')}`]
  const configFile = writeConfig(stateDir, settings)
  const template = `postonce_template_${fingerprint()}`
  const folder = join(root, '.local', 'snapshots', `erp-postgres-${fingerprint()}`)
  const exists = async (name: string) => (await python3(python, [postgresScript, url, 'exists', name])).trim() === 'yes'

  if (!existsSync(join(folder, 'credentials.json')) || !(await exists(template))) {
    process.stderr.write('Making the ERP database on PostgreSQL from nothing, once (about three minutes) …\n')
    mkdirSync(folder, { recursive: true })
    writeCredentials(folder)
    const draft = `${template}_draft`
    await python3(python, [postgresScript, url, 'create', draft])
    await python3(python, [createScript, configFile, draft, join(folder, 'credentials.json')])
    await python3(python, [postgresScript, url, 'rename', draft, template])
  }
  if (fresh || !(await exists(database))) {
    await python3(python, [postgresScript, url, 'copy', template, database])
    cpSync(join(folder, 'credentials.json'), join(stateDir, 'credentials.json'))
  }
  return { python, settings, database, credentials: readCredentials(stateDir) }
}

function fingerprint(): string {
  const hash = createHash('sha256').update(String(new Date().getFullYear()))
  for (const file of [requirements, createScript]) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 12)
}

function writeConfig(folder: string, database: readonly string[], loseTasks = false): string {
  const file = join(folder, 'trytond.conf')
  // The queue's tasks run in the request that made them, so that one server is all there is to start.
  const lines = ['[database]', ...database, '[queue]', workerSetting(loseTasks), '[request]', 'timeout = 60', '']
  writeFileSync(file, lines.join('\n'), { mode: 0o600 })
  return file
}

/** Whether the server, from its next start on, loses the tasks that follow a transaction. */
export function setLoseTasks(configFile: string, loseTasks: boolean): void {
  const text = readFileSync(configFile, 'utf8')
  writeFileSync(configFile, text.replace(/^worker = .*$/m, workerSetting(loseTasks)))
}

function workerSetting(loseTasks: boolean): string {
  return `worker = ${loseTasks ? 'True' : 'False'}`
}

function writeCredentials(folder: string): void {
  const credentials = { admin: secret(), hub: { login: 'postonce', password: secret() } }
  writeFileSync(join(folder, 'credentials.json'), JSON.stringify(credentials), { mode: 0o600 })
}

function readCredentials(folder: string): ErpCredentials {
  return Credentials.parse(JSON.parse(readFileSync(join(folder, 'credentials.json'), 'utf8')))
}

function secret(): string {
  return randomBytes(18).toString('base64url')
}

async function python3(python: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(python, args, { timeout: createTimeoutMs, maxBuffer: 64 * 1024 * 1024 })
  return stdout
}
