import { RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { caseList } from '#aws/case-store.ts'
import { queues } from '#aws/clients/queues.ts'
import { stepFunctions } from '#aws/clients/step-functions.ts'
import { putCrossReference, translate } from '#aws/cross-reference-store.ts'
import { update } from '#aws/table.ts'
import { killChildrenOf, killErpServer } from '../stories/trouble.ts'
import {
  booksOf,
  bus,
  eventually,
  goodsIssued,
  hub,
  newNumber,
  paymentReceived,
  publish,
  salesOrder,
  startExecution,
  storyOf,
  submitted,
} from './hub-under-test.ts'

const DeadLetter = z.object({
  class: z.string(),
  code: z.string(),
  owner: z.string(),
  message: z.string(),
  signature: z.string(),
})

/** Waits for the dead letter that has this text. */
async function deadLetterAbout(text: string) {
  return await eventually(`a dead letter about ${text}`, async () => {
    const { Messages = [] } = await queues.send(
      new ReceiveMessageCommand({
        QueueUrl: hub.deadLetterQueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 2,
        VisibilityTimeout: 1,
      }),
    )
    const found = Messages.find(({ Body = '' }) => Body.includes(text))
    return found === undefined ? undefined : DeadLetter.parse(JSON.parse(found.Body ?? ''))
  })
}

describe('an order that is refused', () => {
  it('names the unknown customer, waits for its owner, and goes on by a redrive once the cross-reference is there', async () => {
    const number = newNumber('R')
    const id = `new-${number}`
    await publish(submitted(salesOrder(number, { customer: { id } })))
    const rejected = await bus.until('SalesOrderRejected', number)
    expect(rejected.detail.data).toMatchObject({ code: 'UNKNOWN_CUSTOMER', field: 'customer.id', owner: 'sales' })
    expect(await deadLetterAbout(id)).toMatchObject({ class: 'business', code: 'UNKNOWN_CUSTOMER', owner: 'sales' })
    const { case: rejectedCase } = await storyOf(number)
    expect(rejectedCase.status).toBe('rejected')
    expect((await booksOf(number)).sales).toEqual([])

    await putCrossReference(
      'shop',
      'customer',
      id,
      hub.erpAccount,
      await translate('shop', 'customer', 'C001', hub.erpAccount, ''),
    )
    await stepFunctions.send(new RedriveExecutionCommand({ executionArn: rejectedCase.owner.executionArn }))
    await bus.until('SalesOrderCreated', number)
    await publish(goodsIssued(number), paymentReceived(number))
    await bus.until('OrderToCashCompleted', number)
    expect((await booksOf(number)).sales).toHaveLength(1)
  })

  it('is told the credit limit of the ERP, and stands there without an invoice', async () => {
    const number = newNumber('R')
    const lines = [{ number: '1', item: { id: 'P01' }, quantity: '900', unitPrice: '14.90' }]
    await publish(
      submitted(salesOrder(number, { customer: { id: 'C008' }, lines, freight: undefined, netTotal: undefined })),
    )
    const rejected = await bus.until('SalesOrderRejected', number)
    expect(rejected.detail.data).toMatchObject({ code: 'CREDIT_LIMIT_EXCEEDED', owner: 'finance' })
    const { sales, invoices } = await booksOf(number)
    expect(sales).toEqual([expect.objectContaining({ state: 'quotation' })])
    expect(invoices).toEqual([])
  })

  it('is a dead letter that names field, value and rule when it cannot be understood', async () => {
    const number = newNumber('R')
    await publish(submitted(salesOrder(number, { currency: `euro ${number}` })))
    const letter = await deadLetterAbout(`euro ${number}`)
    expect(letter).toMatchObject({ class: 'poison', code: 'PoisonMessageError', owner: 'integration' })
    expect(letter.message).toContain('currency must be an ISO 4217 code')
  })

  it('is a conflict when the same version comes with other content; the first one stands', async () => {
    const number = newNumber('R')
    await publish(submitted(salesOrder(number)))
    await bus.until('SalesOrderCreated', number)
    await publish(submitted(salesOrder(number, { freight: '5.90', netTotal: '45.50' })))
    expect(await deadLetterAbout(number)).toMatchObject({ code: 'CONFLICT', owner: 'sales' })
    const { sales } = await booksOf(number)
    expect(sales).toEqual([expect.objectContaining({ untaxed_amount: '44.50' })])
    expect((await storyOf(number)).case.status).toBe('open')
  })
})

describe('an execution that is stopped', () => {
  it('is recorded as failed, and a new execution of the same input carries its case to the end', async () => {
    const number = newNumber('S')
    const order = salesOrder(number)
    await publish(submitted(order))
    await bus.until('SalesOrderCreated', number)
    const { case: before } = await storyOf(number)
    await stepFunctions.send(new StopExecutionCommand({ executionArn: before.owner.executionArn }))
    await bus.until('SalesOrderFailed', number)
    await startExecution(order)
    await publish(goodsIssued(number), paymentReceived(number))
    await bus.until('OrderToCashCompleted', number)
    const { case: after } = await storyOf(number)
    expect(after.owner.epoch).toBe(2)
    const { sales, invoices } = await booksOf(number)
    expect([sales.length, invoices.length]).toEqual([1, 1])
  })
})

describe('kill -9', () => {
  it('of every Lambda worker, again and again, posts nothing twice and loses nothing', async () => {
    const numbers = Array.from({ length: 4 }, () => newNumber('K'))
    for (const number of numbers)
      await publish(submitted(salesOrder(number)), goodsIssued(number), paymentReceived(number))
    const killing = setInterval(() => killChildrenOf(hub.cloudPid), 700)
    await new Promise((resolve) => setTimeout(resolve, 6_000))
    clearInterval(killing)
    for (const number of numbers) {
      await bus.until('OrderToCashCompleted', number, 240)
      const { sales, shipments, invoices } = await booksOf(number)
      expect([sales.length, shipments.length, invoices.length]).toEqual([1, 1, 1])
      expect(invoices[0]).toMatchObject({ state: 'paid', total_amount: '44.50', amount_to_pay: '0.00' })
    }
  })

  it('of the ERP while it works posts nothing twice and loses nothing', async () => {
    const numbers = Array.from({ length: 3 }, () => newNumber('K'))
    for (const number of numbers)
      await publish(submitted(salesOrder(number)), goodsIssued(number), paymentReceived(number))
    for (let times = 0; times < 3; times++) {
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      killErpServer(hub)
    }
    for (const number of numbers) {
      await bus.until('OrderToCashCompleted', number, 240)
      const { sales, shipments, invoices } = await booksOf(number)
      expect([sales.length, shipments.length, invoices.length]).toEqual([1, 1, 1])
      expect(invoices[0]).toMatchObject({ state: 'paid', amount_to_pay: '0.00' })
    }
  })
})

/** Sets the case open as it was before its failure was recorded, and long silent. */
async function reopenBehindTheHubsBack(number: string): Promise<void> {
  await update({
    key: { pk: `shop/sales-order/${number}`, sk: 'CASE' },
    update: 'SET #status = :open, listKey = :list, listedAtMs = :long',
    names: { '#status': 'status' },
    values: { ':open': 'open', ':list': caseList('order-to-cash', 'open'), ':long': Date.now() - 3_600_000 },
  })
}

describe('the sweeper', () => {
  it('takes over a case whose execution ended without anyone recording it', async () => {
    const number = newNumber('W')
    await publish(submitted(salesOrder(number)))
    await bus.until('SalesOrderCreated', number)
    const { case: before } = await storyOf(number)
    // As if the status event had been lost: the case is put back to open after the failure was recorded.
    await stepFunctions.send(new StopExecutionCommand({ executionArn: before.owner.executionArn }))
    await bus.until('SalesOrderFailed', number)
    await reopenBehindTheHubsBack(number)
    await publish(goodsIssued(number), paymentReceived(number))
    await bus.until('OrderToCashCompleted', number, 200)
    expect((await storyOf(number)).case.owner.epoch).toBe(2)
    expect((await booksOf(number)).sales).toHaveLength(1)
  })
})
