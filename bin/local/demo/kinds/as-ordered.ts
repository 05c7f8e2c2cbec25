import type { OrderKind } from '../order-kind.ts'
import { delivered, paid, standard, submitted } from './steps.ts'

/** Everything goes as it should, however often it is said and whatever is lost. */
export const asOrdered: readonly OrderKind[] = [
  {
    name: 'lost answer',
    about: 'the ERP creates the order and its answer is lost; it is there once all the same',
    customer: 'C006',
    lines: [standard('P07', '3', '49.95')],
    losesCreateAnswer: true,
    steps: [submitted, delivered, paid('179.82')],
    ends: 'completed',
    books: {
      orders: [{ gross: '179.82', state: 'done' }],
      invoices: ['179.82'],
      stock: { P07: '-3' },
      bank: '179.82',
    },
  },
  {
    name: 'plain',
    about: 'ordered, delivered, invoiced, paid',
    customer: 'C001',
    lines: [standard('P01', '2', '14.90'), standard('P02', '3', '9.80')],
    steps: [submitted, delivered, paid('71.04')],
    ends: 'completed',
    books: {
      orders: [{ gross: '71.04', state: 'done' }],
      invoices: ['71.04'],
      stock: { P01: '-2', P02: '-3' },
      bank: '71.04',
    },
  },
  {
    name: 'three times',
    about: 'each event comes three times at once, as a bus may deliver it; each document stands once',
    customer: 'C002',
    lines: [standard('P03', '4', '12.50'), { ...standard('P04', '1', '79.00'), discount: '0.15' }],
    copies: 3,
    steps: [submitted, delivered, paid('140.58')],
    ends: 'completed',
    books: {
      orders: [{ gross: '140.58', state: 'done' }],
      invoices: ['140.58'],
      stock: { P03: '-4', P04: '-1' },
      bank: '140.58',
    },
  },
  {
    name: 'in two parts',
    about: 'four of ten leave first, then six; each part is invoiced and paid by itself',
    customer: 'C005',
    lines: [standard('P08', '10', '27.35')],
    steps: [
      submitted,
      { when: 'SalesOrderCreated', publish: [{ event: 'GoodsIssued', number: 'DN1', lines: { 1: '4' } }] },
      {
        when: 'CustomerInvoiceCreated DN1',
        publish: [
          { event: 'PaymentReceived', number: 'PAY1', amount: '131.28' },
          { event: 'GoodsIssued', number: 'DN2', lines: { 1: '6' } },
        ],
      },
      {
        when: 'CustomerInvoiceCreated DN2',
        publish: [{ event: 'PaymentReceived', number: 'PAY2', amount: '196.92' }],
      },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '328.20', state: 'done' }],
      invoices: ['131.28', '196.92'],
      stock: { P08: '-10' },
      bank: '328.20',
    },
  },
]
