import { Command } from 'commander'
import * as z from 'zod'
import { CaseItem } from '#aws/case-store.ts'
import { processNames } from '#domain/processes.ts'
import { listCases } from './cases/list-cases.ts'
import { connect, withEnvironment } from './environment.ts'
import { readOptions } from './terminal/options.ts'
import { printResult } from './terminal/output.ts'
import { formatTable } from './terminal/table.ts'
import { formatAge } from './terminal/time.ts'

const statuses = CaseItem.shape.status.options
const Options = z.object({
  status: z.enum(statuses).optional(),
  process: z.enum(processNames).optional(),
  limit: z.coerce.number().int().min(1).max(10_000),
  environment: z.string().optional(),
  json: z.boolean(),
})

/** `cases`: the business cases, the newest last. */
export function casesCommand(): Command {
  const command = new Command('cases')
    .description('the business cases, the newest last')
    .option('--status <status>', `only these: ${statuses.join(', ')}`)
    .option('--process <name>', `only this one: ${processNames.join(', ')}`)
    .option('--limit <count>', 'the newest so many', '50')
  return withEnvironment(command).action(async (given: unknown) => {
    const options = readOptions(Options, given)
    await connect(options.environment)
    const wanted = options.status === undefined ? statuses : [options.status]
    const cases = await listCases(
      options.process === undefined ? processNames : [options.process],
      wanted,
      options.limit,
    )
    printResult(options.json, cases, () => formatCases(cases, Date.now()))
  })
}

/** One case a line; the columns are what a person acts on. */
export function formatCases(cases: readonly CaseItem[], nowMs: number): string {
  if (cases.length === 0) return 'There are no cases.'
  const rows = cases.map((one) => [
    one.pk,
    one.status,
    formatAge(nowMs - one.acceptedAtMs),
    `${one.netTotal} ${one.currency}`,
    textOf(one.failure?.code),
    textOf(one.failure?.owner),
    textOf(one.failure?.message).slice(0, 80),
  ])
  return formatTable(
    [
      { title: 'CASE' },
      { title: 'STATUS' },
      { title: 'AGE', align: 'right' },
      { title: 'NET', align: 'right' },
      { title: 'ERROR' },
      { title: 'OWNER' },
      { title: '' },
    ],
    rows,
  )
}

function textOf(value: unknown): string {
  return value === undefined ? '' : String(value)
}
