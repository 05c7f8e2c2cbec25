import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Hooks } from '../../contract/bring-to-target.ts'
import { newPurchaseOrder, type PurchasingUnderTest, purchaseLifeOf } from '../../contract/purchase-life.ts'
import { describePurchaseRefusals, refusalOf } from '../../contract/purchase-refusals.ts'
import { booksOfChangedPurchase, booksOfPurchase, bought, changedPurchase } from '../../contract/purchase-stories.ts'
import { doneTwice } from '../erp/done-twice.ts'
import type { Profile } from '../erp/profiles.ts'
import { totalsOfSupplier } from '../erp/totals.ts'
import { profiles } from '../history.ts'
import { erpUnderTest } from './erp-under-test.ts'

function underTest(profile: Profile) {
  const { books, connector, stop } = erpUnderTest(profile)
  const buying: PurchasingUnderTest = {
    connector,
    buyingIdsFor: (supplier) => ({
      supplierId: `erp-${supplier}`,
      itemIds: { P01: 'erp-P01', P05: 'erp-P05' },
      taxIds: { '20': 'erp-20', '5': 'erp-5' },
    }),
    buyingBooksOf: async (supplier) => {
      const { payableCents, bankCents, stock } = totalsOfSupplier(books, `erp-${supplier}`)
      return {
        amounts: { payable: (payableCents / 100).toFixed(2), bank: (bankCents / 100).toFixed(2) },
        stock: ['erp-P01', 'erp-P05'].map((item) => String(stock[item] ?? 0)),
        balances: true,
      }
    },
  }
  return { ...buying, books, stop }
}

let erp: ReturnType<typeof underTest>
afterEach(() => erp.stop())

const stories = [
  ['a purchase that is received, billed, sent back in part and paid', bought, booksOfPurchase],
  ['a purchase that changes', changedPurchase, booksOfChangedPurchase],
] as const

describe.each(Object.values(profiles))('the simulated ERP of the profile $name', (profile) => {
  beforeEach(() => {
    erp = underTest(profile)
  })

  it.each(stories)('books %s as its events say, and has nothing left to do', async (_story, tell, books) => {
    const { changes, posted } = await tell(erp)
    expect(changes).toEqual(books)
    expect(doneTwice(erp.books)).toEqual([])
    for (const { plan, document } of posted) {
      const [found] = await plan.find()
      expect(found).toMatchObject({ done: plan.operations.length, document, differences: [] })
    }
  })

  it.each(stories)('books %s once when every operation that the ERP guards is sent twice', async (_, tell, books) => {
    const words = new Set<string>()
    const after: Hooks['after'] = async (operation, stamp) => {
      if (operation.doubt === 'neither' || operation.doubt === 'look-up') return
      words.add((await operation.send(stamp)).kind)
    }
    const { changes } = await tell(erp, { after })
    expect([...words].filter((word) => word !== 'exists' && word !== 'changed')).toEqual([])
    expect(changes).toEqual(books)
    expect(doneTwice(erp.books)).toEqual([])
  })

  describePurchaseRefusals(() => erp)
})

describe('a simulated ERP in particular', () => {
  beforeEach(() => {
    erp = underTest(profiles.neither)
  })

  it('applies twice what a profile without any protection sends twice, and tells of it', async () => {
    const life = purchaseLifeOf(erp, newPurchaseOrder())
    const [create, confirm] = life.purchaseOrder().operations
    for (const operation of [create, confirm, confirm, create]) await operation?.send(undefined)
    const [order] = erp.books.purchaseOrders
    const [receive] = life.receive(order?.id ?? '', 'DN-1').operations
    for (const operation of [receive, receive]) await operation?.send(undefined)
    expect(doneTwice(erp.books)).toEqual([
      `purchase order ${life.reference} is there twice`,
      `purchase order ${order?.number} was confirmed 2 times`,
    ])
  })

  it('refuses a change, a cancellation and an end while goods arrive, and a bill in another currency', async () => {
    const order = newPurchaseOrder()
    const life = purchaseLifeOf(erp, order)
    const [create, confirm] = life.purchaseOrder().operations
    for (const operation of [create, confirm]) await operation?.send(undefined)
    const id = erp.books.purchaseOrders[0]?.id ?? ''
    erp.books.underWay.add(order.number)
    for (const plan of [life.amend(id, 2, order), life.cancel(id), life.close(id)]) {
      expect(await refusalOf(plan)).toBe('RECEIPT_UNDER_WAY warehouse')
    }
    const inDollars = purchaseLifeOf(erp, { ...order, currency: 'USD' })
    expect(await refusalOf(inDollars.invoice(id, 'INV-1', [{ amount: '1' }]))).toBe('CURRENCY_DIFFERS finance')
  })
})
