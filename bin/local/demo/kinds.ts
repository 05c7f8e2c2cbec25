/** How one order of the demo lives, and what must stand in the ERP at the end. Amounts were worked out by hand. */
export interface OrderKind {
  readonly name: string
  readonly title: string
  readonly customer: string
  readonly lines: readonly OrderLine[]
  readonly freight?: string
  readonly freightTaxCode?: string
  /** How often each of its events is published, at once. */
  readonly copies: number
  /** What leaves the warehouse, one after the other, and the amount of the invoice that each of them brings. */
  readonly deliveries: readonly { readonly lines?: Readonly<Record<string, string>>; readonly invoice: string }[]
  readonly payment: 'before-goods-issue' | 'after-invoice'
  /** Its sales order lacks its lines, so nobody can understand it. */
  readonly isPoison?: true
  /** The ERP's answer to the create is lost on its way back. */
  readonly losesCreateAnswer?: true
  readonly outcome: 'completed' | 'rejected' | 'dead-letter'
  /** Code of the dead letter, for orders that end as one. */
  readonly code?: string
  /** Total of the sales order with tax. */
  readonly gross: string
}

export interface OrderLine {
  readonly item: string
  readonly quantity: string
  readonly unitPrice: string
  readonly discount?: string
  readonly taxCode?: string
}

/** The kinds of order of the demo of order-to-cash. To add one: a row here. */
export const orderToCashKinds: readonly OrderKind[] = [
  {
    name: 'plain',
    title: 'plain',
    customer: 'C001',
    lines: [
      { item: 'P01', quantity: '2', unitPrice: '14.90', taxCode: 'standard' },
      { item: 'P02', quantity: '3', unitPrice: '9.80', taxCode: 'standard' },
    ],
    copies: 1,
    deliveries: [{ invoice: '71.04' }],
    payment: 'after-invoice',
    outcome: 'completed',
    gross: '71.04',
  },
  {
    name: 'three-times',
    title: 'each event three times at once',
    customer: 'C002',
    lines: [
      { item: 'P03', quantity: '4', unitPrice: '12.50', taxCode: 'standard' },
      { item: 'P04', quantity: '1', unitPrice: '79.00', discount: '0.15', taxCode: 'standard' },
    ],
    copies: 3,
    deliveries: [{ invoice: '140.58' }],
    payment: 'after-invoice',
    outcome: 'completed',
    gross: '140.58',
  },
  {
    name: 'payment-first',
    title: 'payment before goods issue',
    customer: 'C003',
    lines: [
      { item: 'P06', quantity: '1', unitPrice: '34.00', taxCode: 'standard' },
      { item: 'P05', quantity: '2', unitPrice: '11.70', taxCode: 'reduced' },
    ],
    freight: '6.50',
    freightTaxCode: 'standard',
    copies: 1,
    deliveries: [{ invoice: '73.17' }],
    payment: 'before-goods-issue',
    outcome: 'completed',
    gross: '73.17',
  },
  {
    name: 'credit-limit',
    title: "above the customer's credit limit",
    customer: 'C008',
    lines: [{ item: 'P10', quantity: '2', unitPrice: '129.00' }],
    copies: 1,
    deliveries: [],
    payment: 'after-invoice',
    outcome: 'rejected',
    code: 'CREDIT_LIMIT_EXCEEDED',
    gross: '258.00',
  },
  {
    name: 'poison',
    title: 'cannot be understood',
    customer: 'C004',
    lines: [],
    copies: 1,
    deliveries: [],
    payment: 'after-invoice',
    isPoison: true,
    outcome: 'dead-letter',
    code: 'PoisonMessageError',
    gross: '0',
  },
  {
    name: 'lost-answer',
    title: "ERP's answer to the create lost",
    customer: 'C006',
    lines: [{ item: 'P07', quantity: '3', unitPrice: '49.95', taxCode: 'standard' }],
    copies: 1,
    deliveries: [{ invoice: '179.82' }],
    payment: 'after-invoice',
    losesCreateAnswer: true,
    outcome: 'completed',
    gross: '179.82',
  },
  {
    name: 'two-deliveries',
    title: 'delivered and paid in two parts',
    customer: 'C005',
    lines: [{ item: 'P08', quantity: '10', unitPrice: '27.35', taxCode: 'standard' }],
    copies: 1,
    deliveries: [
      { lines: { '1': '4' }, invoice: '131.28' },
      { lines: { '1': '6' }, invoice: '196.92' },
    ],
    payment: 'after-invoice',
    outcome: 'completed',
    gross: '328.20',
  },
]
