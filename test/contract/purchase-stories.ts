import type { Hooks } from './bring-to-target.ts'
import { billedInFull, newPurchaseOrder, type PurchasingUnderTest, purchaseLifeOf } from './purchase-life.ts'
import { type Change, tell } from './tell.ts'

/**
 * A purchase's life: it arrives in two parts, with more of one line than was ordered; it is billed with a tax that the
 * supplier has rounded otherwise; some of it goes back and is credited, which settles a part of the invoice; the rest is
 * paid.
 */
export function bought(erp: PurchasingUnderTest, hooks: Hooks = {}) {
  const life = purchaseLifeOf(erp, newPurchaseOrder())
  return tell(
    () => erp.buyingBooksOf('S001'),
    hooks,
    async (bring, look) => {
      const order = await bring(life.purchaseOrder())
      const arrived = [
        { line: '10', quantity: '5' },
        { line: '20', quantity: '31' },
      ]
      await bring(life.receive(order.id, 'DN-1', arrived))
      await bring(life.receive(order.id, 'DN-2'), 'rest: ')
      const invoice = await bring(life.invoice(order.id, 'INV-1', billedInFull, '25.07'))
      await look()
      const back = await bring(life.sendBack(order.id, 'RET-1', [{ line: '10', quantity: '3' }]))
      const credited = [
        { line: '10', quantity: '3', amount: '19.00', taxRate: '20' },
        { line: '20', text: 'For the delay', amount: '5.00', taxRate: '5' },
      ]
      const note = await bring(life.creditNote(back.id, order.id, 'CN-1', credited))
      await bring(life.pay(note.id, 'ALLOC-1', note.amount ?? '', 'account'))
      await bring(life.pay(invoice.id, 'ALLOC-2', note.amount ?? '', 'account'), 'allocated: ')
      await bring(life.pay(invoice.id, 'PAY-1', '216.11'), 'paid: ')
      await look()
      return { life, order, invoice, back, note }
    },
  )
}

/** Net 219.09 with 25.07 tax is 244.16; credited are 24.00 with 3.80 and 0.25 tax, 28.05; 216.11 is paid. */
export const booksOfPurchase: readonly Change[] = [
  { payable: '244.16', bank: '0.00', stock: ['12', '31'], balances: true },
  { payable: '0.00', bank: '-216.11', stock: ['9', '31'], balances: true },
]

/** The order and the return; the receipts; the invoice and the credit note: each once, with nothing left over. */
export const documentsOfPurchase = {
  purchaseOrders: { done: 2 },
  receipts: { done: 2 },
  returns: { done: 1 },
  invoices: { paid: 2 },
  entries: ['ALLOC-1', 'ALLOC-2', 'PAY-1'],
}

/** Changed before anything arrives; closed when a part has arrived; what comes all the same is taken in. Another is cancelled. */
export function changedPurchase(erp: PurchasingUnderTest, hooks: Hooks = {}) {
  const order = newPurchaseOrder({ supplier: { id: 'S002' } })
  const life = purchaseLifeOf(erp, order)
  const second = purchaseLifeOf(erp, newPurchaseOrder({ supplier: { id: 'S002' } }))
  return tell(
    () => erp.buyingBooksOf('S002'),
    hooks,
    async (bring, look) => {
      const old = await bring(life.purchaseOrder())
      const [bags, other] = order.lines
      if (!bags || !other) throw new Error('An order has two lines')
      const changed = { ...order, lines: [{ ...bags, quantity: '4' }, other] }
      const now = await bring(life.amend(old.id, 2, changed), 'amended: ')
      await bring(life.receive(now.id, 'DN-1', [{ line: '10', quantity: '3' }]))
      await bring(life.close(now.id), 'closed: ')
      await bring(life.receive(now.id, 'DN-2', [{ line: '10', quantity: '1' }]), 'late: ')
      const invoice = await bring(life.invoice(now.id, 'INV-1', [{ line: '10', quantity: '4', amount: '25.33' }]))
      const unwanted = await bring(second.purchaseOrder())
      await bring(second.cancel(unwanted.id), 'cancelled: ')
      await look()
      return { life, old, now, invoice, unwanted }
    },
  )
}

/** 4 × 6.3325 is 25.33, with the order line's own 20 %. */
export const booksOfChangedPurchase: readonly Change[] = [
  { payable: '30.40', bank: '0.00', stock: ['4', '0'], balances: true },
]

export const documentsOfChangedPurchase = {
  purchaseOrders: { done: 1, processing: 1 },
  receipts: { done: 2 },
  returns: {},
  // The one that is cancelled stands for what of the old version will never be billed.
  invoices: { posted: 1, cancelled: 1 },
  entries: [],
}

const ordering = ['open-purchase-order', 'fill-purchase-order', 'quote-purchase-order', 'confirm-purchase-order']
const receiving = ['open-goods-receipt', 'fill-goods-receipt', 'receive-goods-receipt', 'finish-goods-receipt']
const invoicing = ['open-supplier-invoice', 'fill-supplier-invoice']
const withdrawing = [
  ...['cancel-planned-receipt', 'ignore-cancelled-receipt'],
  ...['draft-void-invoice', 'cancel-void-invoice', 'ignore-void-invoice'],
]
const named = (of: string, operations: readonly string[]) => operations.map((operation) => `${of}: ${operation}`)

export const operationsOfPurchase = [
  ...[...ordering, ...receiving, ...named('rest', receiving)],
  ...[...invoicing, 'correct-tax', 'post-supplier-invoice'],
  ...['open-supplier-return', 'fill-supplier-return', 'quote-supplier-return', 'confirm-supplier-return'],
  ...['claim-supplier-return', 'assign-supplier-return', 'finish-supplier-return'],
  ...['open-supplier-credit-note', 'fill-supplier-credit-note', 'post-supplier-credit-note'],
  ...['pay-supplier', 'allocated: pay-supplier', 'paid: pay-supplier'],
]

export const operationsOfChangedPurchase = [
  ...ordering,
  ...named('amended', ['claim-purchase-amendment', ...ordering.slice(0, 3), ...withdrawing, 'confirm-purchase-order']),
  ...receiving,
  ...named('closed', ['claim-purchase-closing', ...withdrawing.slice(0, 2)]),
  ...named('late', receiving),
  ...[...invoicing, 'post-supplier-invoice'],
  ...ordering,
  ...named('cancelled', ['claim-purchase-cancellation', ...withdrawing]),
]
