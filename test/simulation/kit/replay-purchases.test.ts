import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { readStory } from '#aws/case-story.ts'
import { recordSignal as record } from '#aws/signal-store.ts'
import { replayTable } from '../../../bin/commands/replay/replay-table.ts'
import { handler as recordSignal } from '../../../functions/ingress/record-signal.ts'
import { dryRun } from './dry-run.ts'
import { begin, context, letters, replaceOutside } from './inbox-world.ts'
import {
  caseOf,
  invoice,
  match,
  openPurchase,
  orderAndReceive,
  policy,
  post as postOf,
  tell,
} from './purchase-world.ts'

beforeAll(() => {
  vi.stubEnv('PURCHASING', JSON.stringify(policy))
  replaceOutside()
})
beforeEach(begin)

const Entry = z.object({ Source: z.string(), DetailType: z.string(), Detail: z.string() })
const Published = z.object({ input: z.object({ Entries: z.array(Entry) }) })

describe('the dry run of a replay, of a purchase,', () => {
  it('names its own events, and leaves out what a person has said', async () => {
    await openPurchase('R-1')
    expect(await dryRun(caseOf('R-1'))).toEqual([
      ['PurchaseRequisitionSubmitted', 'it is not through', '+purchase-order/R-1'],
    ])
    await record(caseOf('R-1'), {
      ...{
        kind: 'approval',
        number: '1',
        eventId: 'd-1',
        occurredAt: '2026-11-24T09:00:00Z',
        fingerprint: 'f',
        data: {},
      },
    })
    await orderAndReceive('R-1', '4711')
    await record(caseOf('R-1'), {
      ...{ kind: 'change', number: '2', event: 'PurchaseOrderChanged', eventId: 'c-2' },
      ...{ occurredAt: '2026-11-24T09:00:01Z', fingerprint: 'f', data: {}, needsApproval: false },
    })
    await tell('GoodsReceived', { purchaseOrder: 'R-1', deliveryNote: 'DN-1', receivedOn: '2026-11-20' })
    await tell('SupplierInvoiceReceived', invoice('R-1', 'INV-1', '20.00'))
    await tell('SupplierCreditNoteReceived', { ...invoice('R-1', 'CN-1', '20.00', '1') })
    await tell('GoodsReturned', {
      purchaseOrder: 'R-1',
      return: 'RET-1',
      returnedOn: '2026-11-21',
      lines: [{ line: '1', quantity: '1' }],
    })
    await tell('PurchaseOrderCancelled', { purchaseOrder: 'R-1', cancelledOn: '2026-11-22' })
    await tell('PurchaseOrderClosed', { purchaseOrder: 'R-1', closedOn: '2026-11-22' })
    const [ordered, ...rest] = await dryRun(caseOf('R-1'))
    expect(ordered).toEqual(['PurchaseRequisitionSubmitted', 'it is through', 'purchase-order/R-1 (4711)'])
    expect(rest).toEqual([
      ['PurchaseOrderCancelled', 'it waits for its turn', '…cancellation/R-1'],
      ['PurchaseOrderClosed', 'it waits for its turn', '…closing/R-1'],
      // Posted, and not told yet.
      ['GoodsReceived', 'it is not through', 'goods-receipt/DN-1 (DN-1)'],
      ['SupplierCreditNoteReceived', 'it waits for its turn', '…supplier-credit-note/CN-1'],
      ['SupplierInvoiceReceived', 'it waits for its turn', '…supplier-invoice/INV-1'],
      ['GoodsReturned', 'it waits for its turn', '…supplier-return/RET-1'],
      ['PurchaseOrderChanged', 'it waits for its turn', '…version/2'],
    ])
  })

  it("names what is posted of a supplier's invoice that was matched, and what is not while a person is asked", async () => {
    await openPurchase('R-1')
    await orderAndReceive('R-1', '4711')
    await tell('SupplierInvoiceReceived', invoice('R-1', 'INV-1', '20.00', '5'))
    await tell('SupplierInvoiceReceived', invoice('R-1', 'INV-2', '29.00', '5'))
    for (const number of ['INV-1', 'INV-2']) await match('R-1', number)
    const of = async () => (await dryRun(caseOf('R-1'))).slice(1)
    expect(await of()).toEqual([
      ['SupplierInvoiceReceived', 'it is not through', '+supplier-invoice/INV-1'],
      ['SupplierInvoiceReceived', 'it waits for its turn', '…supplier-invoice/INV-2'],
    ])
    const document = { id: '5', number: 'V5', amount: '100.00', currency: 'EUR', lines: [{ line: '1', quantity: '5' }] }
    await postOf('R-1', { document: 'supplier-invoice', number: 'INV-1' }, document)
    expect((await of())[0]).toEqual(['SupplierInvoiceReceived', 'it is not through', 'supplier-invoice/INV-1 (V5)'])
  })

  it('brings each event under the name and in the content by which the hub knows it', async () => {
    await openPurchase('R-1')
    await orderAndReceive('R-1', '4711')
    await tell('SupplierInvoiceReceived', invoice('R-1', 'INV-1', '20.00'), 'supplier')
    await tell('PurchaseOrderCancelled', { purchaseOrder: 'R-1', cancelledOn: '2026-11-22' })
    const signals = async () => (await readStory(caseOf('R-1')))?.signals
    const before = await signals()
    const published = vi.spyOn(EventBridgeClient.prototype, 'send')
    published.mockClear().mockImplementation(async () => ({ FailedEntryCount: 0, Entries: [{ EventId: 'b' }] }))
    const wanted = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, detailType: undefined, caseKeys: [caseOf('R-1')] }
    const asked = vi.mocked(DynamoDBDocumentClient.prototype.send)
    const askedBefore = asked.mock.calls.length
    const report = await replayTable(wanted, 'bus', { rate: 1000, dryRun: false, file: undefined })
    expect(report).toMatchObject({ started: 3, failed: 0 })
    // What there is to bring, and no case for each event: that is looked at to be told beforehand.
    expect(asked.mock.calls.slice(askedBefore).map(([command]) => command)).toEqual([expect.any(QueryCommand)])
    const entries = published.mock.calls.flatMap(([command]) => Published.parse(command).input.Entries)
    expect(entries.map(({ Source, DetailType }) => [Source, DetailType]).sort()).toEqual([
      ['erp', 'PurchaseOrderCancelled'],
      ['erp', 'PurchaseRequisitionSubmitted'],
      ['erp', 'SupplierInvoiceReceived'],
    ])
    const again = entries.filter(({ DetailType }) => DetailType !== 'PurchaseRequisitionSubmitted')
    const Records = again.map(({ Source, DetailType, Detail }, at) => ({
      messageId: `m${at}`,
      body: JSON.stringify({
        ...{ id: `b${at}`, source: Source, 'detail-type': DetailType, time: '2026-11-25T09:00:00Z' },
        detail: JSON.parse(Detail),
      }),
    }))
    expect(await recordSignal({ Records }, context)).toEqual({ batchItemFailures: [] })
    expect(letters).toEqual([])
    expect(await signals()).toEqual(before)
  })
})
