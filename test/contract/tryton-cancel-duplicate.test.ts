import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import * as z from 'zod'
import { compareWindow } from '#aws/reconciliation/compare.ts'
import { noteDifference, readDifference } from '#aws/reconciliation/difference-store.ts'
import { knownDifferences, lookAgain } from '#aws/reconciliation/look-again.ts'
import { repair } from '#aws/reconciliation/repair.ts'
import { momentaryWindow } from '#aws/reconciliation/window.ts'
import { Id } from '#connectors/tryton/wire.ts'
import { OutcomeUnknownError } from '#domain/errors.ts'
import { referenceOf } from '#domain/fingerprint.ts'
import type { Fault } from '../../bin/local/erp/fault-proxy.ts'
import { bringToTarget } from './bring-to-target.ts'
import { postForCase, startHub, stopHub } from './hub-in-memory.ts'
import { lifeOf, newOrder } from './life.ts'
import { newPurchaseOrder, purchaseLifeOf } from './purchase-life.ts'
import { startTrytonUnderTest, type TrytonUnderTest, writeOf } from './tryton-under-test.ts'

vi.setConfig({ testTimeout: 300_000 })

let erp: TrytonUnderTest
beforeAll(async () => {
  erp = await startTrytonUnderTest()
  startHub(erp)
})
afterAll(async () => {
  stopHub()
  await erp?.stop()
})

/** Presses a button of Tryton's, as a clerk does. */
async function press(method: string, ...parameters: readonly unknown[]): Promise<unknown> {
  const reply = await erp.admin.write(`model.${method}`, parameters, { signal: AbortSignal.timeout(30_000) })
  if (reply.kind !== 'result') throw new Error(`${method} was refused: ${JSON.stringify(reply)}`)
  return reply.result
}

const Ids = z.array(Id)

/** A clerk copies a document, and brings the copy as far as these buttons do. */
async function copy(model: string, id: string, change: object, buttons: readonly string[]): Promise<string> {
  const [copied] = Ids.parse(await press(`${model}.copy`, [Number(id)], change))
  for (const button of buttons) await press(`${model}.${button}`, [copied])
  return String(copied)
}

const toProcessing = ['quote', 'confirm', 'process']
let copies = 0

/** What may stand in Tryton too often and can be cancelled there. */
const orders = {
  // One number of a shop's is in Tryton once: a copy has one that the hub knows nothing of.
  'sales order': {
    ...{ model: 'sale.sale', origin: 'sale', class: 'extra' },
    post: async () => {
      const order = newOrder()
      const name = { document: 'sales-order', number: order.number } as const
      const plan = (reference: string) => lifeOf(erp, order, () => reference).salesOrder()
      return await postForCase('order-to-cash', `shop/sales-order/${order.number}`, name, plan)
    },
    copy: async ({ id }: { readonly id: string }, buttons = toProcessing) => {
      copies += 1
      const key = referenceOf(`a copy, the ${copies}th`, 80)
      const Shop = z.object({ id: Id, web_shop: Id })
      const [sale] = await erp.admin.search(Shop, 'sale.sale', [['id', '=', Number(id)]], ['web_shop'])
      return { key, id: await copy('sale.sale', id, { web_shop: sale?.web_shop, web_id: key }, buttons) }
    },
  },
  'purchase order': {
    ...{ model: 'purchase.purchase', origin: 'purchase', class: 'duplicate' },
    post: async () => {
      const order = newPurchaseOrder()
      const name = { document: 'purchase-order', number: order.number } as const
      const plan = (reference: string) => purchaseLifeOf(erp, order, () => reference).purchaseOrder()
      return await postForCase('procure-to-pay', `shop/purchase-requisition/${order.number}`, name, plan)
    },
    copy: async (
      { id, reference }: { readonly id: string; readonly reference: string },
      buttons: readonly string[] = toProcessing,
    ) => ({ key: reference, id: await copy('purchase.purchase', id, { reference }, buttons) }),
  },
} as const
const each = Object.entries(orders)

