import { formatTable } from '../terminal/table.ts'
import { formatAge, formatTime } from '../terminal/time.ts'
import type { FlowStatus } from './read-flows.ts'
import type { Status } from './read-status.ts'

/** One screen: what is under way, what waits for whom, and the command that tells more. */
export function formatStatus(status: Status, nowMs: number): string {
  const { cases, waiting, deadLetters, erp, reconciledUntilMs, flows, alarms } = status
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
      count === 0 || command === undefined ? '' : `npx postonce ${command}`,
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
      ? 'not yet, the first run is within a quarter of an hour'
      : `until ${formatTime(reconciledUntilMs)} UTC`
  return [
    table,
    '',
    formatFlows(flows, nowMs),
    '',
    `ERP ${erp.account}: ${[...erp.standsStill, `${erp.underWay} at work, ${erp.inLine} in line`, 'npx postonce pauses'].join(' · ')}`,
    `Books compared: ${reconciled}`,
    alarms.length === 0 ? 'Alarms: none' : 'Alarms:',
    ...alarms.map(({ name, says }) => `  ${name}: ${says}`),
  ].join('\n')
}

/** When each flow was heard of last, whether that is too long ago, and how fast it is. */
function formatFlows(flows: readonly FlowStatus[], nowMs: number): string {
  return formatTable(
    [
      { title: 'FLOW' },
      { title: 'HEARD', align: 'right' },
      { title: 'SILENT', align: 'right' },
      { title: '95 % WITHIN', align: 'right' },
    ],
    flows.map(({ flow, heardAtMs, silentSeconds, latencySeconds }) => [
      flow,
      heardAtMs === undefined ? 'not in a day' : `${formatAge(Math.max(0, nowMs - heardAtMs))} ago`,
      silentSeconds === undefined ? '' : formatAge(silentSeconds * 1000),
      latencySeconds === undefined ? '' : `${latencySeconds.toFixed(1)} s`,
    ]),
  )
}

/** Whether somebody has to look at something: for scripts. */
export function needsSomebody({ cases, waiting, deadLetters = 0, alarms }: Status): boolean {
  const standing = cases.some(({ status, count }) => status !== 'open' && count > 0)
  const asked = waiting.some(({ command, count }) => count > 0 && (command === 'inbox' || command === 'reconcile'))
  return standing || asked || deadLetters > 0 || alarms.length > 0
}
