import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { StartExecutionCommand } from '@aws-sdk/client-sfn'
import { inject } from 'vitest'
import * as z from 'zod'
import { type CaseStory, readStory } from '#aws/case-story.ts'
import { events } from '#aws/clients/events.ts'
import { stepFunctions } from '#aws/clients/step-functions.ts'
import { TrytonClient } from '#connectors/tryton/client.ts'
import { useLocalCloud } from '../../../bin/local/local-environment.ts'
import { listenToBus } from './bus-listener.ts'
import type { WantedFault } from './proxy-control.ts'

const hub = inject('hub')
useLocalCloud(hub.endpoint, hub)

export { hub }

/** A number that no other test uses. */
export function newNumber(prefix: string): string {
  return `${prefix}${randomUUID().slice(0, 8).toUpperCase()}`
}

/** One order of the shop; two lines and freight, 44.50 EUR in all. */
export function salesOrder(number: string, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    number,
    orderedOn: today(),
    currency: 'EUR',
    customer: { id: 'C001' },
    lines: [
      { number: '1', item: { id: 'P01' }, quantity: '2', unitPrice: '14.90' },
      { number: '2', item: { id: 'P02' }, quantity: '1', unitPrice: '9.80' },
    ],
    freight: '4.90',
    netTotal: '44.50',
    ...changes,
  }
}

export function today(): string {
  return new Date().toISOString().slice(0, 10)
}

export interface Published {
  readonly detailType: string
  readonly data: unknown
  readonly source?: string
  /** Absent: 1. */
  readonly version?: number
}

export const submitted = (order: unknown): Published => ({ detailType: 'SalesOrderSubmitted', data: order })
export const goodsIssued = (number: string): Published => ({
  detailType: 'GoodsIssued',
  data: { salesOrder: number, deliveryNote: `DN-${number}`, issuedOn: today() },
})
export const paymentReceived = (number: string, amount = '44.50'): Published => ({
  detailType: 'PaymentReceived',
  data: { salesOrder: number, payment: `PAY-${number}`, amount, currency: 'EUR', receivedOn: today() },
})

/** Publishes events as any program would. */
export async function publish(...published: readonly Published[]): Promise<void> {
  const { FailedEntryCount } = await events.send(
    new PutEventsCommand({
      Entries: published.map(({ detailType, data, version, source = 'shop' }) => ({
        EventBusName: hub.bus,
        Source: source,
        DetailType: detailType,
        Detail: JSON.stringify({ metadata: { id: randomUUID(), sourceVersion: version }, data }),
      })),
    }),
  )
  if (FailedEntryCount) throw new Error('The bus did not take the events')
}

/** The event as the bus hands it to the machine, for a `New execution` in the console. */
export async function startExecution(order: unknown): Promise<string> {
  const { executionArn } = await stepFunctions.send(
    new StartExecutionCommand({
      stateMachineArn: hub.stateMachineArn,
      input: JSON.stringify({
        id: randomUUID(),
        source: 'shop',
        'detail-type': 'SalesOrderSubmitted',
        time: new Date().toISOString(),
        detail: { metadata: { id: randomUUID() }, data: order },
      }),
    }),
  )
  return z.string().parse(executionArn)
}

/** Waits for what the hub says on the bus about one order. */
export const bus = await listenToBus(hub)

export async function storyOf(number: string): Promise<CaseStory> {
  const story = await readStory(`shop/sales-order/${number}`)
  if (story === undefined) throw new Error(`There is no case of ${number}`)
  return story
}

/** Asks the proxy for a fault on the way to the ERP. */
export async function breakOnce(fault: WantedFault): Promise<void> {
  const response = await fetch(inject('proxyControl'), { method: 'POST', body: JSON.stringify(fault) })
  await response.text()
}

/** The hub's ERP, as its administrator and past the hub. */
export const erpOfHub = new TrytonClient({
  url: hub.erp.url,
  credentials: { database: hub.erp.database, ...hub.erp.admin },
  clientTimeoutMs: 30_000,
  settleMs: 0,
})

const Money = z.object({ decimal: z.string() }).transform(({ decimal }) => Number(decimal).toFixed(2))
const Sale = z.object({
  id: z.number(),
  state: z.string(),
  invoice_state: z.string(),
  shipment_state: z.string(),
  untaxed_amount: Money,
})
const Shipment = z.object({ id: z.number(), state: z.string() })
const Invoice = z.object({ id: z.number(), state: z.string(), total_amount: Money, amount_to_pay: Money })

/** What stands in the ERP for one order: every sale, shipment and invoice that has to do with it. */
export async function booksOf(number: string) {
  const search = async <T extends z.ZodType>(schema: T, model: string, domain: unknown, fields: readonly string[]) =>
    await erpOfHub.read(z.array(schema), `model.${model}.search_read`, [domain, 0, 100, null, fields])
  const sales = await search(
    Sale,
    'sale.sale',
    [['reference', '=', number]],
    ['state', 'invoice_state', 'shipment_state', 'untaxed_amount'],
  )
  const origins = sales.map(({ id }) => `sale.sale,${id}`)
  const shipments = await search(
    Shipment,
    'stock.shipment.out',
    [['moves.sale', 'in', sales.map(({ id }) => id)]],
    ['state'],
  )
  const invoices = await search(
    Invoice,
    'account.invoice',
    [['sales', 'in', sales.map(({ id }) => id)]],
    ['state', 'total_amount', 'amount_to_pay'],
  )
  return { sales, shipments, invoices, origins }
}

/** Looks until there is something, for what no event tells: four times a second, since each look takes work from what is awaited. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  timeoutSeconds = 180,
): Promise<T> {
  const giveUpAtMs = Date.now() + timeoutSeconds * 1000
  for (;;) {
    // A look that took long has said nothing yet: the last one begins when the time is over.
    const isLast = Date.now() > giveUpAtMs
    const found = await look()
    if (found !== undefined) return found
    if (isLast) throw new Error(`There was no ${what} within ${timeoutSeconds} s`)
    await sleep(250)
  }
}
