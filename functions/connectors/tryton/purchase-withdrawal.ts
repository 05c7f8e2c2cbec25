import * as z from 'zod'
import type { Operation, SendOutcome } from '../port.ts'
import { type Claim, claiming, refuseClaim } from './claim.ts'
import { type TrytonClient, written } from './client.ts'
import { purchaseModel, refusePurchase } from './purchase.ts'
import { recordsOf, sending, stampOf, writeIfAllUnchanged } from './send.ts'
import { InvoiceState, OrderHead, orderHeadFields, Stamped } from './wire.ts'
import { ignore } from './withdrawal.ts'

const moveModel = 'stock.move'
const invoiceModel = 'account.invoice'
const Planned = Stamped.extend({
  state: z.string(),
  shipment: z.string().nullable(),
  /** What was decided about a cancelled move: `ignored`, `recreated` or nothing. */
  purchase_exception_state: z.string().nullable(),
})
const Billed = Stamped.extend({ state: InvoiceState, description: z.string().nullable() })

/** Where a purchase stands with what is still open on it. */
export interface Standing {
  readonly order: z.output<typeof OrderHead>
  readonly hasArrived: boolean
  /** A receipt that somebody has begun. */
  readonly isArriving: boolean
  readonly planned: readonly z.output<typeof Planned>[]
  readonly cancelledMoves: readonly number[]
  /** Of what will never arrive; the supplier's own invoices bear a description. */
  readonly drafts: readonly z.output<typeof Billed>[]
  readonly cancelledInvoices: readonly number[]
  readonly isBilled: boolean
}

export async function standingOf(
  client: TrytonClient,
  id: number,
  signal?: AbortSignal,
): Promise<Standing | undefined> {
  const [order] = await client.search(OrderHead, purchaseModel, [['id', '=', id]], orderHeadFields, signal)
  if (order === undefined) return undefined
  const ofPurchase = (path: string) => [[path, '=', id, 'purchase.line']]
  const moveFields = ['_timestamp', 'state', 'shipment', 'purchase_exception_state']
  const moves = await client.search(Planned, moveModel, ofPurchase('origin.purchase'), moveFields, signal)
  const billFields = ['_timestamp', 'state', 'description']
  const bills = await client.search(Billed, invoiceModel, ofPurchase('lines.origin.purchase'), billFields, signal)
  const isDraft = ({ state }: { readonly state: string }) => state === 'draft' || state === 'assigned'
  const handled = [...order.invoices_ignored, ...order.invoices_recreated]
  return {
    order,
    hasArrived: moves.some(({ state }) => state === 'done'),
    isArriving: moves.some((move) => isDraft(move) && move.shipment !== null),
    planned: moves.filter((move) => isDraft(move) && move.shipment === null),
    cancelledMoves: moves.flatMap(({ id: move, state, purchase_exception_state }) =>
      state === 'cancelled' && !purchase_exception_state ? [move] : [],
    ),
    drafts: bills.filter(({ state, description }) => state === 'draft' && !description),
    cancelledInvoices: bills.flatMap(({ id: bill, state }) =>
      state === 'cancelled' && !handled.includes(bill) ? [bill] : [],
    ),
    isBilled: bills.some(({ state, description }) => state !== 'cancelled' && description),
  }
}

export const purchaseWithdrawalSteps = 8

/** How many of the withdrawal's operations are done, with the stamp for the next. */
export function withdrawnPurchase(
  standing: Standing,
  goodsMayBeHere: boolean,
): { readonly done: number; readonly stamp: string } {
  const { order, planned, cancelledMoves, drafts, cancelledInvoices, hasArrived, isBilled } = standing
  const next = (done: number, records: readonly z.output<typeof Stamped>[] = [order]) => ({
    done,
    stamp: stampOf(records),
  })
  const { state } = order
  if (state === 'cancelled') return next(purchaseWithdrawalSteps)
  if (state === 'draft' || state === 'quotation') return next(6)
  if (state === 'confirmed') return next(5)
  if (planned.length > 0 || isTooLate(standing, goodsMayBeHere)) return next(0, planned)
  if (cancelledMoves.length > 0) return next(1)
  const isToEnd = !hasArrived && !isBilled
  const isDismissed = state === 'done' || order.invoices_ignored.length > 0
  if (isToEnd && drafts.length > 0) return next(3, drafts)
  if (isToEnd && cancelledInvoices.length > 0) return next(4)
  if (isToEnd && !isDismissed) return next(2)
  const isSettled = isToEnd ? state === 'done' : ['received', 'none'].includes(order.shipment_state)
  return next(isSettled ? purchaseWithdrawalSteps : 7)
}

