// `npm run bench`: what the project promises in numbers, measured, as one table.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { formatTable } from '../../bin/commands/terminal/table.ts'
import { benchAccounts, benchPartitions } from './accounts.ts'
import type { Row } from './row.ts'

/** Each of the other parts is a process of its own, or two: they tell the functions other settings. */
const processes: Readonly<Record<string, (values: Settings) => readonly (readonly string[])[]>> = {
  order: () => [['order-cost.ts']],
  functions: () => [['functions.ts']],
  simulation: () => [['simulation-rate.ts']],
  reconcile: ({ orders, seed }) => [
    // A Lambda of 512 MB has no more.
    ['--max-old-space-size=400', 'reconcile/memory.ts'],
    [...heap(orders), 'reconcile/repairs.ts', `--orders=${orders}`, `--seed=${seed}`],
  ],
  cloud: () => [['cloud/cloud.ts']],
}
type Settings = { readonly orders: number; readonly seed: string }
const names = ['accounts', 'partitions', ...Object.keys(processes)]

const usage = `npm run bench -- [--part ${names.join('|')}] [--cases N] [--orders N] [--seed S] [--drawn N] [--json FILE]`

const { values } = parseArgs({
  options: {
    // The local cloud takes minutes, and wants the machine to itself.
    part: { type: 'string', multiple: true, default: names.filter((name) => name !== 'cloud') },
    cases: { type: 'string', default: '10000' },
    /** Among which differences are found and repaired. */
    orders: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    /** Further limits, drawn from the seed. */
    drawn: { type: 'string', default: '3' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

async function main(): Promise<number> {
  const [cases, drawn, orders] = [Number(values.cases), Number(values.drawn), Number(values.orders)]
  const unknown = values.part.filter((part) => !names.includes(part))
  if (values.help || unknown.length > 0 || !(cases >= 1) || !(drawn >= 0) || !(orders >= 200)) {
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
  for (const [part, commandsOf] of Object.entries(processes))
    if (has(part)) for (const row of commandsOf({ orders, seed: values.seed }).flatMap(run)) say(row)
  process.stdout.write(`${formatRows(rows)}\n`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ seed: values.seed, rows }, null, 2)}\n`)
  return rows.every(({ isKept }) => isKept !== false) ? 0 : 1
}

/** What a hub needs that keeps what so many orders have written; what it does not keep is to be found young, and gone. */
function heap(orders: number): readonly string[] {
  return [`--max-old-space-size=${400 + Math.ceil(orders * 0.06)}`, '--max-semi-space-size=64']
}

/** A command of Node in words, one of which is a file of this folder. */
function run(words: readonly string[]): readonly Row[] {
  const here = (word: string) => (word.endsWith('.ts') ? fileURLToPath(new URL(word, import.meta.url)) : word)
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit']
  return JSON.parse(execFileSync(process.execPath, words.map(here), { encoding: 'utf8', stdio }))
}

function formatRows(rows: readonly Row[]): string {
  const columns = [{ title: 'WHAT' }, { title: 'MEASURED' }, { title: 'TARGET' }, { title: '' }]
  return formatTable(
    columns,
    rows.map(({ what, measured, target = '', isKept }) => [what, measured, target, isKept === false ? 'MISSED' : '']),
  )
}

process.exitCode = await main()
