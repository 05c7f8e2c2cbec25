// `npm run redrive:many`: thousands of cases that failed for three causes, mended and redriven as one on the local cloud.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { explain } from '../../../bin/commands/terminal/explain.ts'
import { formatTable } from '../../../bin/commands/terminal/table.ts'
import { listenToBus } from '../hub/bus-listener.ts'
import { say } from '../say.ts'
import { drawOrders } from './failing-orders.ts'
import { type Outcome, playRedrive } from './play-redrive.ts'
import { startSimulatedErp } from './simulated-erp.ts'
import { startHub } from './start-hub.ts'

const Options = z.object({
  cases: z.coerce.number().int().min(30).max(99_999),
  /** Redrives a second. */
  rate: z.coerce.number().positive().max(100),
  json: z.string().optional(),
})
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '5000' },
      rate: { type: 'string', default: '5' },
      json: { type: 'string' },
    },
  })
  const { cases, rate, json } = parse(Options, values, 'The options')
  const erp = await startSimulatedErp()
  try {
    say('Starting a local cloud and deploying the hub before the simulated ERP …')
    const hub = await startHub(erp.url)
    try {
      const bus = await listenToBus(hub)
      const outcome = await playRedrive(drawOrders(cases), { hub, erp, bus, rate, say })
      process.stdout.write(`${format(outcome)}\n`)
      if (json !== undefined) writeFileSync(json, `${JSON.stringify(outcome, null, 2)}\n`)
      process.exitCode = outcome.checks.every(({ isSo }) => isSo) ? 0 : 1
    } finally {
      await hub.stop()
    }
  } finally {
    await erp.stop()
  }
}

function format({ phases, checks }: Outcome): string {
  const columns = [
    { title: 'PART' },
    { title: 'COUNT', align: 'right' },
    { title: 'SECONDS', align: 'right' },
    { title: 'A SECOND', align: 'right' },
    { title: 'EMULATOR MB', align: 'right' },
  ] as const
  const rows = phases.map(({ what, count, seconds, memoryMb }) => [
    what,
    String(count),
    seconds.toFixed(1),
    (count / seconds).toFixed(1),
    String(memoryMb),
  ])
  const found = checks.map(({ what, isSo, seen }) => [isSo ? 'yes' : 'NO', what, seen])
  return [
    formatTable(columns, rows),
    '',
    formatTable([{ title: '' }, { title: 'WHAT MUST HOLD' }, { title: 'SEEN' }], found),
  ].join('\n')
}

try {
  await main()
} catch (error) {
  say(`redrive:many: ${explain(error)}`)
  process.exitCode = 1
}
