import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { completeCase } from '#aws/case-completion.ts'
import type { InboxItem } from '#aws/inbox-store.ts'
import { recordSignal, storeToken } from '#aws/signal-store.ts'
import { handler as awaitEvent } from '../../../functions/procure-to-pay/await-event.ts'
import { begin, context, letters, pass, replaceOutside, sweep, woken } from './inbox-world.ts'
import {
  answer,
  billInVariance,
  caseOf,
  invoice,
  match,
  next,
  nextUnasked,
  openPurchase,
  orderAndReceive,
  ownerOf,
  policy,
  post,
  questionsAbout,
  receive,
  storyOf,
  tell,
} from './purchase-world.ts'

beforeAll(() => {
  replaceOutside()
  vi.stubEnv('PURCHASING', JSON.stringify(policy))
})
beforeEach(begin)

async function theQuestion(number = 'R-1'): Promise<InboxItem> {
  const [question, second] = await questionsAbout(number)
  if (question === undefined || second !== undefined) throw new Error('There is not exactly one question')
  return question
}

/** Ordered, received, and billed at a price that is no longer within the tolerance. */
async function inVariance(unitPrice?: string): Promise<InboxItem> {
  await billInVariance(unitPrice)
  await next('R-1')
  return await theQuestion()
}

/** A newer version that nobody may order alone is told while nobody can be woken. */
async function changeUnheard(): Promise<void> {
  await openPurchase('R-1')
  await post('R-1', { document: 'purchase-order', number: 'R-1' }, { id: '1', number: '4711' })
  const line = { number: '1', item: 'P01', quantity: '30', unitPrice: '20.00' }
  const data = {
    number: 'R-1',
    company: 'main',
    supplier: 'S1',
    orderedOn: '2026-11-02',
    currency: 'EUR',
    lines: [line],
  }
  const told = { eventId: 'e-2', occurredAt: '2026-11-24T09:00:00Z', fingerprint: 'v2', needsApproval: true }
  await recordSignal(caseOf('R-1'), { kind: 'change', number: '2', data, ...told })
}

describe('a question that nobody has asked, since nobody was woken', () => {
  it('wakes an execution that falls asleep, once', async () => {
    await changeUnheard()
    const { caseKey, executionArn: arn, epoch, redriveCount } = ownerOf('R-1')
    const input = { token: 't', execution: { arn, redriveCount }, case: { key: caseKey, number: 'R-1', epoch } }
    await awaitEvent(input, context)
    expect(woken).toEqual(['t'])
    await next('R-1')
    expect(await theQuestion()).toMatchObject({ kind: 'approval', amount: '600.00' })
    await awaitEvent({ ...input, token: 'later' }, context)
    expect(woken).toEqual(['t'])
  })

  it('lets the sweeper wake the execution, once', async () => {
    await changeUnheard()
    await storeToken(ownerOf('R-1'), 't')
    pass(120)
    await sweep()
    expect(woken).toEqual(['t'])
    await next('R-1')
    await storeToken(ownerOf('R-1'), 'later')
    pass(120)
    await sweep()
    expect(woken).toEqual(['t'])
  })
})

