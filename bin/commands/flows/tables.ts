import { weekdays } from '#domain/erp-calendar/local-time.ts'
import type { ErpAccount } from '#domain/erp-limits.ts'
import { callsPerItem } from '#domain/flow-catalog/check-peaks.ts'
import { limitText, peakOf } from '#domain/flow-catalog/diagram.ts'
import type { Channel, Flow } from '#domain/flow-catalog/flow.ts'
import type { Column } from '../terminal/table.ts'

/** What `postonce flows` shows of each flow; docs/flows.md has the same. */
export const flowColumns: readonly Column[] = [
  { title: 'flow' },
  { title: 'from' },
  { title: 'to' },
  { title: 'by' },
  { title: 'class' },
  { title: 'a day', align: 'right' },
  { title: 'peak a minute', align: 'right' },
  { title: 'calls an item', align: 'right' },
  { title: 'owner' },
]

export function flowRow(flow: Flow, account: ErpAccount): readonly string[] {
  const { name, source, target, channel, latency, volume, owner } = flow
  const calls = callsPerItem(flow, account)
  return [
    name,
    source,
    target,
    wayOf(channel),
    latency,
    String(volume.perDay),
    String(volume.peakPerMinute),
    calls === 0 ? '' : String(calls),
    owner,
  ]
}

/** When the silence of a flow is told. */
export function expectationText({ expected }: Flow): string {
  if (expected === 'on-schedule') return 'after two runs'
  if (expected === 'irregularly') return 'never'
  const { atLeast, withinMinutes, hours, timeZone } = expected
  const times = hours.map(({ days, from, to }) => `${daysText(days)} ${from}–${to}`).join(', ')
  return `fewer than ${atLeast} in ${withinMinutes} min of ${times} ${timeZone}`
}

function daysText(days: readonly string[]): string {
  if (days.length === 7) return 'every day'
  const names = days.map((day) => day.slice(0, 3))
  return days.join() === weekdays.slice(0, days.length).join() ? `${names[0]}–${names.at(-1)}` : names.join(' ')
}

/** What each ERP account can take, and what is asked of it at the peak. */
export function limitLines(flows: readonly Flow[], accounts: readonly ErpAccount[]): readonly string[] {
  return accounts.map((account) => `${limitText(account)}; at the peak of all flows ${peakOf(flows, account)}`)
}

function wayOf(channel: Channel): string {
  switch (channel.kind) {
    case 'event':
    case 'aws-event':
      return channel.event
    case 'other-events':
      return 'any other event'
    case 'schedule':
      return `every ${channel.everyMinutes} min`
    case 'request':
      return 'a request'
  }
}
