import { formatTable } from '../../bin/commands/terminal/table.ts'
import type { Check } from './check.ts'

const longestCell = 70

/** A line for each check, those that differ first, and below it in full what they saw. */
export function formatReport(checks: readonly Check[]): string {
  const order: Record<Check['verdict'], number> = { differs: 0, 'as expected': 1, 'not here': 2 }
  const sorted = [...checks].sort((a, b) => order[a.verdict] - order[b.verdict] || a.title.localeCompare(b.title))
  const table = formatTable(
    ['', 'CHECK', 'EXPECTED', 'SEEN', 'AWS PAGE'].map((title) => ({ title })),
    sorted.map((one) => [one.verdict, cell(one.title), cell(one.expected), cell(one.seen), one.page]),
  )
  const differing = sorted.filter(({ verdict }) => verdict === 'differs')
  const inFull = differing.map(
    (one) => `\n${one.title}\n  expected: ${one.expected}\n  seen:     ${one.seen}\n  ${one.page}`,
  )
  return [table, ...inFull, '', summary(checks)].join('\n')
}

function summary(checks: readonly Check[]): string {
  const count = (verdict: Check['verdict']) => checks.filter((one) => one.verdict === verdict).length
  return `${count('as expected')} as expected, ${count('differs')} differ, ${count('not here')} cannot be checked here.`
}

function cell(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > longestCell ? `${line.slice(0, longestCell - 1)}…` : line
}
