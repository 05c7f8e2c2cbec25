import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ListExecutionsCommand } from '@aws-sdk/client-sfn'
import { afterAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { stepFunctions } from '#aws/clients/step-functions.ts'
import { putCrossReference, translate } from '#aws/cross-reference-store.ts'
import { processNames } from '#domain/processes.ts'
import { temporaryFolder } from '../../../lib/temporary-folder.ts'
import { commandLine, Groups, Report, readReport } from './command-line.ts'
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

const folder = temporaryFolder('recovery')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { postonce, interrupt } = commandLine(hub.deadLetterQueueUrl)

const ArchiveReplay = z.object({ state: z.string(), rules: z.array(z.string()) })

const groupOf = async (code: string, ...more: readonly string[]) =>
  (await postonce(Groups, 'dead-letters', ...more)).groups.find((one) => one.code === code)

/** Waits until every execution since then that is not a sleeping case has ended, and says how many there are in all. */
async function executionsAtRest(since: Date, atLeast: number, sleeping: number): Promise<number> {
  const what = `${atLeast} executions of which ${sleeping} sleep`
  const look = async () => {
    const all: { status?: string; startDate?: Date }[] = []
    let nextToken: string | undefined
    do {
      const page: { executions?: typeof all; nextToken?: string | undefined } = await stepFunctions.send(
        new ListExecutionsCommand({ stateMachineArn: hub.stateMachineArn, ...(nextToken && { nextToken }) }),
      )
      all.push(...(page.executions ?? []).filter(({ startDate = since }) => startDate >= since))
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    const running = all.filter(({ status }) => status === 'RUNNING').length
    return all.length >= atLeast && running <= sleeping ? all.length : undefined
  }
  return await eventually(what, look, 200)
}

describe('many orders that are rejected for one cause', () => {
  const since = new Date()
  const item = newNumber('new-')
  const numbers = Array.from({ length: 20 }, () => newNumber('M'))
  const [first = '', second = ''] = numbers
  const file = join(folder, 'report.json')

  it('are one signature with what is at stake', async () => {
    const lines = [{ number: '1', item: { id: item }, quantity: '2', unitPrice: '14.90' }]
    for (const number of numbers) {
      await publish(submitted(salesOrder(number, { lines, freight: undefined, netTotal: undefined })))
    }
    for (const number of numbers) await bus.until('SalesOrderRejected', number)
    const group = await eventually('a group of 20', async () => {
      const found = await groupOf('UNKNOWN_ITEM')
      return found?.count === 20 ? found : undefined
    })
    expect(group).toMatchObject({ owner: 'sales', atStake: { EUR: '596.00' } })
  })

  it('are told what a redrive would post, and it posts nothing', async () => {
    const { id = '' } = (await groupOf('UNKNOWN_ITEM')) ?? {}
    const report = await postonce(Report, 'redrive', '--signature', id, '--dry-run')
    expect(report).toMatchObject({ started: 0, notStarted: 20, failed: 0 })
    expect(report.items.find(({ target }) => target.endsWith(first))).toMatchObject({
      plan: { do: 'redrive', outlook: { posted: [], next: [`sales-order/${first}`] } },
    })
    expect((await storyOf(first)).case.status).toBe('rejected')
    expect((await booksOf(first)).sales).toEqual([])
  })

  it('all go on by their signature when the cross-reference is there, across an interruption, once each', async () => {
    await putCrossReference(
      'shop',
      'item',
      item,
      hub.erpAccount,
      await translate('shop', 'item', 'P01', hub.erpAccount, ''),
    )
    const { id = '' } = (await groupOf('UNKNOWN_ITEM')) ?? {}
    expect(await interrupt(file, 1, 'redrive', '--signature', id, '--rate', '2')).toBe(130)
    const before = readReport(file)
    expect(before.started).toBeGreaterThan(0)
    expect(before.notStarted).toBeGreaterThan(0)
    expect(before.items).toHaveLength(20)

    const after = await postonce(Report, 'redrive', '--signature', id, '--rate', '50')
    expect(after).toMatchObject({ failed: 0, notStarted: 0 })
    expect(before.started + after.started).toBeGreaterThanOrEqual(numbers.length)
    for (const number of numbers) await bus.until('SalesOrderCreated', number)
    for (const number of numbers) expect((await booksOf(number)).sales).toHaveLength(1)
  })

  it('are no dead letters any more', async () => {
    const left = await eventually('a queue without them', async () => {
      const found = await groupOf('UNKNOWN_ITEM', '--clear')
      return found === undefined ? 'none' : undefined
    })
    expect(left).toBe('none')
  })

  it('are posted no second time by a replay of everything, nor by a redrive of what runs', async () => {
    for (const number of [first, second]) {
      await publish(goodsIssued(number), paymentReceived(number, '29.80'))
    }
    for (const number of [first, second]) await bus.until('OrderToCashCompleted', number)
    const sleeping = numbers.length - 2
    const before = await executionsAtRest(since, numbers.length, sleeping)
    const span = ['--from', since.toISOString(), '--to', new Date().toISOString()]
    const archive = await postonce(ArchiveReplay, 'replay', ...span)
    expect(archive).toMatchObject({ state: 'COMPLETED' })
    // For each process the one that starts its cases, and the one that records its signals.
    expect(archive.rules).toHaveLength(2 * processNames.length)
    const between = await executionsAtRest(since, before + numbers.length, sleeping)
    const orders = await postonce(Report, 'replay', ...span, '--detail-type', 'SalesOrderSubmitted', '--rate', '50')
    expect(orders).toMatchObject({ started: numbers.length, failed: 0, notStarted: 0, nothingToDo: 0 })
    // The order, its goods and its money.
    expect(await postonce(Report, 'replay', '--case', `shop/${first}`)).toMatchObject({ started: 3, failed: 0 })
    await executionsAtRest(since, between + numbers.length + 1, sleeping)
    const again = await postonce(Report, 'redrive', `shop/sales-order/${numbers[2]}`)
    expect(again).toMatchObject({ started: 0, nothingToDo: 1 })
    for (const number of numbers) {
      const { sales, shipments, invoices } = await booksOf(number)
      const done = number === first || number === second
      expect(sales).toHaveLength(1)
      if (done) expect([shipments.length, invoices.length]).toEqual([1, 1])
      expect((await storyOf(number)).case.status).toBe(done ? 'completed' : 'open')
    }
  })
})

describe('an order that cannot go on where it stands', () => {
  it('runs again from its original event, and is posted once', async () => {
    const number = newNumber('A')
    const item = newNumber('new-')
    const lines = [{ number: '1', item: { id: item }, quantity: '1', unitPrice: '14.90' }]
    await startExecution(salesOrder(number, { lines, freight: undefined, netTotal: undefined }))
    await bus.until('SalesOrderRejected', number)
    await putCrossReference(
      'shop',
      'item',
      item,
      hub.erpAccount,
      await translate('shop', 'item', 'P01', hub.erpAccount, ''),
    )
    const report = await postonce(Report, 'redrive', `shop/${number}`, '--from-start')
    expect(report).toMatchObject({ started: 1, items: [{ plan: { do: 'run-again' } }] })
    await bus.until('SalesOrderCreated', number)
    expect((await storyOf(number)).case.owner.epoch).toBe(2)
    expect((await booksOf(number)).sales).toHaveLength(1)
  })
})
