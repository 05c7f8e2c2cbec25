import { formatTable } from '../terminal/table.ts'
import { formatAge, formatTime } from '../terminal/time.ts'
import type { Status } from './read-status.ts'

/** One screen: what is under way, what waits for whom, and the command that tells more. */
export function formatStatus(status: Status, nowMs: number): string {
  const { cases, waiting, deadLetters, erp, reconciledUntilMs, alarms } = status
  const age = (sinceMs: number | undefined) => (sinceMs === undefined ? '' : formatAge(nowMs - sinceMs))
  const rows = [
    ...cases.map(({ process, status: name, count, sinceMs }) => [
      `${process}: ${name} cases`,
      String(count),
      age(sinceMs),
      count === 0 ? '' : `npx postonce cases --process ${process} --status ${name}`,
    ]),
    ...waiting.map(({ what, count, sinceMs, command }) => [
      what,
      String(count),
      age(sinceMs),
      count === 0 ? '' : `npx postonce ${command}`,
    ]),
    ...(deadLetters === undefined
      ? []
      : [['dead letters', String(deadLetters), '', deadLetters === 0 ? '' : 'npx postonce dead-letters']]),
  ]
  const table = formatTable(
    [{ title: '' }, { title: 'COUNT', align: 'right' }, { title: 'OLDEST', align: 'right' }, { title: 'LOOK' }],
    rows,
  )
  const reconciled =
    reconciledUntilMs === undefined
      ? 'not yet, the first run is within the hour'
      : `until ${formatTime(reconciledUntilMs)} UTC`
  return [
    table,
    '',
    `ERP ${erp.account}: ${erp.underWay} at work, ${erp.inLine} in line · npx postonce pauses`,
    `Books compared: ${reconciled}`,
    `Alarms: ${alarms.length === 0 ? 'none' : alarms.join(', ')}`,
  ].join('\n')
}

/** Whether somebody has to look at something: for scripts. */
export function needsSomebody({ cases, waiting, deadLetters = 0, alarms }: Status): boolean {
  const standing = cases.some(({ status, count }) => status !== 'open' && count > 0)
  const asked = waiting.some(({ command, count }) => count > 0 && (command === 'inbox' || command === 'reconcile'))
  return standing || asked || deadLetters > 0 || alarms.length > 0
}
