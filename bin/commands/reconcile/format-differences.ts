import Big from 'big.js'
import { saidOf } from '#aws/reconciliation/ask-about-difference.ts'
import type { DifferenceItem } from '#aws/reconciliation/difference-store.ts'
import { formatMoney } from '../terminal/money.ts'
import { formatTable } from '../terminal/table.ts'
import { formatAge, formatTime } from '../terminal/time.ts'
import type { Applied, Comparison } from './invoke-reconciler.ts'

/** One difference a line, the oldest first, with what each side says and what can be done about it. */
export function formatDifferences(differences: readonly DifferenceItem[], nowMs: number): string {
  if (differences.length === 0) return 'The books agree: there is no difference.'
  const rows = differences.map(({ difference, firstSeenMs, status }) => [
    difference.class,
    difference.posting ?? `${difference.document} ${difference.erpIds.join(', ')}`,
    formatMoney(difference.amount, difference.currency),
    formatAge(nowMs - firstSeenMs),
    saidOf(difference),
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

/** That there is no difference in what the clock has compared, which is nothing in the first hour of a hub. */
export function formatAgreement(comparedUntilMs: number | undefined, flow?: string): string {
  return comparedUntilMs === undefined
    ? 'The clock has compared nothing yet: whether the books agree is not known. npx postonce reconcile --since 1d compares them now.'
    : `The books agree${flow === undefined ? '' : ` on what ${flow} brings`}: there is no difference until ${formatTime(comparedUntilMs)} UTC, up to where the clock has compared them. --since 1d compares what is younger now.`
}

/** What the hub does about each by itself, or would do. */
export function formatRepairs(repaired: Applied['repaired'], isApplied: boolean): string {
  const rows = repaired.map((one) => [
    one.key,
    isApplied ? one.became : wouldBe[one.became],
    one.repair ?? '',
    one.text ?? '',
  ])
  const title = isApplied ? 'REPAIRED' : 'WITH --apply'
  return formatTable([{ title: 'KEY' }, { title }, { title: 'BY' }, { title: '' }], rows)
}

const wouldBe = {
  'would be repaired': 'is repaired',
  repaired: 'is repaired',
  'is under way': 'is under way',
  asked: 'is asked in the inbox',
} as const

/** The control totals, and how many documents were compared. */
export function formatComparison({ documents, gone, totals }: Comparison): string {
  const rows = totals.map(({ onDay, document, currency, hub, erp }) => {
    const isSame = hub.count === erp.count && new Big(hub.amount).eq(erp.amount)
    const money = (amount: string) => (currency === '' ? '' : formatMoney(amount, currency))
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
