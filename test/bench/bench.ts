// `npm run bench`: what the project promises in numbers, measured, as one table.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { formatTable } from '../../bin/commands/terminal/table.ts'
import { benchAccounts, benchPartitions } from './accounts.ts'
import type { Row } from './row.ts'

/** Each of the other parts is a process of its own: they tell the functions other settings. */
const processes = {
  order: 'order-cost.ts',
  functions: 'functions.ts',
  simulation: 'simulation-rate.ts',
  reconcile: 'reconcile/reconcile.ts',
  cloud: 'cloud/cloud.ts',
} as const
/** A Lambda of 512 MB has no more. */
const options: Readonly<Record<string, readonly string[]>> = { reconcile: ['--max-old-space-size=400'] }
const names = ['accounts', 'partitions', ...Object.keys(processes)]

const usage = `npm run bench -- [--part ${names.join('|')}] [--cases N] [--seed S] [--drawn N] [--json FILE]`

const { values } = parseArgs({
  options: {
    // The local cloud takes minutes, and wants the machine to itself.
    part: { type: 'string', multiple: true, default: names.filter((name) => name !== 'cloud') },
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    /** Further limits, drawn from the seed. */
    drawn: { type: 'string', default: '3' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

async function main(): Promise<number> {
  const [cases, drawn] = [Number(values.cases), Number(values.drawn)]
  const unknown = values.part.filter((part) => !names.includes(part))
  if (values.help || unknown.length > 0 || !(cases >= 1) || !(drawn >= 0)) {
    process.stderr.write(`${usage}\n`)
    return values.help ? 0 : 2
  }
  Error.stackTraceLimit = 0
  const rows: Row[] = []
  const has = (part: string) => values.part.includes(part)
  const say = (row: Row) => {
    rows.push(row)
    process.stderr.write(`${row.what}: ${row.measured}\n`)
  }
  if (has('accounts')) await benchAccounts({ seed: values.seed, cases, drawn }, say)
  if (has('partitions')) say(await benchPartitions(values.seed))
  for (const [part, file] of Object.entries(processes))
    if (has(part)) for (const row of run(file, options[part] ?? [])) say(row)
  process.stdout.write(`${formatRows(rows)}\n`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ seed: values.seed, rows }, null, 2)}\n`)
  return rows.every(({ isKept }) => isKept !== false) ? 0 : 1
}

function run(file: string, nodeOptions: readonly string[]): readonly Row[] {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit']
  return JSON.parse(execFileSync(process.execPath, [...nodeOptions, path], { encoding: 'utf8', stdio }))
}

function formatRows(rows: readonly Row[]): string {
  const columns = [{ title: 'WHAT' }, { title: 'MEASURED' }, { title: 'TARGET' }, { title: '' }]
  return formatTable(
    columns,
    rows.map(({ what, measured, target = '', isKept }) => [what, measured, target, isKept === false ? 'MISSED' : '']),
  )
}

process.exitCode = await main()
