import { describe, expect, it } from 'vitest'
import type { PostingPlan } from '#connectors/port.ts'
import { BusinessError } from '#domain/errors.ts'
import { bringToTarget } from './bring-to-target.ts'
import { billedInFull, newPurchaseOrder, type PurchasingUnderTest, purchaseLifeOf } from './purchase-life.ts'

const bring = async (plan: PostingPlan) => (await bringToTarget(plan)).document.document

/** Code and owner of the refusal of what is brought to its target. */
export async function refusalOf(plan: PostingPlan): Promise<string | undefined> {
  const error = await bringToTarget(plan).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof BusinessError) return `${error.code} ${error.owner}`
  if (error !== undefined) throw error
  return undefined
}

/** What every connector refuses about buying, in the same words. */
export function describePurchaseRefusals(under: () => PurchasingUnderTest): void {
  describe('what is refused about buying', () => {
    const [bags] = billedInFull
    if (!bags) throw new Error('A bill has a line')

    it('is more back than came, a bill of what was not ordered, a second bill, a wrong tax, and too much money', async () => {
      const life = purchaseLifeOf(under(), newPurchaseOrder({ supplier: { id: 'S003' } }))
      const { id } = await bring(life.purchaseOrder())
      await bring(life.receive(id, 'DN-1', [{ line: '10', quantity: '5' }]))
      const unknown = life.receive(id, 'DN-2', [{ line: '99', quantity: '1' }])
      expect(await refusalOf(unknown)).toBe('NOTHING_TO_RECEIVE warehouse')
      const tooMuch = life.sendBack(id, 'RET-1', [{ line: '10', quantity: '6' }])
      expect(await refusalOf(tooMuch)).toBe('RETURN_EXCEEDS_RECEIPT warehouse')
      expect(await refusalOf(life.invoice(id, 'INV-0', [{ ...bags, line: '99' }]))).toBe('NOTHING_TO_BILL purchasing')
      expect(await refusalOf(life.invoice(id, 'INV-9', [bags], '99.00'))).toBe('TAX_DIFFERS finance')
      const invoice = await bring(life.invoice(id, 'INV-1', [bags]))
      const again = life.invoiceAgain('twice', id, 'INV-1', [bags])
      expect(await refusalOf(again)).toBe('DUPLICATE_SUPPLIER_INVOICE finance')
      expect(await refusalOf(life.pay(invoice.id, 'PAY-1', '91.20'))).toBe('OVERPAYMENT finance')
      expect(await refusalOf(life.cancel(id))).toBe('GOODS_RECEIVED purchasing')
      const changed = life.amend(id, 2, newPurchaseOrder({ supplier: { id: 'S003' } }))
      expect(await refusalOf(changed)).toBe('GOODS_RECEIVED purchasing')
    })

    it('is an older version after a newer one, and what comes for an order that is replaced or cancelled', async () => {
      const order = newPurchaseOrder({ supplier: { id: 'S004' } })
      const life = purchaseLifeOf(under(), order)
      const old = await bring(life.purchaseOrder())
      const now = await bring(life.amend(old.id, 3, order))
      expect(await refusalOf(life.amend(old.id, 2, order))).toBe('NEWER_VERSION_POSTED purchasing')
      expect(await refusalOf(life.receive(old.id, 'DN-1'))).toBe('PURCHASE_ORDER_ENDED purchasing')
      await bring(life.cancel(now.id))
      expect(await refusalOf(life.receive(now.id, 'DN-2'))).toBe('PURCHASE_ORDER_ENDED purchasing')
    })
  })
}