describe('an approval', () => {
  const dear = { lines: [{ number: '1', item: 'P01', quantity: '30', unitPrice: '20.00' }] }

  it.each(['completed', 'cancelled', 'closed'] as const)('is answered too late once its case is %s', async (as) => {
    await openPurchase('R-1', dear)
    await next('R-1')
    const question = await theQuestion()
    expect(await completeCase(ownerOf('R-1'), (await storyOf('R-1')).case, as)).toBe(true)
    expect(await answer(question, 'approve')).toMatchObject({
      status: 'open',
      refused: { code: 'STALE', message: 'version 1 is answered or replaced by now; nothing was done' },
    })
    expect((await storyOf('R-1')).case.status).toBe(as)
  })

  it('is asked for above the policy’s amount, once, and lets the purchase be ordered', async () => {
    await openPurchase('R-1', dear)
    expect(await next('R-1')).toMatchObject({ kind: 'nothing-yet' })
    await next('R-1')
    const question = await theQuestion()
    expect(question).toMatchObject({
      kind: 'approval',
      owner: 'purchasing',
      amount: '600.00',
      currency: 'EUR',
      choices: ['approve', 'reject'],
    })
    const before = (await storyOf('R-1')).case
    expect(await answer(question, 'approve')).toMatchObject({ status: 'decided', decision: { by: 'ann' } })
    expect(await next('R-1')).toEqual({ kind: 'purchase-order', number: '1' })
    const after = (await storyOf('R-1')).case
    expect(after.signalCount).toBe(before.signalCount + 1)
    expect(await questionsAbout('R-1')).toEqual([])
  })

  it('that is refused is told, and ends the purchase', async () => {
    await openPurchase('R-1', dear)
    await next('R-1')
    await answer(await theQuestion(), 'reject')
    expect(await next('R-1')).toEqual({
      kind: 'refusal',
      number: 'approval/1',
      event: 'PurchaseRequisitionDeclined',
      code: 'DECLINED',
      message: 'because reject',
    })
  })

  it('takes two persons above the four-eyes amount, and one to refuse it', async () => {
    await openPurchase('R-1', { lines: [{ number: '1', item: 'P01', quantity: '60', unitPrice: '20.00' }] })
    await next('R-1')
    const question = await theQuestion()
    expect(await answer(question, 'approve')).toMatchObject({ status: 'proposed' })
    expect(await next('R-1')).toMatchObject({ kind: 'nothing-yet' })
    expect(await answer(question, 'approve', 'bob')).toMatchObject({
      status: 'decided',
      decision: { proposedBy: 'ann' },
    })
    expect(await next('R-1')).toMatchObject({ kind: 'purchase-order' })
  })
})

describe('a variance', () => {
  it('says what differs, and what it is over', async () => {
    expect(await inVariance()).toMatchObject({
      kind: 'variance',
      code: 'price-variance',
      owner: 'purchasing',
      amount: '210.00',
      signal: { kind: 'supplier-invoice', number: 'INV-1' },
      choices: ['accept', 'dispute', 'wait'],
      question:
        'Invoice INV-1 over 210.00 EUR is not as ordered and received: Line 1 has a net price of 21.00, and order line 1 one of 20.00: 10.00 more for the line.',
    })
  })

  it('that is accepted is posted', async () => {
    expect(await answer(await inVariance(), 'accept')).toMatchObject({ status: 'decided' })
    expect(await next('R-1')).toEqual({ kind: 'supplier-invoice', number: 'INV-1' })
  })

  it('that is disputed is told, and never posted', async () => {
    await answer(await inVariance(), 'dispute')
    expect(await next('R-1')).toMatchObject({
      kind: 'refusal',
      event: 'SupplierInvoiceDisputed',
      code: 'DISPUTED',
      message: 'because dispute',
    })
    // It takes up nothing of what was received, so that the corrected invoice matches.
    await tell('SupplierInvoiceReceived', invoice('R-1', 'INV-2', '20.00'))
    expect(await match('R-1', 'INV-2')).toMatchObject({ outcome: 'matched' })
  })

  it('that is to wait is asked about again when the ground has changed, under another id', async () => {
    const question = await inVariance()
    await answer(question, 'wait')
    expect(await next('R-1')).toMatchObject({ kind: 'nothing-yet' })
    expect(await questionsAbout('R-1')).toEqual([])
    await receive('R-1', 'DN-2', '1')
    expect(await next('R-1')).toEqual({ kind: 'match', number: 'supplier-invoice/INV-1' })
    expect(await match('R-1', 'INV-1')).toMatchObject({ round: 2, outcome: 'price-variance' })
    await next('R-1')
    expect((await theQuestion()).id).not.toBe(question.id)
  })

  it('that is to wait for goods is asked about again when no more will come', async () => {
    await openPurchase('R-1')
    await post('R-1', { document: 'purchase-order', number: 'R-1' }, { id: '1' })
    await receive('R-1', 'DN-1', '6')
    await tell('SupplierInvoiceReceived', invoice('R-1', 'INV-1', '20.00'))
    await match('R-1', 'INV-1')
    await next('R-1')
    const question = await theQuestion()
    await answer(question, 'wait')
    await post('R-1', { document: 'purchase-order-closing', number: 'R-1' }, { id: '1' })
    expect(await next('R-1')).toEqual({ kind: 'match', number: 'supplier-invoice/INV-1' })
    const summary = expect.stringContaining('nothing further is to come')
    expect(await match('R-1', 'INV-1')).toMatchObject({ round: 2, outcome: 'quantity-variance', summary })
    await next('R-1')
    expect((await theQuestion()).id).not.toBe(question.id)
  })

  it('is not decided on a match that is no longer the last, and the question goes', async () => {
    const question = await inVariance()
    await receive('R-1', 'DN-2', '1')
    expect(await answer(question, 'accept')).toMatchObject({ status: 'open', refused: { code: 'STALE' } })
    await match('R-1', 'INV-1')
    expect(await answer(question, 'accept', 'bob')).toMatchObject({ status: 'open', refused: { code: 'STALE' } })
    await sweep()
    expect(await questionsAbout('R-1')).toEqual([])
    expect(await nextUnasked('R-1')).toMatchObject({ kind: 'nothing-yet' })
  })

  it('is not asked about while goods may still come', async () => {
    await openPurchase('R-1')
    await post('R-1', { document: 'purchase-order', number: 'R-1' }, { id: '1' })
    await tell('SupplierInvoiceReceived', invoice('R-1', 'INV-1', '20.00'))
    expect(await match('R-1', 'INV-1')).toMatchObject({ outcome: 'missing-receipt', dueOn: '2026-12-20' })
    await next('R-1')
    expect(await questionsAbout('R-1')).toEqual([])
    await receive('R-1', 'DN-1', '10')
    expect(await match('R-1', 'INV-1')).toMatchObject({ outcome: 'matched' })
    expect(await next('R-1')).toMatchObject({ kind: 'supplier-invoice' })
  })

  it('of a document that no ERP could book cannot be accepted', async () => {
    await openPurchase('R-1')
    await orderAndReceive('R-1', '4711')
    await tell('SupplierInvoiceReceived', { ...invoice('R-1', 'INV-1', '20.00'), currency: 'USD' })
    await match('R-1', 'INV-1')
    await next('R-1')
    const question = await theQuestion()
    expect(question).toMatchObject({ code: 'wrong-currency', owner: 'finance', choices: ['dispute', 'wait'] })
    expect(await answer(question, 'accept')).toMatchObject({ refused: { code: 'CHOICE_NOT_ALLOWED' } })
    expect(letters).toEqual([])
  })
})

