import * as z from 'zod'
import type { Operation, SendOutcome } from '../port.ts'
import { type Claim, claiming, refuseClaim } from './claim.ts'
import type { TrytonClient } from './client.ts'
import { outcomeOf } from './errors.ts'
import { refuse } from './original.ts'
import { saleModel } from './sale.ts'
import { recordsOf, sending, stampOf, writeIfAllUnchanged } from './send.ts'
import { Id, InvoiceState, idOf, OrderHead, orderHeadFields, ShipmentState, Stamped } from './wire.ts'

const shipmentModel = 'stock.shipment.out'
const invoiceModel = 'account.invoice'
const PlannedMove = z.object({
  id: Id,
  state: z.string(),
  shipment: z.string().nullable(),
  /** What was decided about a cancelled move: `ignored`, `recreated` or nothing. */
  sale_exception_state: z.string().nullable(),
})
const Planned = Stamped.extend({ state: ShipmentState })
const Drafted = Stamped.extend({ state: InvoiceState })

/** Where a sale stands with what is still open on it. */
export interface Standing {
  readonly order: z.output<typeof OrderHead>
  /** Deliveries that a warehouse has not begun, and those that it has. */
  readonly open: readonly z.output<typeof Planned>[]
  readonly gone: readonly z.output<typeof Planned>[]
  readonly cancelledMoves: readonly number[]
  readonly drafts: readonly z.output<typeof Drafted>[]
  readonly cancelledInvoices: readonly number[]
}

export async function standingOf(
  client: TrytonClient,
  saleId: number,
  signal?: AbortSignal,
): Promise<Standing | undefined> {
  const [order] = await client.search(OrderHead, saleModel, [['id', '=', saleId]], orderHeadFields, signal)
  if (order === undefined) return undefined
  const ofSale = (path: string) => [[path, '=', saleId, 'sale.line']]
  const moveFields = ['state', 'shipment', 'sale_exception_state']
  const moves = await client.search(PlannedMove, 'stock.move', ofSale('origin.sale'), moveFields, signal)
  const ids = [...new Set(moves.flatMap(({ shipment }) => idOf(shipment, shipmentModel) ?? []))]
  const shipments = await client.records(Planned, shipmentModel, ids, ['_timestamp', 'state'], signal)
  const invoices = await client.search(
    Drafted,
    invoiceModel,
    ofSale('lines.origin.sale'),
    ['_timestamp', 'state'],
    signal,
  )
  const isOpen = ({ state }: { readonly state: string }) => ['draft', 'waiting', 'assigned'].includes(state)
  const handled = [...order.invoices_ignored, ...order.invoices_recreated]
  return {
    order,
    open: shipments.filter(isOpen),
    gone: shipments.filter((shipment) => !isOpen(shipment) && shipment.state !== 'cancelled'),
    cancelledMoves: moves.flatMap(({ id, state, sale_exception_state }) =>
      state === 'cancelled' && !sale_exception_state ? [id] : [],
    ),
    drafts: invoices.filter(({ state }) => state === 'draft'),
    cancelledInvoices: invoices.flatMap(({ id, state }) =>
      state === 'cancelled' && !handled.includes(id) ? [id] : [],
    ),
  }
}

/** How many of the withdrawal's operations are done, with the stamp for the next. */
export function withdrawn(
  standing: Standing,
  goodsMayBeGone: boolean,
): { readonly done: number; readonly stamp: string } {
  const { order, open, gone, cancelledMoves, drafts, cancelledInvoices } = standing
  const next = (done: number, records: readonly z.output<typeof Stamped>[] = [order]) => ({
    done,
    stamp: stampOf(records),
  })
  if (order.state === 'cancelled') return next(withdrawalSteps)
  if (order.state === 'draft' || order.state === 'quotation') return next(5)
  if (order.state === 'confirmed') return next(4)
  if (open.length > 0 || (gone.length > 0 && !goodsMayBeGone)) return next(0, open)
  if (cancelledMoves.length > 0) return next(1)
  if (gone.length === 0 && drafts.length > 0) return next(2, drafts)
  if (cancelledInvoices.length > 0) return next(3)
  const isSettled = order.state === 'done' || (gone.length > 0 && order.shipment_state === 'sent')
  return next(isSettled ? withdrawalSteps : 6)
}

export const withdrawalSteps = 7

/**
 * Leaves nothing to deliver or to invoice on a sale. From a sale that is being processed no button leads back: its
 * deliveries and drafts are cancelled, and the cancelled ones ignored with the wizards that Tryton has for it; the sale
 * is then `done` with nothing delivered. Before that it becomes `cancelled`.
 */
