import { sum } from '#domain/money.ts'
import { formatTable } from '../../commands/terminal/table.ts'
import { isPurchase, kindsInWords } from './demo-order.ts'
import type { DemoReport, OrderReport } from './report.ts'
import type { Amounts } from './totals.ts'

/** One order a line, as the ERP has it; then the ERP's accounts, and what differs. */
export function formatReport(report: DemoReport): string {
  const { orders, differences, seconds } = report
  const count = (of: (order: OrderReport) => readonly unknown[]) => orders.flatMap(of).length
  const documents = [
    `${count(({ books }) => books.orders)} orders`,
    `${count(({ books }) => books.deliveries)} deliveries and receipts`,
    `${count(({ books }) => books.returns)} returns`,
    `${count(({ books }) => books.invoices)} invoices`,
    `${count(({ books }) => books.creditNotes)} credit notes`,
    `${count(({ books }) => [...books.payments.paidIn, ...books.payments.paidOut])} payments`,
  ].join(', ')
  const sections = [
    `What stands in the ERP, read past the hub. Order 1 is ${orders[0]?.caseKey}; < is what came or went back.`,
    ...[sold, bought].flatMap((columns) => formatOrders(columns, orders)),
    'What these orders changed in its books.',
    formatTotals(report),
    differences.length === 0
      ? `${kindsInWords(orders)} in ${seconds.toFixed(0)} s.\n${documents}.\nEach of them once, and the books as they should be, to the cent.`
      : ['NOT AS IT SHOULD BE', ...differences.map((one) => `  ${one}`)].join('\n'),
  ]
  return sections.join('\n\n')
}

interface Columns {
  readonly isOf: (order: OrderReport) => boolean
  readonly delivered: string
  readonly invoiced: string
  readonly paid: string
  readonly back: string
}
const sold: Columns = {
  isOf: (order) => !isPurchase(order),
  delivered: 'DELIVERY',
  invoiced: 'INVOICED',
  paid: 'PAID',
  back: 'REFUNDED',
}
const bought: Columns = { isOf: isPurchase, delivered: 'RECEIPT', invoiced: 'BILLED', paid: 'PAID IN', back: 'PAID' }

function formatOrders(columns: Columns, all: readonly OrderReport[]): readonly string[] {
  const orders = all.filter(columns.isOf)
  const rows = orders.map(({ place, kind, books, ended, differences }) => [
    String(place),
    kind,
    listed(books.orders.map(({ number }) => number)),
    listed([...books.deliveries, ...books.returns.map((number) => `<${number}`)]),
    listed(
      inShort([...books.invoices.map(({ number }) => number), ...books.creditNotes.map(({ number }) => `<${number}`)]),
    ),
    total(books.invoices),
    total(books.creditNotes),
    total(books.payments.paidIn),
    total(books.payments.paidOut),
    listed(Object.entries(books.stock).map(([item, quantity]) => `${item} ${quantity}`)),
    differences.length === 0 ? ended : 'DIFFERS',
  ])
  const titles = [
    { title: '', align: 'right' },
    { title: 'KIND' },
    { title: 'ORDER' },
    { title: columns.delivered },
    { title: 'INVOICE' },
    { title: columns.invoiced, align: 'right' },
    { title: 'CREDITED', align: 'right' },
    { title: columns.paid, align: 'right' },
    { title: columns.back, align: 'right' },
    { title: 'STOCK' },
    { title: 'END' },
  ] as const
  // A column in which nothing stands says nothing.
  const told = titles.map((_title, at) => rows.some((row) => row[at] !== '-'))
  const table = formatTable(
    titles.filter((_title, at) => told[at]),
    rows.map((row) => row.filter((_cell, at) => told[at])),
  )
  return orders.length === 0 ? [] : [table]
}

/** Each account twice, as it should have changed and as it has. */
function formatTotals({ totals: { expected, found } }: DemoReport): string {
  const block = (title: string, should: Amounts, is: Amounts) => {
    const keys = Object.keys(should)
    if (keys.length === 0) return ''
    const columns = [{ title: title.padEnd(10) }, ...keys.map((key) => ({ title: key, align: 'right' as const }))]
    return formatTable(columns, [
      ['  expected', ...keys.map((key) => should[key] ?? '')],
      ['  found', ...keys.map((key) => is[key] ?? '')],
    ])
  }
  const { debit, credit } = found.ledger
  return [
    block('STOCK', expected.stock, found.stock),
    block('RECEIVABLE', expected.receivable, found.receivable),
    block('ON ACCOUNT', expected.onAccount, found.onAccount),
    block('PAYABLE', expected.payable, found.payable),
    block('BANK', { EUR: expected.bank }, { EUR: found.bank }),
    `LEDGER      debit ${debit} ${debit === credit ? '=' : 'IS NOT'} credit ${credit}`,
  ]
    .filter((text) => text !== '')
    .join('\n')
}

function total(documents: readonly { readonly amount: string }[]): string {
  return documents.length === 0 ? '-' : sum(documents.map(({ amount }) => amount)).toFixed(2)
}

/** After the first number the year is left out: `2026-7 <9`. */
function inShort(numbers: readonly string[]): readonly string[] {
  return numbers.map((number, index) => (index === 0 ? number : number.replace(/\d{4}-/, '')))
}

function listed(values: readonly string[]): string {
  return values.join(' ') || '-'
}
