import type { OrderKind } from '../order-kind.ts'
import { delivered, paid, reduced, standard, submitted } from './steps.ts'

/** What was ordered is not what leaves. */
export const changes: readonly OrderKind[] = [
  {
    name: 'over-delivered',
    about: 'six leave where five were ordered; what left is invoiced',
    customer: 'C007',
    lines: [standard('P02', '5', '9.80')],
    steps: [
      submitted,
      { when: 'SalesOrderCreated', publish: [{ event: 'GoodsIssued', number: 'DN1', lines: { 1: '6' } }] },
      paid('70.56'),
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '58.80', state: 'done' }],
      invoices: ['70.56'],
      stock: { P02: '-6' },
      bank: '70.56',
    },
  },
  {
    name: 'closed short',
    about: 'six of ten leave, and no more will; what left is invoiced and paid',
    customer: 'C003',
    lines: [standard('P01', '10', '14.90')],
    steps: [
      submitted,
      { when: 'SalesOrderCreated', publish: [{ event: 'GoodsIssued', number: 'DN1', lines: { 1: '6' } }] },
      {
        when: 'CustomerInvoiceCreated',
        publish: [
          { event: 'SalesOrderClosed', reason: 'the rest is not made any more' },
          { event: 'PaymentReceived', number: 'PAY1', amount: '107.28' },
        ],
      },
    ],
    ends: 'closed',
    books: {
      orders: [{ gross: '178.80', state: 'done' }],
      invoices: ['107.28'],
      stock: { P01: '-6' },
      bank: '107.28',
    },
  },
  {
    name: 'changed',
    about: 'version 2 comes before anything left: more of one line, less of the other',
    customer: 'C004',
    lines: [standard('P03', '2', '12.50'), reduced('P05', '4', '11.70')],
    steps: [
      submitted,
      {
        when: 'SalesOrderCreated',
        publish: [
          {
            event: 'SalesOrderSubmitted',
            version: 2,
            lines: [standard('P03', '5', '12.50'), reduced('P05', '1', '11.70')],
          },
        ],
      },
      { when: 'SalesOrderAmended', publish: [{ event: 'GoodsIssued', number: 'DN1' }] },
      paid('87.28'),
    ],
    ends: 'completed',
    books: {
      orders: [
        { gross: '79.14', state: 'done' },
        // 62.50 with 20 %, and 11.70 with 5 %, which is 0.585 and rounded half to even.
        { gross: '87.28', state: 'done' },
      ],
      invoices: ['87.28'],
      stock: { P03: '-5', P05: '-1' },
      bank: '87.28',
    },
  },
  {
    name: 'changed late',
    about: 'version 2 comes when the goods have left: refused, and the order stays as it was',
    customer: 'C005',
    lines: [standard('P07', '1', '49.95')],
    steps: [
      submitted,
      delivered,
      {
        when: 'CustomerInvoiceCreated',
        publish: [{ event: 'SalesOrderSubmitted', version: 2, lines: [standard('P07', '2', '49.95')] }],
      },
      {
        when: 'SalesOrderChangeRefused',
        publish: [{ event: 'PaymentReceived', number: 'PAY1', amount: '59.94' }],
      },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '59.94', state: 'done' }],
      invoices: ['59.94'],
      stock: { P07: '-1' },
      bank: '59.94',
    },
  },
]
