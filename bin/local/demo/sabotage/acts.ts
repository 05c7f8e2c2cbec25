import type { DocumentKind } from '#domain/documents.ts'
import type { Difference, DifferenceClass } from '#domain/reconciliation/difference.ts'
import { decimalPlus, type ErpFile } from './erp-file.ts'

/** A document of the run as the hub has it. */
export interface Victim {
  readonly caseKey: string
  readonly document: string
  readonly posting: string
  /** Tryton's id of it. */
  readonly id: number
}

/** Something that is done to the ERP behind the hub's back, and how it is repaired. */
export interface Act {
  readonly about: string
  /** The kind of document that it is done to. */
  readonly document: DocumentKind
  readonly makes: DifferenceClass
  readonly repair: 'adjust' | 'adopt' | 'ignore'
  /** @returns what takes it back, as somebody would who has found out */
  readonly carryOut: (erp: ErpFile, victim: Victim) => () => void
}

/** Ways in which the books of what was sold come to differ. Each is done to a document of its own. */
const selling: readonly Act[] = [
  {
    about: 'a delivery is deleted',
    document: 'goods-issue',
    makes: 'missing-in-erp',
    repair: 'adjust',
    carryOut: (erp, { id }) => erp.remove('stock_shipment_out', id),
  },
  {
    about: 'a clerk counts one piece more on a delivery',
    document: 'goods-issue',
    makes: 'quantity',
    repair: 'adjust',
    carryOut: (erp, { id }) => {
      const move = erp.first('stock_move', `shipment = 'stock.shipment.out,${id}' AND origin LIKE 'sale.line,%'`)
      return erp.change('stock_move', move, 'quantity', (before) => Number(before) + 1)
    },
  },
  {
    about: 'an invoice is over one more',
    document: 'customer-invoice',
    makes: 'amount',
    repair: 'adopt',
    carryOut: (erp, { id }) => erp.change('account_invoice', id, 'total_amount_cache', decimalPlus('1')),
  },
  {
    about: 'an invoice is cancelled',
    document: 'customer-invoice',
    makes: 'status',
    repair: 'adjust',
    carryOut: (erp, { id }) => erp.change('account_invoice', id, 'state', () => 'cancelled'),
  },
  {
    about: 'a payment is booked twice',
    document: 'incoming-payment',
    makes: 'duplicate',
    repair: 'adjust',
    carryOut: (erp, { id }) => erp.copy('account_move', id, 'account_move_line', 'move'),
  },
  {
    about: 'a payment is a cent less on the customer’s account',
    document: 'incoming-payment',
    makes: 'amount',
    repair: 'adjust',
    carryOut: (erp, { id }) => {
      const line = erp.first('account_move_line', `move = ${id} AND party IS NOT NULL`)
      return erp.change('account_move_line', line, 'credit', decimalPlus('-0.01'))
    },
  },
  {
    about: 'a payment is a draft again',
    document: 'incoming-payment',
    makes: 'status',
    repair: 'adjust',
    carryOut: (erp, { id }) => erp.change('account_move', id, 'state', () => 'draft'),
  },
  {
    about: 'somebody has made a delivery of his own out of one of the hub’s',
    document: 'goods-issue',
    makes: 'extra',
    repair: 'ignore',
    carryOut: (erp, { id }) => erp.copyShipment('stock.shipment.out', id),
  },
]

/** … and of what was bought. */
const buying: readonly Act[] = [
  {
    about: 'a receipt is deleted',
    document: 'goods-receipt',
    makes: 'missing-in-erp',
    repair: 'adjust',
    carryOut: (erp, { id }) => erp.remove('stock_shipment_in', id),
  },
  {
    about: 'a clerk counts one piece more on a receipt',
    document: 'goods-receipt',
    makes: 'quantity',
    repair: 'adjust',
    carryOut: (erp, { id }) => {
      const move = erp.first('stock_move', `shipment = 'stock.shipment.in,${id}' AND origin LIKE 'purchase.line,%'`)
      return erp.change('stock_move', move, 'quantity', (before) => Number(before) + 1)
    },
  },
  {
    about: 'somebody has made a receipt of his own out of one of the hub’s',
    document: 'goods-receipt',
    makes: 'extra',
    repair: 'ignore',
    carryOut: (erp, { id }) => erp.copyShipment('stock.shipment.in', id),
  },
  {
    about: 'a supplier’s invoice is over one more',
    document: 'supplier-invoice',
    makes: 'amount',
    repair: 'adopt',
    carryOut: (erp, { id }) => erp.change('account_invoice', id, 'total_amount_cache', decimalPlus('1')),
  },
  {
    about: 'a supplier’s invoice is a draft again',
    document: 'supplier-invoice',
    makes: 'status',
    repair: 'adjust',
    carryOut: (erp, { id }) => erp.change('account_invoice', id, 'state', () => 'draft'),
  },
  {
    about: 'a supplier’s payment is booked twice',
    document: 'supplier-payment',
    makes: 'duplicate',
    repair: 'adjust',
    carryOut: (erp, { id }) => erp.copy('account_move', id, 'account_move_line', 'move'),
  },
  {
    about: 'a supplier’s payment is a cent less on the supplier’s account',
    document: 'supplier-payment',
    makes: 'amount',
    repair: 'adjust',
    carryOut: (erp, { id }) => {
      const line = erp.first('account_move_line', `move = ${id} AND party IS NOT NULL`)
      return erp.change('account_move_line', line, 'debit', decimalPlus('-0.01'))
    },
  },
  {
    about: 'a supplier’s payment is a draft again',
    document: 'supplier-payment',
    makes: 'status',
    repair: 'adjust',
    carryOut: (erp, { id }) => erp.change('account_move', id, 'state', () => 'draft'),
  },
]

/** Whether this is what the act has made. What somebody has made of his own has no posting; its kind tells it from others. */
export function isMadeBy(act: Act, { posting }: Pick<Victim, 'posting'>, found: Difference): boolean {
  if (act.makes !== 'extra') return found.posting === posting
  return found.class === 'extra' && found.document === act.document
}

/** What is done after a demo of this process. */
export function actsOf(process: string): readonly Act[] {
  if (process === 'order-to-cash') return selling
  return process === 'procure-to-pay' ? buying : [...selling, ...buying]
}