/** What an order says in Tryton, read past the connector, and how what is moved and billed for it stands. */
async function standing({ model, origin }: { readonly model: string; readonly origin: string }, id: string) {
  const Head = z.object({ id: Id, state: z.string(), comment: z.string().nullable() })
  const State = z.object({ id: Id, state: z.string() })
  const [head] = await erp.admin.search(Head, model, [['id', '=', Number(id)]], ['state', 'comment'])
  const statesOf = async (of: string, path: string) => {
    const found = await erp.admin.search(State, of, [[path, '=', Number(id), `${origin}.line`]], ['state'])
    return [...new Set(found.map(({ state }) => state))]
  }
  return {
    ...{ state: head?.state, comment: head?.comment },
    moves: await statesOf('stock.move', `origin.${origin}`),
    invoices: await statesOf('account.invoice', `lines.origin.${origin}`),
  }
}

/** Tryton has no other word for one that was processed; the mark stands on it once. */
const cancelled = {
  ...{ state: 'done', comment: expect.stringMatching(/^cancelled: [0-9A-Z]{32}$/) },
  ...{ moves: ['cancelled'], invoices: ['cancelled'] },
}

/** Everything of these minutes, as it stands now. */
const window = () => {
  const nowMs = Date.now()
  return { ...momentaryWindow('test', nowMs + 600_000), sinceMs: nowMs - 3_600_000, untilMs: nowMs + 1_000 }
}

/** What reconciliation finds of these, and notes. */
async function find(key: string) {
  const { differences } = await compareWindow(window())
  const found = differences.filter((one) => one.key === key)
  for (const difference of found) await noteDifference(difference)
  return found
}

const cancel = (key: string) => repair(window(), { key, repair: 'cancel', by: 'ann', reason: 'copied by mistake' })

const writes = new Set(Object.values(writeOf))
/** How many requests of the hub that write have come to Tryton. */
const written = () => [...erp.proxy.counts].reduce((sum, [method, count]) => sum + (writes.has(method) ? count : 0), 0)

describe.each(each)('a %s that stands in Tryton too often', (_name, kind) => {
  it('is cancelled there once, however often that is asked for, and the one of the hub stays as it is', async () => {
    const original = await kind.post()
    const before = await standing(kind, original.id)
    const { key, id } = await kind.copy(original)
    const [difference] = await find(key)
    if (difference === undefined) throw new Error('It was not found')
    expect(difference.class).toBe(kind.class)

    expect(await cancel(key)).toMatchObject({ became: 'repaired', text: expect.stringContaining(id) })
    expect(await standing(kind, id)).toEqual(cancelled)
    expect(await standing(kind, original.id)).toEqual(before)
    expect(before).toMatchObject({ state: 'processing', moves: ['draft'] })
    expect(await find(key)).toEqual([])
    expect((await readDifference(key))?.status).toBe('gone')

    const sent = written()
    expect(await cancel(key)).toMatchObject({ became: 'changed' })
    // A run that had seen it before notes it after.
    await noteDifference(difference)
    expect(await cancel(key)).toEqual({ became: 'changed', text: 'The books agree on it by now.' })
    expect(written()).toBe(sent)
    expect(await standing(kind, id)).toEqual(cancelled)
  })

  it.each<Fault['kind'] & `lose-${string}`>(['lose-answer', 'lose-request'])(
    'is cancelled once when each of its writes meets a %s, by asking again',
    async (fault) => {
      const original = await kind.post()
      const before = await standing(kind, original.id)
      const { key, id } = await kind.copy(original)
      await find(key)
      const ends = [...writes].map((method) =>
        erp.proxy.inject({ matches: (request) => request.method === method, nth: 1, fault: { kind: fault } }),
      )
      onTestFinished(() => {
        for (const end of ends) end()
      })
      let lost = 0
      for (let attempt = 0; attempt <= writes.size; attempt++) {
        try {
          expect(await cancel(key)).toMatchObject({ became: 'repaired' })
          break
        } catch (error) {
          if (!(error instanceof OutcomeUnknownError)) throw error
          lost += 1
          // A run that finds that the books agree meanwhile does not take the repair for done.
          await lookAgain(window(), await knownDifferences())
          expect((await readDifference(key))?.status).toBe('open')
        }
      }
      expect(ends.reduce((sum, end) => sum + end(), 0)).toBe(lost)
      // The claim, what is planned, what was drafted, and both decisions that they stay cancelled.
      expect(lost).toBeGreaterThanOrEqual(5)
      expect(await standing(kind, id)).toEqual(cancelled)
      expect(await standing(kind, original.id)).toEqual(before)
      expect(await find(key)).toEqual([])
    },
  )
})

