import type { OrderKind } from '../order-kind.ts'
import { delivered, reduced, standard, submitted } from './steps.ts'

/** Money that comes early, in parts, too much, or not yet. */
export const payments: readonly OrderKind[] = [
  {
    name: 'backwards',
    about: 'the payment and the goods issue come before the order itself; they wait for it',
    customer: 'C004',
    // 34.00 with 20 % and 23.40 with 5 %.
    lines: [standard('P06', '1', '34.00'), reduced('P05', '2', '11.70')],
    steps: [
      {
        when: 'start',
        publish: [
          { event: 'PaymentReceived', number: 'PAY1', amount: '65.37' },
          { event: 'GoodsIssued', number: 'DN1' },
        ],
      },
      { when: 'parked', publish: [{ event: 'SalesOrderSubmitted' }] },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '65.37', state: 'done' }],
      invoices: ['65.37'],
      stock: { P06: '-1', P05: '-2' },
      bank: '65.37',
    },
  },
  {
    name: 'prepaid',
    about: 'paid with the order; the goods leave when the money is there',
    customer: 'C003',
    // 40.50 with 20 % and 23.40 with 5 %.
    lines: [standard('P06', '1', '34.00'), reduced('P05', '2', '11.70')],
    freight: '6.50',
    freightTaxCode: 'standard',
    steps: [
      {
        when: 'start',
        publish: [{ event: 'PaymentReceived', number: 'PAY1', amount: '73.17' }, { event: 'SalesOrderSubmitted' }],
      },
      { when: 'IncomingPaymentPosted', publish: [{ event: 'GoodsIssued', number: 'DN1' }] },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '73.17', state: 'done' }],
      invoices: ['73.17'],
      stock: { P06: '-1', P05: '-2' },
      bank: '73.17',
    },
  },
  {
    name: 'two payments',
    about: 'one invoice over 96.60, paid with 50.00 and 46.60',
    customer: 'C002',
    lines: [standard('P06', '2', '34.00'), standard('P03', '1', '12.50')],
    steps: [
      submitted,
      delivered,
      {
        when: 'CustomerInvoiceCreated',
        publish: [
          { event: 'PaymentReceived', number: 'PAY1', amount: '50.00' },
          { event: 'PaymentReceived', number: 'PAY2', amount: '46.60' },
        ],
      },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '96.60', state: 'done' }],
      invoices: ['96.60'],
      stock: { P06: '-2', P03: '-1' },
      bank: '96.60',
    },
  },
  {
    name: 'overpaid',
    about: '70.00 for an invoice over 65.99; the surplus of 4.01 goes back',
    customer: 'C001',
    lines: [standard('P09', '3', '18.33')],
    steps: [
      submitted,
      delivered,
      {
        when: 'CustomerInvoiceCreated',
        publish: [{ event: 'PaymentReceived', number: 'PAY1', amount: '70.00' }],
      },
      { when: 'IncomingPaymentPosted', publish: [{ event: 'RefundRequested', number: 'RF1', of: 'balance' }] },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '65.99', state: 'done' }],
      invoices: ['65.99'],
      paidOut: { RF1: '4.01' },
      stock: { P09: '-3' },
      bank: '65.99',
    },
  },
  {
    name: 'not paid yet',
    about: 'delivered and invoiced; the customer owes 30.00, and the order stays open',
    customer: 'C006',
    lines: [standard('P03', '2', '12.50')],
    steps: [submitted, delivered],
    ends: 'open',
    until: 'CustomerInvoiceCreated',
    books: {
      orders: [{ gross: '30.00', state: 'processing' }],
      invoices: ['30.00'],
      stock: { P03: '-2' },
      bank: '0',
      owed: '30.00',
    },
  },
  {
    name: 'not sent yet',
    about: 'paid, but nothing has left: 119.88 on account, and the order stays open',
    customer: 'C007',
    lines: [standard('P07', '2', '49.95')],
    steps: [
      {
        when: 'start',
        publish: [{ event: 'SalesOrderSubmitted' }, { event: 'PaymentReceived', number: 'PAY1', amount: '119.88' }],
      },
    ],
    ends: 'open',
    until: 'IncomingPaymentPosted',
    books: { orders: [{ gross: '119.88', state: 'processing' }], bank: '119.88', onAccount: '119.88' },
  },
]
