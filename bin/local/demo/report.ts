import { sum } from '#domain/money.ts'
import { formatTable } from '../../commands/terminal/table.ts'
import { checkOrder, type Found } from './check-order.ts'
import type { DemoOrder } from './demo-order.ts'

/** The result of a run, as `--json FILE` writes it. */
export interface DemoReport {
  readonly process: string
  readonly run: string
  readonly seconds: number
  readonly orders: readonly OrderReport[]
  readonly totals: {
    readonly salesOrders: number
    readonly deliveries: number
    readonly invoiced: string
    readonly paid: string
  }
  /** What is not as it should be; empty when every order is right and the sums are. */
  readonly differences: readonly string[]
}

export interface OrderReport extends Found {
  readonly kind: string
  readonly title: string
  readonly order: string
  readonly caseKey: string
  readonly differences: readonly string[]
}

/** Compares every order with its kind, and all of them with the sums of the kinds. */
export function reportOf(
  process: string,
  run: string,
  seconds: number,
  found: readonly { readonly order: DemoOrder; readonly found: Found }[],
): DemoReport {
  const orders = found.map(({ order, found }) => ({
    kind: order.kind.name,
    title: order.kind.title,
    order: order.number,
    caseKey: order.caseKey,
    ...found,
    differences: checkOrder(order.kind, found),
  }))
  const invoices = orders.flatMap(({ books }) => books.invoices)
  const planned = sum(found.flatMap(({ order }) => order.kind.deliveries.map(({ invoice }) => invoice)))
  const invoiced = sum(invoices.map(({ amount }) => amount))
  const paid = sum(invoices.map((invoice) => invoice.paid))
  return {
    process,
    run,
    seconds,
    orders,
    totals: {
      salesOrders: orders.flatMap(({ books }) => books.salesOrders).length,
      deliveries: orders.flatMap(({ books }) => books.deliveries).length,
      invoiced: invoiced.toFixed(2),
      paid: paid.toFixed(2),
    },
    differences: [
      ...orders.flatMap(({ order, title, differences }) => differences.map((one) => `${order} (${title}): ${one}`)),
      ...(invoiced.eq(planned) ? [] : [`invoiced in all: ${invoiced.toFixed(2)}, should be ${planned.toFixed(2)}`]),
      ...(paid.eq(planned) ? [] : [`paid in all: ${paid.toFixed(2)}, should be ${planned.toFixed(2)}`]),
    ],
  }
}

/** One order a line, as the ERP has it; then the sums, and what differs. */
export function formatReport({ orders, totals, differences, seconds }: DemoReport): string {
  const rows = orders.map(({ title, order, books, ended, differences }) => [
    title,
    order,
    listed(books.salesOrders.map(({ number }) => number)),
    listed(books.deliveries.map(({ number }) => number)),
    listed(books.invoices.map(({ number }) => number)),
    listed(books.invoices.map(({ amount }) => amount)),
    listed(books.invoices.map(({ paid }) => paid)),
    ended,
    differences.length === 0 ? 'ok' : 'DIFFERS',
  ])
  const table = formatTable(
    [
      { title: 'KIND OF ORDER' },
      { title: 'ORDER' },
      { title: 'SALES ORDER' },
      { title: 'DELIVERY' },
      { title: 'INVOICE' },
      { title: 'AMOUNT', align: 'right' },
      { title: 'PAID', align: 'right' },
      { title: 'OUTCOME' },
      { title: 'CHECK' },
    ],
    rows,
  )
  const sums = `In the ERP: ${totals.salesOrders} sales orders, ${totals.deliveries} deliveries, invoiced ${totals.invoiced}, paid ${totals.paid} EUR (${seconds.toFixed(0)} s).`
  if (differences.length === 0) return `${table}\n\n${sums} Everything there once, to the cent.`
  return [table, '', sums, 'Not as it should be:', ...differences.map((one) => `  ${one}`)].join('\n')
}

function listed(values: readonly string[]): string {
  return values.join(' + ') || '-'
}
