import type { ErpAccount } from '#domain/erp-limits.ts'
import { diagramOf } from '#domain/flow-catalog/diagram.ts'
import type { Flow } from '#domain/flow-catalog/flow.ts'
import { expectationText, flowColumns, flowRow, limitLines } from './tables.ts'

/** docs/flows.md with what the catalogue says in the place of what it said before, between two marks for each part. */
export function withCatalog(page: string, flows: readonly Flow[], accounts: readonly ErpAccount[]): string {
  const [account] = accounts
  if (account === undefined) throw new Error('There is no environment, so no ERP account')
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const table = [
    row(flowColumns.map(({ title }) => title)),
    row(flowColumns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...flows.map((flow) => row(flowRow(flow, account))),
  ]
  const keys = flows.map((flow) =>
    row([
      flow.name,
      writesOf(flow),
      flow.idempotencyKey,
      flow.deadLetterQueue,
      flow.alarms.join(', '),
      expectationText(flow),
      `${flow.reconcileEveryMinutes} min`,
    ]),
  )
  const keyTitles = [
    'flow',
    'writes (system of record)',
    'idempotency key',
    'dead letters',
    'alarms',
    'told as silent',
    'reconciled every',
  ]
  const parts = {
    flows: table.join('\n'),
    keys: [row(keyTitles), row(keyTitles.map(() => '---')), ...keys].join('\n'),
    limits: limitLines(flows, accounts)
      .map((line) => `- ${line}`)
      .join('\n'),
    diagram: `\`\`\`mermaid\n${diagramOf(flows, accounts)}\n\`\`\``,
  }
  return Object.entries(parts).reduce((text, [name, part]) => replacePart(text, name, part), page)
}

function writesOf({ systemOfRecord }: Flow): string {
  return Object.entries(systemOfRecord)
    .map(([field, system]) => `${field} (${system})`)
    .join(', ')
}

function replacePart(page: string, name: string, part: string): string {
  const [begin, end] = [`<!-- ${name}: written by npx postonce flows --write -->`, `<!-- end of ${name} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/flows.md must have the marks ${begin} and ${end}`)
  return `${page.slice(0, from + begin.length)}\n\n${part}\n\n${page.slice(to)}`
}