describe('a supplier’s number', () => {
  it('is one over all purchases, in whatever spelling', async () => {
    for (const number of ['R-1', 'R-2']) {
      await openPurchase(number)
      await orderAndReceive(number, number)
    }
    await tell('SupplierInvoiceReceived', invoice('R-1', 'INV-2026/001', '20.00'))
    await tell('SupplierInvoiceReceived', invoice('R-2', 'inv 2026 1', '20.00'))
    expect(await match('R-1', 'INV-2026/001')).toMatchObject({ outcome: 'matched' })
    const second = await match('R-2', 'inv 2026 1')
    expect(second).toMatchObject({ outcome: 'duplicate-number' })
    expect(second?.summary).toContain('It was used in erp/purchase-requisition/R-1.')
    await next('R-2')
    expect(await theQuestion('R-2')).toMatchObject({ code: 'duplicate-number', owner: 'finance' })
  })

  it('goes to exactly one of two documents that come at the same moment', async () => {
    for (const number of ['R-1', 'R-2']) {
      await openPurchase(number)
      await orderAndReceive(number, number)
      await tell('SupplierInvoiceReceived', invoice(number, number === 'R-1' ? 'A-1' : 'a1', '20.00'))
    }
    const both = await Promise.all([match('R-1', 'A-1'), match('R-2', 'a1')])
    expect(both.map((one) => one?.outcome).sort()).toEqual(['duplicate-number', 'matched'])
  })

  it('stays that of its document when it is matched again', async () => {
    await inVariance()
    await receive('R-1', 'DN-2', '1')
    expect(await match('R-1', 'INV-1')).toMatchObject({ outcome: 'price-variance' })
  })

  it('of an invoice and of a credit note are apart', async () => {
    await openPurchase('R-1')
    await orderAndReceive('R-1', '4711')
    await tell('SupplierInvoiceReceived', invoice('R-1', 'A-100', '20.00'))
    await tell('SupplierCreditNoteReceived', invoice('R-1', 'a100', '20.00', '2'))
    expect(await match('R-1', 'A-100')).toMatchObject({ outcome: 'matched' })
    expect(await match('R-1', 'a100', 'supplier-credit-note')).toMatchObject({ outcome: 'matched' })
  })
})
