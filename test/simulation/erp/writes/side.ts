import type { Owner } from '#domain/errors.ts'
import {
  type Delivery,
  type Entry,
  type GoodsReceipt,
  type GoodsReturn,
  type Ledger,
  type Order,
  type PurchaseOrder,
  type Quantity,
  refused,
  type SalesOrder,
  type SupplierReturn,
} from '../ledger.ts'
import { documentsOf } from '../look-up.ts'
import type { Reply } from '../wire.ts'

/** What selling and buying have alike: orders, goods that move for them, goods that move back, and what is refused. */
export type Side = {
  readonly orders: readonly (SalesOrder | PurchaseOrder)[]
  readonly moved: Moves
  readonly back: Moves
  readonly owner: Owner
  readonly says: {
    /** To a change or a cancellation after goods have moved, or while they do; to an end while they do. */
    readonly moved: Reply
    readonly begun: Reply
    readonly underWay: Reply
    /** To a change of what is over, to goods for it, and to goods for what has not begun. */
    readonly ended: Reply
    readonly over: Reply
    readonly notConfirmed: Reply
    readonly nothingToMove: Reply
    readonly nothingToReturn: Reply
    readonly tooMuchBack: Reply
  }
}

type Moves = {
  readonly all: readonly Entry[]
  of(order: Order): readonly { readonly lines: readonly Quantity[] }[]
  add(entry: Entry, order: Order, lines: readonly Quantity[]): void
}

export function selling({ salesOrders, deliveries, goodsReturns }: Ledger): Side {
  const moves = (all: Ledger['deliveries'] | Ledger['goodsReturns']): Moves => ({
    all,
    of: ({ id }) => documentsOf<'salesOrderId', Delivery | GoodsReturn>(all, 'salesOrderId', id),
    add: (entry, { id }, lines) => all.push({ ...entry, salesOrderId: id, lines }),
  })
  return {
    orders: salesOrders,
    moved: moves(deliveries),
    back: moves(goodsReturns),
    owner: 'sales',
    says: {
      moved: refused('GOODS_GONE'),
      begun: refused('GOODS_GONE'),
      underWay: refused('DELIVERY_UNDER_WAY'),
      ended: refused('SALES_ORDER_ENDED'),
      over: refused('NOTHING_TO_DELIVER'),
      notConfirmed: refused('NOT_CONFIRMED'),
      nothingToMove: refused('NOTHING_TO_DELIVER'),
      nothingToReturn: refused('NOTHING_TO_RETURN'),
      tooMuchBack: refused('RETURN_EXCEEDS_DELIVERY'),
    },
  }
}

export function buying({ purchaseOrders, goodsReceipts, supplierReturns }: Ledger): Side {
  const moves = (all: Ledger['goodsReceipts'] | Ledger['supplierReturns']): Moves => ({
    all,
    of: ({ id }) => documentsOf<'purchaseOrderId', GoodsReceipt | SupplierReturn>(all, 'purchaseOrderId', id),
    add: (entry, { id }, lines) => all.push({ ...entry, purchaseOrderId: id, lines }),
  })
  const ended = refused('PURCHASE_ORDER_ENDED', 'purchasing')
  const underWay = refused('RECEIPT_UNDER_WAY', 'warehouse')
  return {
    orders: purchaseOrders,
    moved: moves(goodsReceipts),
    back: moves(supplierReturns),
    owner: 'purchasing',
    says: {
      moved: refused('GOODS_RECEIVED', 'purchasing'),
      begun: underWay,
      underWay,
      ended,
      over: ended,
      notConfirmed: ended,
      nothingToMove: refused('NOTHING_TO_RECEIVE', 'warehouse'),
      nothingToReturn: refused('NOTHING_TO_RETURN', 'warehouse'),
      tooMuchBack: refused('RETURN_EXCEEDS_RECEIPT', 'warehouse'),
    },
  }
}
