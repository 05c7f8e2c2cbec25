import { afterEach, describe, expect, it } from 'vitest'
import { translate } from '#aws/cross-reference-store.ts'
import { update } from '#aws/table.ts'
import { TrytonClient } from '#connectors/tryton/client.ts'
import { decimal } from '#connectors/tryton/wire.ts'
import { listQuestions } from '../../../bin/commands/inbox/list-questions.ts'
import { decide, questionAbout } from './decide.ts'
import {
  booksOf,
  breakOnce,
  bus,
  eventually,
  goodsIssued,
  hub,
  newNumber,
  paymentReceived,
  publish,
  salesOrder,
  storyOf,
  submitted,
} from './hub-under-test.ts'

const finance = new TrytonClient({
  url: hub.erp.url,
  credentials: { database: hub.erp.database, ...hub.erp.admin },
  clientTimeoutMs: 30_000,
  settleMs: 0,
})

/** What somebody in finance does in the ERP. */
async function inErp(method: string, ...params: readonly unknown[]): Promise<void> {
  const reply = await finance.write(method, params, { signal: finance.deadline() })
  if (reply.kind !== 'result') throw new Error(`Tryton does not take ${method}: ${JSON.stringify(reply)}`)
}

async function setCreditLimit(amount: string): Promise<void> {
  const customer = Number(await translate('shop', 'customer', 'C008', hub.erpAccount, ''))
  await inErp('model.party.party.write', [customer], { credit_limit_amount: decimal(amount) })
}

afterEach(() => setCreditLimit('100.00'))

/** An order of a customer who may owe 100.00 at most. */
function tooLarge(number: string, quantity: string) {
  const lines = [{ number: '1', item: { id: 'P01' }, quantity, unitPrice: '14.90' }]
  return submitted(salesOrder(number, { customer: { id: 'C008' }, lines, freight: undefined, netTotal: undefined }))
}

const question = (number: string, kind: string) => questionAbout(`shop/sales-order/${number}`, kind)

describe('a doubt', () => {
  it('ends when somebody has looked in the ERP, and the order goes on once its refusal is mended', async () => {
    const number = newNumber('I')
    // The request never arrives, which the hub cannot tell from a lost answer; its repeat is refused.
    await breakOnce({ method: 'model.sale.sale.confirm', contains: '', kind: 'lose-request' })
    await publish(tooLarge(number, '20'))
    const doubt = await question(number, 'doubt')
    expect(doubt).toMatchObject({
      code: 'CREDIT_LIMIT_EXCEEDED',
      amount: '298.00',
      posting: { document: 'sales-order' },
    })
    expect(decide(doubt, 'ann', 'not-posted')).toMatchObject({ became: 'applied', status: 0 })

    const refusal = await question(number, 'refusal')
    await setCreditLimit('1000.00')
    expect(decide(refusal, 'ann', 'post-again')).toMatchObject({ became: 'applied' })
    await bus.until('SalesOrderCreated', number)
    await publish(goodsIssued(number), paymentReceived(number, '298.00'))
    await bus.until('OrderToCashCompleted', number)
    const { sales, invoices } = await booksOf(number)
    expect(sales).toEqual([expect.objectContaining({ state: 'done', untaxed_amount: '298.00' })])
    expect(invoices).toEqual([expect.objectContaining({ state: 'paid', amount_to_pay: '0.00' })])
    expect((await listQuestions()).filter(({ pk }) => pk.endsWith(number))).toEqual([])
  })
})

describe('a refusal above the amount for four eyes', () => {
  it('ends by the order that finance has let through in the ERP, when a second person agrees', async () => {
    const number = newNumber('I')
    await publish(tooLarge(number, '100'))
    await bus.until('SalesOrderRejected', number)
    const refusal = await question(number, 'refusal')
    const [sale] = (await booksOf(number)).sales
    const id = String(sale?.id)
    // As it stands it is a quotation only.
    expect(decide(refusal, 'ann', 'adopt', id).text).toContain('NOT_IN_EFFECT')
    await setCreditLimit('10000.00')
    await inErp('model.sale.sale.confirm', [sale?.id])
    await inErp('model.sale.sale.process', [sale?.id])
    expect(decide(refusal, 'ann', 'adopt', id)).toMatchObject({ became: 'proposed', status: 0 })
    expect(decide(refusal, 'ann', 'adopt', id)).toMatchObject({ became: 'refused', status: 1 })
    expect(decide(refusal, 'bob', 'adopt', id)).toMatchObject({ became: 'applied', status: 0 })

    const created = await bus.until('SalesOrderCreated', number)
    expect(created.detail.data).toMatchObject({ document: { id, amount: '1490.00' } })
    expect((await booksOf(number)).sales).toEqual([expect.objectContaining({ id: sale?.id, state: 'processing' })])
    expect((await storyOf(number)).postings).toEqual([
      expect.objectContaining({ kind: 'sales-order', status: 'posted', document: expect.objectContaining({ id }) }),
    ])
  })
})

describe('a payment for an order that never came', () => {
  it('is asked about when its time is over, and set aside by a decision', async () => {
    const number = newNumber('I')
    const pk = `shop/sales-order/${number}`
    await publish(paymentReceived(number))
    // As if its time were over.
    await eventually('the parked payment', async () => {
      const { ok } = await update({
        key: { pk, sk: `SIGNAL#incoming-payment#PAY-${number}` },
        update: 'SET listedAtMs = :long',
        condition: 'attribute_exists(parkedUntilMs)',
        values: { ':long': Date.now() - 1 },
      })
      return ok ? true : undefined
    })
    const orphan = await question(number, 'orphan-signal')
    expect(orphan).toMatchObject({ owner: 'finance', amount: '44.50', currency: 'EUR', choices: ['ignore'] })
    expect(decide(orphan, 'ann', 'ignore')).toMatchObject({ became: 'applied' })
    expect((await listQuestions()).filter((one) => one.pk === pk)).toEqual([])
  })
})