/**
 * Leaves nothing to arrive on a purchase. From one that is being processed no button leads back: what is planned is
 * cancelled, and the cancelled moves ignored with the wizard that Tryton has for it. When nothing has arrived, nothing
 * will be billed either: Tryton drafts that invoice, and it is cancelled and ignored too, which ends the purchase as
 * `done`. Before it is processed it becomes `cancelled`.
 */
export function purchaseWithdrawal(
  client: TrytonClient,
  id: number,
  claim: Claim,
  goodsMayBeHere: boolean,
): readonly Operation[] {
  type Send = (standing: Standing, stamp: string | undefined, signal: AbortSignal) => Promise<SendOutcome>
  const step = (name: string, doubt: Operation['doubt'], send: Send): Operation => ({
    name,
    doubt,
    send: (stamp) =>
      sending(async () => {
        const signal = client.deadline()
        const standing = await standingOf(client, id, signal)
        return standing === undefined ? { kind: 'changed' } : send(standing, stamp, signal)
      }),
  })
  const of = { model: purchaseModel, id }
  const cancelAll =
    (model: string): Send =>
    (_standing, stamp, signal) => {
      const records = recordsOf(model, stamp)
      const ids = records.map((record) => record.id)
      return writeIfAllUnchanged(client, records, `model.${model}.cancel`, [ids], { signal })
    }
  const press =
    (button: string): Send =>
    (_standing, stamp, signal) =>
      writeIfAllUnchanged(client, recordsOf(purchaseModel, stamp), `model.${purchaseModel}.${button}`, [[id]], {
        signal,
      })
  return [
    step('cancel-planned-receipt', 'if-unchanged', async (standing, stamp, signal) => {
      if (isTooLate(standing, goodsMayBeHere)) return refuseClaim(client, standing.order, claim, signal)
      return cancelAll(moveModel)(standing, stamp, signal)
    }),
    step('ignore-cancelled-receipt', 'natural-key', async ({ cancelledMoves: moves }, _stamp, signal) => {
      const ask = { domain_moves: moves, ignore_moves: moves, recreate_moves: [] }
      return ignore(client, 'wizard.purchase.handle.shipment.exception', of, moves, ask, signal)
    }),
    // Drafts what is on no invoice yet, cancelled ones included: a second time there is nothing, and the button is gone.
    step('draft-void-invoice', 'natural-key', async (standing, _stamp, signal) => {
      if (isVoided(standing)) return { kind: 'exists' }
      const outcome = written(await client.write(`model.${purchaseModel}.manual_invoice`, [[id]], { signal }))
      if (outcome.kind !== 'refused') return outcome
      const now = await standingOf(client, id, signal)
      return now !== undefined && isVoided(now) ? { kind: 'exists' } : outcome
    }),
    step('cancel-void-invoice', 'if-unchanged', cancelAll(invoiceModel)),
    step('ignore-void-invoice', 'natural-key', async ({ cancelledInvoices: invoices }, _stamp, signal) => {
      const ask = { domain_invoices: invoices, ignore_invoices: invoices, recreate_invoices: [] }
      return ignore(client, 'wizard.purchase.handle.invoice.exception', of, invoices, ask, signal)
    }),
    step('reset-purchase-order', 'if-unchanged', press('draft')),
    step('cancel-purchase-order', 'if-unchanged', press('cancel')),
    step('process-purchase-order', 'if-unchanged', press('process')),
  ]
}

function isVoided({ drafts, cancelledInvoices, order }: Standing): boolean {
  return drafts.length + cancelledInvoices.length + order.invoices_ignored.length > 0
}

/** Says on the purchase what becomes of it. One that was taken back comes too late for good. */
export function markingPurchase(
  client: TrytonClient,
  name: string,
  id: number,
  check: (standing: Standing) => void,
  claim: Claim,
): Operation {
  const find = async (signal: AbortSignal) => {
    const standing = await standingOf(client, id, signal)
    if (standing === undefined) throw refusePurchase('UNKNOWN_PURCHASE_ORDER', `Tryton has no purchase order ${id}`)
    return standing
  }
  return claiming(client, name, claim, find, check)
}

/** What has begun to arrive while its order was withdrawn. */
function isTooLate({ hasArrived, isArriving }: Standing, goodsMayBeHere: boolean): boolean {
  return !goodsMayBeHere && (hasArrived || isArriving)
}

export function goodsReceived() {
  return refusePurchase('GOODS_RECEIVED', 'goods have arrived; what goes back is a supplier return')
}

export function checkNothingArrived({ hasArrived, isArriving }: Standing): void {
  if (hasArrived) throw goodsReceived()
  checkNothingArriving({ isArriving })
}

export function checkNothingArriving({ isArriving }: Pick<Standing, 'isArriving'>): void {
  if (!isArriving) return
  const message = 'a goods receipt has been begun; it has to be finished or undone first'
  throw refusePurchase('RECEIPT_UNDER_WAY', message, undefined, 'warehouse')
}
