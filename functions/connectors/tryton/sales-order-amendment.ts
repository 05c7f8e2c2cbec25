import type { FoundDocument, PostingPlan, SalesOrderAmendmentPosting } from '../port.ts'
import { type Claim, claimsIn, isMarked, isTakenBack } from './claim.ts'
import type { TrytonClient } from './client.ts'
import { saleLines } from './mapping.ts'
import { refuse } from './original.ts'
import { findSales, inspectSale, operationsDone, processingSteps, saleModel } from './sale.ts'
import { createSale } from './sales-order.ts'
import { sending, stampOf } from './send.ts'
import type { Settings } from './settings.ts'
import { recordId } from './wire.ts'
import { goodsGone, marking, type Standing, standingOf, withdrawal, withdrawalSteps, withdrawn } from './withdrawal.ts'

const markPattern = /^replaced by version (\d+): /

/**
 * Brings a newer version of a sales order into Tryton, as long as nothing of it has left. No button leads back from a
 * sale that is being processed, no line can be added to it, and its state cannot be written; trytond-sale-amendment
 * changes lines and adds none. So the new version is a sale of its own, and the old one is withdrawn.
 *
 * First the old sale says which version replaces it, if it is unchanged: a late write of an older version finds another
 * stamp, and a newer version's mark. The new sale is quoted before the old one is withdrawn, so that a version that
 * Tryton does not take leaves the old one as it was; only a credit limit is checked later, when it can be known. When
 * goods leave in between, the new sale is cancelled and the mark taken back.
 */
export function salesOrderAmendmentPlan(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: SalesOrderAmendmentPosting,
): PostingPlan {
  const oldId = recordId(posting.salesOrderId)
  const mark = `replaced by version ${posting.version}: ${posting.reference}`
  const search = (signal?: AbortSignal) => findSales(client, settings, posting.reference, signal)
  const ownOrder = async (signal: AbortSignal) => (await search(signal))[0]
  const claim: Claim = { model: saleModel, mark, tooLate: goodsGone, ownOrder }
  const [quote, ...confirmAndProcess] = processingSteps(client, search)
  if (quote === undefined) throw new Error('A sales order has no steps')
  return {
    operations: [
      marking(client, 'claim-amendment', oldId, (standing) => checkCurrent(standing, posting.version), claim),
      {
        name: 'create-sales-order',
        doubt: 'natural-key',
        send: () => sending(() => createSale(client, settings, posting)),
      },
      quote,
      ...withdrawal(client, oldId, claim, false),
      ...confirmAndProcess,
    ],
    find: async () => {
      const standing = await standingOf(client, oldId)
      if (standing === undefined) return []
      return inspect(client, settings, posting, standing, mark)
    },
  }
}

function checkCurrent({ order, gone }: Standing, version: number): void {
  if (gone.length > 0) throw goodsGone()
  const other = Math.max(0, ...claimsIn(order.comment).map((mark) => Number(markPattern.exec(mark)?.[1] ?? 0)))
  if (other > version) {
    const message = `version ${other} has replaced the sales order already; version ${version} comes too late`
    throw refuse('NEWER_VERSION_POSTED', message, undefined, 'sales')
  }
  if (order.state === 'cancelled' || order.state === 'done') {
    const message = `the sales order is ${order.state} and cannot be changed any more`
    throw refuse('SALES_ORDER_ENDED', message, undefined, 'sales')
  }
}

async function inspect(
  client: TrytonClient,
  settings: () => Promise<Settings>,
  posting: SalesOrderAmendmentPosting,
  old: Standing,
  mark: string,
): Promise<readonly FoundDocument[]> {
  const [sale] = await findSales(client, settings, posting.reference)
  if (sale === undefined || isTakenBack(old.order, mark)) {
    const document = { id: String(old.order.id), number: old.order.number ?? undefined }
    const done = isMarked(old.order, mark) ? 1 : 0
    return [{ document, done, stamp: stampOf([old.order]), differences: [] }]
  }
  const expected = saleLines(posting.salesOrder, posting.ids, await settings())
  const found = await inspectSale(client, posting, expected, sale)
  const created = operationsDone[sale.state]
  const withdrawal = withdrawn(old, false)
  if (created === 1) return [{ ...found, done: 2 }]
  if (created === 2 && withdrawal.done < withdrawalSteps) {
    return [{ ...found, done: 3 + withdrawal.done, stamp: withdrawal.stamp }]
  }
  return [{ ...found, done: created === 0 ? 0 : 1 + withdrawalSteps + created }]
}
