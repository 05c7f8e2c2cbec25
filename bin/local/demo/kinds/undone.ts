import type { OrderKind } from '../order-kind.ts'
import { delivered, paid, standard, submitted } from './steps.ts'

/** What is taken back, in part or in whole. */
export const undone: readonly OrderKind[] = [
  {
    name: 'cancelled',
    about: 'prepaid, then cancelled before anything left; the money goes back',
    customer: 'C006',
    lines: [standard('P04', '1', '79.00')],
    steps: [
      {
        when: 'start',
        publish: [{ event: 'SalesOrderSubmitted' }, { event: 'PaymentReceived', number: 'PAY1', amount: '94.80' }],
      },
      {
        when: 'IncomingPaymentPosted',
        publish: [
          { event: 'SalesOrderCancelled', reason: 'ordered twice' },
          { event: 'RefundRequested', number: 'RF1', of: 'balance' },
        ],
      },
    ],
    ends: 'cancelled',
    books: { orders: [{ gross: '94.80', state: 'done' }], paidOut: { RF1: '94.80' }, bank: '0' },
  },
  {
    name: 'cancelled late',
    about: 'cancelled when the goods have left: refused; then they come back, and the money goes',
    customer: 'C007',
    lines: [standard('P08', '2', '27.35')],
    steps: [
      submitted,
      delivered,
      {
        when: 'CustomerInvoiceCreated',
        publish: [{ event: 'SalesOrderCancelled', reason: 'changed their mind' }],
      },
      {
        when: 'SalesOrderCancellationRefused',
        publish: [{ event: 'PaymentReceived', number: 'PAY1', amount: '65.64' }],
      },
      {
        when: 'OrderToCashCompleted',
        publish: [
          { event: 'RefundRequested', number: 'RF1', of: { return: 'RET1' } },
          { event: 'ReturnReceived', number: 'RET1' },
        ],
      },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '65.64', state: 'done' }],
      invoices: ['65.64'],
      creditNotes: ['65.64'],
      paidOut: { RF1: '65.64' },
      stock: { P08: '0' },
      bank: '0',
    },
  },
  {
    name: 'part returned',
    about: 'paid and ended; then two of five bags come back, and 35.76 with them',
    customer: 'C001',
    lines: [standard('P01', '5', '14.90'), standard('P02', '5', '9.80')],
    freight: '6.50',
    freightTaxCode: 'standard',
    steps: [
      submitted,
      delivered,
      paid('156.00'),
      {
        when: 'OrderToCashCompleted',
        publish: [
          { event: 'ReturnReceived', number: 'RET1', lines: { 1: '2' } },
          { event: 'RefundRequested', number: 'RF1', of: { return: 'RET1' } },
        ],
      },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '156.00', state: 'done' }],
      invoices: ['156.00'],
      creditNotes: ['35.76'],
      paidOut: { RF1: '35.76' },
      stock: { P01: '-3', P02: '-5' },
      bank: '120.24',
    },
  },
  {
    name: 'goodwill',
    about: 'paid and ended; then 10.00 of 94.80 go back for a scratched blanket, which stays',
    customer: 'C002',
    lines: [standard('P04', '1', '79.00')],
    steps: [
      submitted,
      delivered,
      paid('94.80'),
      {
        when: 'OrderToCashCompleted',
        publish: [
          {
            event: 'RefundRequested',
            number: 'RF1',
            of: { amount: '10.00', taxCode: 'standard', reason: 'scratched' },
          },
        ],
      },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '94.80', state: 'done' }],
      invoices: ['94.80'],
      creditNotes: ['10.00'],
      paidOut: { RF1: '10.00' },
      stock: { P04: '-1' },
      bank: '84.80',
    },
  },
  {
    name: 'lines refunded',
    about: 'two of six are stained and credited; the customer pays all six, and 43.99 go back',
    customer: 'C003',
    // 109.98 with 20 % is 131.976; 36.66 with 20 % is 43.992.
    lines: [standard('P09', '6', '18.33')],
    steps: [
      submitted,
      delivered,
      {
        when: 'CustomerInvoiceCreated',
        publish: [{ event: 'RefundRequested', number: 'RF1', of: { lines: { 1: '2' } } }],
      },
      { when: 'CreditNoteCreated', publish: [{ event: 'PaymentReceived', number: 'PAY1', amount: '131.98' }] },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '131.98', state: 'done' }],
      invoices: ['131.98'],
      creditNotes: ['43.99'],
      paidOut: { RF1: '43.99' },
      stock: { P09: '-6' },
      bank: '87.99',
    },
  },
]