export function withdrawal(
  client: TrytonClient,
  saleId: number,
  claim: Claim,
  goodsMayBeGone: boolean,
): readonly Operation[] {
  type Send = (standing: Standing, stamp: string | undefined, signal: AbortSignal) => Promise<SendOutcome>
  const step = (name: string, doubt: Operation['doubt'], send: Send): Operation => ({
    name,
    doubt,
    send: (stamp) =>
      sending(async () => {
        const signal = client.deadline()
        const standing = await standingOf(client, saleId, signal)
        return standing === undefined ? { kind: 'changed' } : send(standing, stamp, signal)
      }),
  })
  const cancelAll = (model: string, stamp: string | undefined, signal: AbortSignal) => {
    const records = recordsOf(model, stamp)
    const ids = records.map(({ id }) => id)
    return writeIfAllUnchanged(client, records, `model.${model}.cancel`, [ids], { signal })
  }
  const press =
    (button: string): Send =>
    (_standing, stamp, signal) =>
      writeIfAllUnchanged(client, recordsOf(saleModel, stamp), `model.${saleModel}.${button}`, [[saleId]], { signal })
  return [
    step('cancel-delivery', 'if-unchanged', async (standing, stamp, signal) => {
      const isTooLate = !goodsMayBeGone && standing.gone.length > 0
      if (isTooLate) return refuseClaim(client, standing.order, claim, signal)
      return cancelAll(shipmentModel, stamp, signal)
    }),
    step('ignore-cancelled-delivery', 'natural-key', async ({ cancelledMoves: moves }, _stamp, signal) => {
      const ask = { domain_moves: moves, ignore_moves: moves, recreate_moves: [] }
      return ignore(
        client,
        'wizard.sale.handle.shipment.exception',
        { model: saleModel, id: saleId },
        moves,
        ask,
        signal,
      )
    }),
    step('cancel-draft-invoice', 'if-unchanged', (_standing, stamp, signal) => cancelAll(invoiceModel, stamp, signal)),
    step('ignore-cancelled-invoice', 'natural-key', async ({ cancelledInvoices: invoices }, _stamp, signal) => {
      const ask = { domain_invoices: invoices, ignore_invoices: invoices, recreate_invoices: [] }
      return ignore(
        client,
        'wizard.sale.handle.invoice.exception',
        { model: saleModel, id: saleId },
        invoices,
        ask,
        signal,
      )
    }),
    step('reset-sales-order', 'if-unchanged', press('draft')),
    step('cancel-sales-order', 'if-unchanged', press('cancel')),
    step('process-sales-order', 'if-unchanged', press('process')),
  ]
}

export function goodsGone() {
  return refuse('GOODS_GONE', 'goods have left the warehouse; what comes back is a return', undefined, 'sales')
}

/** The wizard adds what is not ignored yet, so that a second one does nothing (trytond-sale, `transition_handle`). */
export async function ignore(
  client: TrytonClient,
  wizard: string,
  of: { readonly model: string; readonly id: number },
  records: readonly number[],
  ask: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<SendOutcome> {
  if (records.length === 0) return { kind: 'exists' }
  const created = await client.write(`${wizard}.create`, [], { signal })
  if (created.kind !== 'result') {
    const outcome = outcomeOf(created)
    return outcome.kind === 'no-answer' ? { kind: 'not-applied', cause: outcome.cause } : outcome
  }
  const [session] = z.tuple([Id]).rest(z.unknown()).parse(created.result)
  const context = { active_model: of.model, active_id: of.id, active_ids: [of.id] }
  const reply = await client.write(`${wizard}.execute`, [session, { ask }, 'handle'], { signal, context })
  if (reply.kind === 'no-answer') return reply
  await client.write(`${wizard}.delete`, [session], { signal })
  return reply.kind === 'result' ? { kind: 'answered' } : outcomeOf(reply)
}

/** Says on the sale what becomes of it. One that was taken back comes too late for good. */
export function marking(client: TrytonClient, name: string, saleId: number, check: Check, claim: Claim): Operation {
  const find = async (signal: AbortSignal) => {
    const standing = await standingOf(client, saleId, signal)
    if (standing === undefined) throw refuse('UNKNOWN_SALES_ORDER', `Tryton has no sales order ${saleId}`)
    return standing
  }
  return claiming(client, name, claim, find, check)
}

/** Refuses by throwing. */
export type Check = (standing: Standing) => void