describe('a purchase order that stands in Tryton three times', () => {
  const kind = orders['purchase order']

  it('is cancelled twice, and again when somebody copies it once more', async () => {
    const original = await kind.post()
    const before = await standing(kind, original.id)
    const both = [await kind.copy(original), await kind.copy(original)]
    expect(await find(original.reference)).toMatchObject([{ class: 'duplicate' }])
    expect(await cancel(original.reference)).toMatchObject({ became: 'repaired' })
    for (const { id } of both) expect(await standing(kind, id)).toEqual(cancelled)
    const { id } = await kind.copy(original)
    await find(original.reference)
    expect(await cancel(original.reference)).toMatchObject({ became: 'repaired' })
    expect(await standing(kind, id)).toEqual(cancelled)
    expect(await standing(kind, original.id)).toEqual(before)
    expect(await find(original.reference)).toEqual([])
  })
})

describe('a purchase order that stands in Tryton twice, and as the hub has posted it no more,', () => {
  const kind = orders['purchase order']

  it('is not cancelled, since none of both is known to be the right one', async () => {
    const original = await kind.post()
    const both = [await kind.copy(original), await kind.copy(original)]
    await bringToTarget(purchaseLifeOf(erp, newPurchaseOrder()).cancel(original.id))
    await find(original.reference)
    const sent = written()
    expect(await cancel(original.reference)).toMatchObject({
      became: 'refused',
      text: expect.stringContaining('adopt the right one first'),
    })
    expect(written()).toBe(sent)
    for (const { id } of both) expect(await standing(kind, id)).toMatchObject({ state: 'processing' })
  })
})

describe('a sales order that somebody has only begun to copy', () => {
  const kind = orders['sales order']

  it.each([[[]], [['quote']]])('is cancelled after %o', async (buttons) => {
    const original = await kind.post()
    const { key, id } = await kind.copy(original, buttons)
    expect(await find(key)).toMatchObject([{ class: 'extra' }])
    expect(await cancel(key)).toMatchObject({ became: 'repaired' })
    expect(await standing(kind, id)).toMatchObject({ state: 'cancelled', moves: [] })
    expect(await find(key)).toEqual([])
  })
})

describe('a payment that is booked twice', () => {
  it('is for a person: the port takes back no money, and nothing is sent', async () => {
    const order = newOrder()
    const paid = await postForCase(
      'order-to-cash',
      `shop/sales-order/${order.number}`,
      { document: 'incoming-payment', number: 'PAY-1' },
      (reference) => lifeOf(erp, order, () => reference).pay('incoming', 'PAY-1', '10'),
    )
    const again = await copy('account.move', paid.id, {}, ['post'])
    expect(await find(paid.reference)).toMatchObject([{ class: 'duplicate', document: 'incoming-payment' }])
    const sent = written()
    expect(await cancel(paid.reference)).toEqual({
      became: 'refused',
      text: 'The ERP cannot cancel this: take the incoming-payment back there, and the books agree.',
    })
    expect(written()).toBe(sent)
    const State = z.object({ id: Id, state: z.string() })
    const entries = await erp.admin.search(
      State,
      'account.move',
      [['id', 'in', [paid.id, again].map(Number)]],
      ['state'],
    )
    expect(entries.map(({ state }) => state)).toEqual(['posted', 'posted'])
    expect((await readDifference(paid.reference))?.status).toBe('open')
  })
})
