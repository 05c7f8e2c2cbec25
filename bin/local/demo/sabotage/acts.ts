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

type CarryOut = Act['carryOut']

const countOneMore =
  (shipment: string, line: string): CarryOut =>
  (erp, { id }) => {
    const move = erp.first('stock_move', `shipment = '${shipment},${id}' AND origin LIKE '${line},%'`)
    return erp.change('stock_move', move, 'quantity', (before) => Number(before) + 1)
  }

/** On the account of the customer or the supplier, whichever side of it bears the payment. */
const takeACentOff =
  (side: 'credit' | 'debit'): CarryOut =>
  (erp, { id }) => {
    const line = erp.first('account_move_line', `move = ${id} AND party IS NOT NULL`)
    return erp.change('account_move_line', line, side, decimalPlus('-0.01'))
  }

const billOneMore: CarryOut = (erp, { id }) => erp.change('account_invoice', id, 'total_amount_cache', decimalPlus('1'))

const bookAgain: CarryOut = (erp, { id }) => erp.copy('account_move', id, 'account_move_line', 'move')

const leaveAs =
  (table: 'account_invoice' | 'account_move', state: 'draft' | 'cancelled'): CarryOut =>
  (erp, { id }) =>
    erp.change(table, id, 'state', () => state)

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
    carryOut: countOneMore('stock.shipment.out', 'sale.line'),
  },
  {
    about: 'an invoice is over one more',
    document: 'customer-invoice',
    makes: 'amount',
    repair: 'adopt',
    carryOut: billOneMore,
  },
  {
    about: 'an invoice is cancelled',
    document: 'customer-invoice',
    makes: 'status',
    repair: 'adjust',
    carryOut: leaveAs('account_invoice', 'cancelled'),
  },
  {
    about: 'a payment is booked twice',
    document: 'incoming-payment',
    makes: 'duplicate',
    repair: 'adjust',
    carryOut: bookAgain,
  },
  {
    about: 'a payment is a cent less on the customer’s account',
    document: 'incoming-payment',
    makes: 'amount',
    repair: 'adjust',
    carryOut: takeACentOff('credit'),
  },
  {
    about: 'a payment is a draft again',
    document: 'incoming-payment',
    makes: 'status',
    repair: 'adjust',
    carryOut: leaveAs('account_move', 'draft'),
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
    carryOut: countOneMore('stock.shipment.in', 'purchase.line'),
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
    carryOut: billOneMore,
  },
  {
    about: 'a supplier’s invoice is a draft again',
    document: 'supplier-invoice',
    makes: 'status',
    repair: 'adjust',
    carryOut: leaveAs('account_invoice', 'draft'),
  },
  {
    about: 'a supplier’s payment is booked twice',
    document: 'supplier-payment',
    makes: 'duplicate',
    repair: 'adjust',
    carryOut: bookAgain,
  },
  {
    about: 'a supplier’s payment is a cent less on the supplier’s account',
    document: 'supplier-payment',
    makes: 'amount',
    repair: 'adjust',
    carryOut: takeACentOff('debit'),
  },
  {
    about: 'a supplier’s payment is a draft again',
    document: 'supplier-payment',
    makes: 'status',
    repair: 'adjust',
    carryOut: leaveAs('account_move', 'draft'),
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
