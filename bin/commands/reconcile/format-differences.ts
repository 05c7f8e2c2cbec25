import Big from 'big.js'
import type { DifferenceItem } from '#aws/reconciliation/difference-store.ts'
import type { Facet } from '#domain/reconciliation/difference.ts'
import { sides } from '#domain/reconciliation/record.ts'
import { formatTable } from '../terminal/table.ts'
import { formatAge } from '../terminal/time.ts'
import type { Comparison } from './invoke-reconciler.ts'

/** One difference a line, the oldest first, with what each side says and what can be done about it. */
export function formatDifferences(differences: readonly DifferenceItem[], nowMs: number): string {
  if (differences.length === 0) return 'The books agree: there is no difference.'
  const rows = differences.map(({ difference, firstSeenMs, status }) => [
    difference.class,
    difference.posting ?? `${difference.document} ${difference.erpIds.join(', ')}`,
    difference.amount === undefined ? '' : `${difference.amount} ${difference.currency ?? ''}`,
    formatAge(nowMs - firstSeenMs),
    difference.facets.map(formatFacet).join('; '),
    status === 'ignored' ? 'ignored' : difference.repairs.join(', '),
    difference.key,
  ])
  return formatTable(
    [
      { title: 'CLASS' },
      { title: 'DOCUMENT' },
      { title: 'TOO MUCH IN THE ERP', align: 'right' },
      { title: 'AGE', align: 'right' },
      { title: 'WHO SAYS WHAT' },
      { title: 'REPAIRS' },
      { title: 'KEY' },
    ],
    rows,
  )
}

/** What each side says of one thing. */
export function formatFacet(facet: Facet): string {
  const said = sides.flatMap((side) => (facet[side] === undefined ? [] : [`${side} ${facet[side]}`]))
  return `${facet.what}: ${said.join(', ')}`
}

/** The control totals, and how many documents were compared. */
export function formatComparison({ documents, gone, totals }: Comparison): string {
  const rows = totals.map(({ onDay, document, currency, hub, erp }) => {
    const isSame = hub.count === erp.count && new Big(hub.amount).eq(erp.amount)
    const money = (amount: string) => (currency === '' ? '' : `${amount} ${currency}`)
    return [
      onDay,
      document,
      String(hub.count),
      String(erp.count),
      money(hub.amount),
      money(erp.amount),
      isSame ? '' : '≠',
    ]
  })
  const table = formatTable(
    [
      { title: 'DAY' },
      { title: 'DOCUMENT' },
      { title: 'HUB', align: 'right' },
      { title: 'ERP', align: 'right' },
      { title: 'HUB', align: 'right' },
      { title: 'ERP', align: 'right' },
      { title: '' },
    ],
    rows,
  )
  return `${documents} documents compared, ${gone} differences gone.\n\n${table}`
}
