// The one entry of every npm script. It runs on whatever Node the user has (20 or later), installs the exact
// dependencies when they are missing or the lockfile has changed, and hands over to the Node 24 that came with them.
// Plain JavaScript on purpose: it has to run before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const node24 = join(root, 'node_modules', 'node', 'bin', 'node')
const bins = join(root, 'node_modules', '.bin')
/** Where Node keeps what it has compiled: each of the tests' many processes would compile the CDK and the SDKs anew. */
const compiled = join(root, '.local', 'compiled')
const vitest = [node24, join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run']

/** Each command is a list of programs that run one after the other; the first that fails ends it. */
const commands = {
  setup: [[node24, 'bin/local/setup.ts']],
  local: [[node24, 'bin/local/start.ts']],
  stop: [[node24, 'bin/local/stop.ts']],
  demo: [[node24, 'bin/local/demo.ts']],
  simulate: [[node24, 'test/simulation/simulate.ts']],
  bench: [[node24, 'test/bench/bench.ts']],
  stories: [[node24, 'test/cloud/stories/tell-stories.ts']],
  'redrive:many': [[node24, 'test/cloud/redrive-many/redrive-many.ts']],
  'verify:account': [[node24, 'test/account/verify-account.ts']],
  check: [
    [join(bins, 'tsc'), '--noEmit'],
    [join(bins, 'biome'), 'ci', '--error-on-warnings', '.'],
  ],
  format: [[join(bins, 'biome'), 'check', '--write', '.']],
  'test:fast': [
    ['run', 'check'],
    [...vitest, '--project', 'pure', '--project', 'fast'],
  ],
  test: [
    ['run', 'check'],
    [node24, 'bin/local/setup.ts'],
    [...vitest, '--project', 'pure', '--project', 'fast', '--project', 'simulation'],
  ],
  postonce: [[node24, 'bin/postonce.ts']],
}

/**
 * What runs beside the last program of a command, and is heard when it has ended. What needs a cloud or an ERP waits most of
 * the time, for leases, time-outs and alarms, while what needs none has all the processors there are: that gives way. What
 * compares the local cloud's own time-outs of a second gives way to nothing.
 */
const besides = {
  test: [
    { project: 'cloud', nice: 0 },
    { project: 'alarms', nice: 0 },
    ...['contract', 'hub', 'purchases', 'lives'].map((project) => ({ project, nice: 5 })),
  ],
}
/** … and by how much the last program itself gives way. */
const lastNice = 8

function installDependencies() {
  const stamp = join(root, 'node_modules', '.installed-lock')
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(node24) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  // `npm ci` empties the folder first, and whoever shares it would stand without.
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    fail(
      'node_modules is a link to a folder with other dependencies than package-lock.json wants. Install there, or remove the link.',
    )
  }
  process.stderr.write('Installing the exact dependencies (npm ci), once …\n')
  const npm = process.env.npm_execpath
  const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  const result = spawnSync(program, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (result.status !== 0) fail('npm ci failed. See the lines above; nothing was started.')
  if (!existsSync(node24))
    fail('Node 24 (npm package "node") was not installed: npm must be allowed to run its install script.')
  writeFileSync(stamp, hash)
}

function fail(message) {
  process.stderr.write(`postonce: ${message}\n`)
  process.exit(1)
}

/** A filter of files that names none of a project is no failure of that one; one that names none at all is. */
function refuseIdleFilter(filter) {
  const [program, ...list] = [...vitest.slice(0, -1), 'list', '--filesOnly', ...filter]
  const { status, stdout, stderr } = spawnSync(program, list, { cwd: root, encoding: 'utf8' })
  if (status !== 0) fail(`the tests that ${filter.join(' ')} names cannot be listed: ${stderr.trim()}`)
  if (stdout.trim() === '') fail(`no test is named ${filter.join(' ')}.`)
}

/** A terminal tells Ctrl-C to everything that runs in it; told once more, a program would take it for a second one. */
const isAtTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY)

/**
 * Runs one program to its end and passes signals on, so that what it started can stop with it. What `isKept` says is read here,
 * to be told later; if it `isHeard`, at once as well.
 */
function run([program, ...args], { isKept = false, isHeard = true, nice = 0 } = {}) {
  return new Promise((resolve) => {
    const said = []
    const child = spawn(program, args, {
      cwd: root,
      stdio: isKept ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: { ...process.env, PATH: `${bins}${delimiter}${process.env.PATH}`, NODE_COMPILE_CACHE: compiled },
    })
    // From its own, since nobody may raise what was begun as `nice` already.
    if (nice > 0 && child.pid !== undefined) setPriority(child.pid, Math.min(19, getPriority() + nice))
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        said.push(chunk)
        if (isHeard) process.stdout.write(chunk)
      })
    }
    const pass = (signal) => child.kill(signal)
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, pass)
    process.on('SIGINT', isAtTerminal ? () => {} : pass)
    child.on('error', (error) => fail(`${program} could not be started: ${error.message}`))
    child.on('close', (code, signal) => resolve({ code: code ?? (signal === 'SIGINT' ? 130 : 1), said }))
  })
}

/** The parts of a command, at once; what failed is told last and named, since whoever reads a log begins at its end. */
async function runParts(program, parts, filter) {
  const only = filter.length > 0 ? [...filter, '--passWithNoTests'] : []
  const running = [
    // At a terminal it tells how far it is, and is not told again.
    { name: 'without servers', run: run([...program, ...only], { isKept: !isAtTerminal, nice: lastNice }) },
    ...parts.map(({ project, nice }) => ({
      name: project,
      run: run([...vitest, '--project', project, ...only], { isKept: true, isHeard: false, nice }),
    })),
  ]
  const ended = []
  for (const part of running) ended.push({ name: part.name, ...(await part.run) })
  const failed = ended.filter(({ code }) => code !== 0)
  for (const { said } of [...ended.slice(1).filter(({ code }) => code === 0), ...failed]) {
    process.stdout.write(Buffer.concat(said))
  }
  const names = failed.length > 0 ? ` (${failed.map(({ name }) => name).join(', ')})` : ''
  process.stdout.write(`parts: ${ended.length - failed.length} passed, ${failed.length} failed${names}\n`)
  return failed[0]?.code ?? 0
}

const [name, ...args] = process.argv.slice(2)
if (!Object.hasOwn(commands, name)) fail(`there is no command "${name}". Known: ${Object.keys(commands).join(', ')}.`)
installDependencies()
if (Object.hasOwn(besides, name) && args.length > 0) refuseIdleFilter(args)

const programs = commands[name].flatMap((program) => (program[0] === 'run' ? commands[program[1]] : [program]))
const last = programs.pop()
for (const program of programs) {
  const { code } = await run(program)
  if (code !== 0) process.exit(code)
}
process.exitCode = Object.hasOwn(besides, name)
  ? await runParts(last, besides[name], args)
  : (await run([...last, ...args])).code
