import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { PostingPlan } from '#connectors/port.ts'
import { Id } from '#connectors/tryton/wire.ts'
import type { Fault } from '../../bin/local/erp/fault-proxy.ts'
import { bringToTarget } from './bring-to-target.ts'
import { newPurchaseOrder, purchaseLifeOf } from './purchase-life.ts'
import { refusedAfter } from './refused-after.ts'
import type { TrytonUnderTest } from './tryton-under-test.ts'

const bring = async (plan: PostingPlan) => (await bringToTarget(plan)).document.document
const tooLate = { kind: 'refused', refusal: { code: 'GOODS_RECEIVED' }, undone: true }

/** What becomes of a change and a cancellation when goods arrive while they are on their way. */
export function describePurchaseTooLate(under: () => TrytonUnderTest): void {
  /** Each of a purchase order's purchases: its state, and what the hub says on it. */
  async function purchasesOf(reference: string) {
    const Purchase = z.object({ id: Id, state: z.string(), comment: z.string().nullable() })
    const domain = [['reference', 'like', `${reference}%`]]
    const found = await under().admin.search(Purchase, 'purchase.purchase', domain, ['state', 'comment'])
    return found.map(({ state, comment }) => `${state} ${comment ?? ''}`.trim())
  }

  async function receivedInBetween(
    ask: 'amend' | 'cancel',
    fault?: readonly [string, Fault['kind'] & `lose-${string}`],
  ) {
    const order = newPurchaseOrder({ supplier: { id: 'S003' } })
    const life = purchaseLifeOf(under(), order)
    const { id } = await bring(life.purchaseOrder())
    const plan = () => (ask === 'amend' ? life.amend(id, 2, order) : life.cancel(id))
    // Part of it: what is still planned must stay planned when the claim is taken back.
    const receive = async () => {
      await receiveAsClerk(under(), id)
      if (fault === undefined) return
      const [method, kind] = fault
      under().proxy.inject({ matches: (request) => request.method === method, nth: 1, fault: { kind } })
    }
    const last = ask === 'amend' ? 'quote-purchase-order' : 'claim-purchase-cancellation'
    return { ...(await refusedAfter(plan(), last, receive)), life, id, plan }
  }

  describe('when goods arrive while a purchase is', () => {
    it('changed, the new version is cancelled and its claim taken back, and more can be received', async () => {
      const { said, last, life, id, plan } = await receivedInBetween('amend')
      expect(said.slice(-2)).toEqual(['quote-purchase-order: answered', 'cancel-planned-receipt: refused'])
      expect(last).toMatchObject(tooLate)
      const mark = `replaced by version 2: ${life.reference}/v2`
      const after = [`processing ${mark}\nwithdrawn: ${mark}`, 'cancelled']
      expect(await purchasesOf(life.reference)).toEqual(after)
      const again = await refusedAfter(plan())
      expect(again).toMatchObject({ said: ['claim-purchase-amendment: refused'], last: tooLate })
      expect(await purchasesOf(life.reference)).toEqual(after)
      const rest = await bring(life.receive(id, 'DN-2'))
      const quantities = (rest.lines ?? []).map(({ line, quantity }) => [line, quantity])
      expect(Object.fromEntries(quantities)).toEqual({ 10: '7', 20: '30' })
    })

    it('cancelled, the claim is taken back, and more can be received', async () => {
      const { said, last, life, id, plan } = await receivedInBetween('cancel')
      expect(said).toEqual(['claim-purchase-cancellation: answered', 'cancel-planned-receipt: refused'])
      expect(last).toMatchObject(tooLate)
      const mark = `cancelled: ${life.reference}/cancellation`
      expect(await purchasesOf(life.reference)).toEqual([`processing ${mark}\nwithdrawn: ${mark}`])
      const again = await refusedAfter(plan())
      expect(again).toMatchObject({ said: ['claim-purchase-cancellation: refused'], last: tooLate })
      await bring(life.receive(id, 'DN-2'))
    })

    it.each<[string, Fault['kind'] & `lose-${string}`, string]>([
      ['the word that it is taken back is lost on its way there', 'lose-request', 'model.purchase.purchase.write'],
      ['the word that it is taken back is lost on its way back', 'lose-answer', 'model.purchase.purchase.write'],
      ['the end of the new version is lost on its way there', 'lose-request', 'model.purchase.purchase.cancel'],
      ['the end of the new version is lost on its way back', 'lose-answer', 'model.purchase.purchase.cancel'],
    ])('changed, and %s, the next attempt takes back what is left', async (_what, kind, method) => {
      const { said, last, life } = await receivedInBetween('amend', [method, kind])
      expect(said.at(-2)).toBe('cancel-planned-receipt: not-applied')
      expect(last).toMatchObject(tooLate)
      const mark = `replaced by version 2: ${life.reference}/v2`
      expect(await purchasesOf(life.reference)).toEqual([`processing ${mark}\nwithdrawn: ${mark}`, 'cancelled'])
    })
  })
}

/** Five bags come in, past the hub. */
async function receiveAsClerk({ admin }: TrytonUnderTest, purchaseId: string): Promise<void> {
  const signal = AbortSignal.timeout(30_000)
  const Ids = z.array(Id)
  const Found = z.object({ id: Id, party: Id, warehouse: Id })
  const [purchase] = await admin.search(
    Found,
    'purchase.purchase',
    [['id', '=', Number(purchaseId)]],
    ['party', 'warehouse'],
  )
  const Place = z.object({ id: Id, input_location: Id, storage_location: Id })
  const places = ['input_location', 'storage_location']
  const [warehouse] = await admin.search(Place, 'stock.location', [['id', '=', purchase?.warehouse]], places)
  const Planned = z.object({ id: Id })
  const bags = [
    ['origin.purchase', '=', Number(purchaseId), 'purchase.line'],
    ['origin.note', '=', '10', 'purchase.line'],
  ]
  const [move] = await admin.search(Planned, 'stock.move', bags, [])
  const head = {
    supplier: purchase?.party,
    warehouse: warehouse?.id,
    warehouse_input: warehouse?.input_location,
    warehouse_storage: warehouse?.storage_location,
    incoming_moves: [
      ['add', [move?.id]],
      ['write', [move?.id], { quantity: 5 }],
    ],
  }
  const created = await admin.write('model.stock.shipment.in.create', [[head]], { signal })
  if (created.kind !== 'result') throw new Error(`Nothing was received: ${JSON.stringify(created)}`)
  const ids = Ids.parse(created.result)
  for (const button of ['receive', 'do']) {
    const reply = await admin.write(`model.stock.shipment.in.${button}`, [ids], { signal })
    if (reply.kind !== 'result') throw new Error(`${button} was refused: ${JSON.stringify(reply)}`)
  }
}
