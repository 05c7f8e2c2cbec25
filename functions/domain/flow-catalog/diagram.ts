import type { ErpAccount } from '#domain/erp-limits.ts'
import { callsPerItem, capacitiesOf } from './check-peaks.ts'
import type { Flow } from './flow.ts'

/** The flows between their systems as a Mermaid flowchart, with owners and peaks, and the limits of the ERP accounts. */
export function diagramOf(flows: readonly Flow[], accounts: readonly ErpAccount[]): string {
  const systems = [...new Set(flows.flatMap(({ source, target }) => [source, target]))]
  return [
    'flowchart LR',
    ...systems.map(
      (system) => `  ${idOf(system)}["${[system, ...(system === 'erp' ? accounts.map(limitText) : [])].join('<br>')}"]`,
    ),
    ...flows.map((flow) => {
      const arrow = flow.direction === 'two-way' ? '<-->' : '-->'
      return `  ${idOf(flow.source)} ${arrow}|"${labelOf(flow)}"| ${idOf(flow.target)}`
    }),
  ].join('\n')
}

/** What an ERP account can take, in a line. */
export function limitText(account: ErpAccount): string {
  const capacities = capacitiesOf(account)
  const least = Math.min(...capacities.filter(({ isForAll }) => isForAll).map(({ most }) => most))
  const { slots, fewer, rates } = account.limits
  const parts = [
    `${slots} at once`,
    ...(fewer ? [`${fewer.slots} posting`] : []),
    ...rates.map(({ units, perSeconds }) => `${units} in ${perSeconds} s`),
  ]
  return `${account.name}: ${parts.join(', ')}, so ${least} calls a minute`
}

/** Calls a minute of all flows together at their peaks. */
export function peakOf(flows: readonly Flow[], account: ErpAccount): number {
  const sum = flows.reduce((total, flow) => total + flow.volume.peakPerMinute * callsPerItem(flow, account), 0)
  return Math.round(sum * 10) / 10
}

function labelOf({ name, owner, volume }: Flow): string {
  return `${name}<br>${owner}, ${volume.perDay} a day, peak ${volume.peakPerMinute} a minute`
}

/** `end` and other words of Mermaid are no ids. */
function idOf(system: string): string {
  return `s-${system.replaceAll(' ', '-')}`
}
