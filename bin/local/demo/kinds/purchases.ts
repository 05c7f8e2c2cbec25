import type { BilledLine, OrderKind, OrderLine, Step } from '../order-kind.ts'
import { taxRate } from '../purchase-entries.ts'

const line = (item: string, quantity: string, unitPrice: string): OrderLine => ({ item, quantity, unitPrice, taxRate })
const billed = (quantity: string, unitPrice: string, of = '1'): BilledLine => ({ line: of, quantity, unitPrice })
const invoice = (number: string, ...lines: readonly BilledLine[]) =>
  ({ event: 'SupplierInvoiceReceived', number, lines }) as const

const requested: Step = { when: 'start', publish: [{ event: 'PurchaseRequisitionSubmitted' }] }
const received: Step = { when: 'PurchaseOrderCreated', publish: [{ event: 'GoodsReceived', number: 'DN1' }] }
const part = (quantity: string, number = 'DN1') => ({ event: 'GoodsReceived', number, lines: { 1: quantity } }) as const

/** What is bought as it was ordered, in whatever order its events come. */
export const asAgreed: readonly OrderKind[] = [
  {
    name: 'bought',
    about: 'ordered from a supplier, received, billed, and paid on the day that it is due',
    supplier: 'S001',
    lines: [line('P01', '20', '7.45'), line('P02', '5', '4.90')],
    steps: [
      requested,
      received,
      { when: 'GoodsReceiptPosted', publish: [invoice('INV1', billed('20', '7.45'), billed('5', '4.90', '2'))] },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '208.20', state: 'done' }],
      invoices: ['208.20'],
      paidOut: { INV1: '208.20' },
      stock: { P01: '20', P02: '5' },
      bank: '-208.20',
    },
  },
  {
    name: 'no answer',
    about: 'the ERP creates the purchase order and its answer is lost; it is there once all the same',
    supplier: 'S003',
    lines: [line('P08', '4', '13.60')],
    losesCreateAnswer: true,
    steps: [requested, received, { when: 'GoodsReceiptPosted', publish: [invoice('INV1', billed('4', '13.60'))] }],
    ends: 'completed',
    books: {
      orders: [{ gross: '65.28', state: 'done' }],
      invoices: ['65.28'],
      paidOut: { INV1: '65.28' },
      stock: { P08: '4' },
      bank: '-65.28',
    },
  },
  {
    name: 'bought thrice',
    about: 'each event of a purchase comes three times at once; each document stands once',
    supplier: 'S004',
    lines: [line('P05', '10', '4.17')],
    copies: 3,
    steps: [requested, received, { when: 'GoodsReceiptPosted', publish: [invoice('INV1', billed('10', '4.17'))] }],
    ends: 'completed',
    books: {
      orders: [{ gross: '50.04', state: 'done' }],
      invoices: ['50.04'],
      paidOut: { INV1: '50.04' },
      stock: { P05: '10' },
      bank: '-50.04',
    },
  },
  {
    name: 'part by part',
    about: 'four of ten arrive first, then six; each part is billed and paid by itself',
    supplier: 'S003',
    lines: [line('P08', '10', '13.60')],
    steps: [
      requested,
      { when: 'PurchaseOrderCreated', publish: [part('4')] },
      { when: 'GoodsReceiptPosted DN1', publish: [invoice('INV1', billed('4', '13.60')), part('6', 'DN2')] },
      { when: 'GoodsReceiptPosted DN2', publish: [invoice('INV2', billed('6', '13.60'))] },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '163.20', state: 'done' }],
      invoices: ['65.28', '97.92'],
      paidOut: { INV1: '65.28', INV2: '97.92' },
      stock: { P08: '10' },
      bank: '-163.20',
    },
  },
  {
    name: 'billed early',
    about: 'the invoice comes before the goods, and even before the order; it waits for both',
    supplier: 'S002',
    lines: [line('P03', '8', '6.25')],
    steps: [
      { when: 'start', publish: [invoice('INV1', billed('8', '6.25'))] },
      { when: 'parked', publish: [{ event: 'PurchaseRequisitionSubmitted' }] },
      received,
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '60.00', state: 'done' }],
      invoices: ['60.00'],
      paidOut: { INV1: '60.00' },
      stock: { P03: '8' },
      bank: '-60.00',
    },
  },
  {
    name: 'not due yet',
    about: 'received and billed, to be paid in 30 days; 48.00 are owed, and the purchase stays open',
    supplier: 'S002',
    lines: [line('P09', '5', '8.00')],
    steps: [
      requested,
      received,
      { when: 'GoodsReceiptPosted', publish: [{ ...invoice('INV1', billed('5', '8.00')), dueInDays: 30 }] },
    ],
    ends: 'open',
    until: 'SupplierInvoicePosted',
    books: {
      orders: [{ gross: '48.00', state: 'processing' }],
      invoices: ['48.00'],
      stock: { P09: '5' },
      bank: '0',
      owed: '48.00',
    },
  },
]

/** Where a person decides. */
export const decided: readonly OrderKind[] = [
  {
    name: 'approved',
    about: '600.00 net is more than may be ordered alone; somebody approves it',
    supplier: 'S003',
    lines: [line('P07', '24', '25.00')],
    steps: [
      requested,
      { when: 'asked', publish: [{ event: 'DecisionMade', choice: 'approve', reason: 'in the budget' }] },
      received,
      { when: 'GoodsReceiptPosted', publish: [invoice('INV1', billed('24', '25.00'))] },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '720.00', state: 'done' }],
      invoices: ['720.00'],
      paidOut: { INV1: '720.00' },
      stock: { P07: '24' },
      bank: '-720.00',
    },
  },
  {
    name: 'declined',
    about: '700.00 net, and somebody says no: nothing is ordered',
    supplier: 'S003',
    lines: [line('P07', '28', '25.00')],
    steps: [
      requested,
      { when: 'asked', publish: [{ event: 'DecisionMade', choice: 'reject', reason: 'not this year' }] },
    ],
    ends: 'cancelled',
    books: { orders: [], bank: '0' },
  },
  {
    name: 'dearer',
    about: 'billed at 7.00 where 6.25 was agreed; somebody accepts it, and 84.00 are paid',
    supplier: 'S002',
    lines: [line('P03', '10', '6.25')],
    steps: [
      requested,
      received,
      { when: 'GoodsReceiptPosted', publish: [invoice('INV1', billed('10', '7.00'))] },
      { when: 'asked', publish: [{ event: 'DecisionMade', choice: 'accept', reason: 'wax has become dear' }] },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '75.00', state: 'done' }],
      invoices: ['84.00'],
      paidOut: { INV1: '84.00' },
      stock: { P03: '10' },
      bank: '-84.00',
    },
  },
  {
    name: 'overbilled',
    about: 'twelve billed where ten came: disputed and never posted; the right invoice is paid',
    supplier: 'S001',
    lines: [line('P02', '10', '4.90')],
    steps: [
      requested,
      received,
      { when: 'GoodsReceiptPosted', publish: [invoice('INV1', billed('12', '4.90'))] },
      { when: 'asked', publish: [{ event: 'DecisionMade', choice: 'dispute', reason: 'ten were ordered and came' }] },
      { when: 'SupplierInvoiceDisputed', publish: [invoice('INV2', billed('10', '4.90'))] },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '58.80', state: 'done' }],
      invoices: ['58.80'],
      paidOut: { INV2: '58.80' },
      stock: { P02: '10' },
      bank: '-58.80',
    },
  },
  {
    name: 'billed twice',
    about: 'the same invoice comes again, its number in other spelling: disputed, and paid once',
    supplier: 'S004',
    lines: [line('P06', '6', '17.00')],
    steps: [
      requested,
      { when: 'PurchaseOrderCreated', publish: [part('4')] },
      { when: 'GoodsReceiptPosted DN1', publish: [invoice('INV1', billed('4', '17.00'))] },
      {
        when: 'SupplierInvoicePosted INV1',
        publish: [{ ...invoice('INV1', billed('4', '17.00')), isSpelledOtherwise: true }],
      },
      { when: 'asked', publish: [{ event: 'DecisionMade', choice: 'dispute', reason: 'it is paid already' }] },
      { when: 'SupplierInvoiceDisputed', publish: [part('2', 'DN2')] },
      { when: 'GoodsReceiptPosted DN2', publish: [invoice('INV2', billed('2', '17.00'))] },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '122.40', state: 'done' }],
      invoices: ['81.60', '40.80'],
      paidOut: { INV1: '81.60', INV2: '40.80' },
      stock: { P06: '6' },
      bank: '-122.40',
    },
  },
]

/** What was ordered is not what stays. */
export const otherwise: readonly OrderKind[] = [
  {
    name: 'sent back',
    about: 'three of ten go back; the credit note settles a part of the invoice, and 67.20 are paid',
    supplier: 'S002',
    lines: [line('P09', '10', '8.00')],
    steps: [
      requested,
      received,
      { when: 'GoodsReceiptPosted', publish: [{ event: 'GoodsReturned', number: 'RET1', lines: { 1: '3' } }] },
      {
        when: 'SupplierReturnPosted',
        publish: [
          invoice('INV1', billed('10', '8.00')),
          { event: 'SupplierCreditNoteReceived', number: 'CN1', lines: [billed('3', '8.00')] },
        ],
      },
    ],
    ends: 'completed',
    books: {
      orders: [{ gross: '96.00', state: 'done' }],
      invoices: ['96.00'],
      creditNotes: ['28.80'],
      paidOut: { INV1: '67.20' },
      stock: { P09: '7' },
      bank: '-67.20',
    },
  },
  {
    name: 'ends short',
    about: 'six of ten arrive, and no more will; what is here is billed and paid',
    supplier: 'S001',
    lines: [line('P01', '10', '7.45')],
    steps: [
      requested,
      { when: 'PurchaseOrderCreated', publish: [part('6')] },
      { when: 'GoodsReceiptPosted', publish: [{ event: 'PurchaseOrderClosed', reason: 'not woven any more' }] },
      { when: 'PurchaseOrderClosingPosted', publish: [invoice('INV1', billed('6', '7.45'))] },
    ],
    ends: 'closed',
    books: {
      orders: [{ gross: '89.40', state: 'done' }],
      invoices: ['53.64'],
      paidOut: { INV1: '53.64' },
      stock: { P01: '6' },
      bank: '-53.64',
    },
  },
  {
    name: 'ordered anew',
    about: 'version 2 comes before anything has arrived: more of one line, less of the other',
    supplier: 'S004',
    lines: [line('P05', '30', '4.17'), line('P06', '4', '17.00')],
    steps: [
      requested,
      {
        when: 'PurchaseOrderCreated',
        publish: [
          {
            event: 'PurchaseRequisitionSubmitted',
            version: 2,
            lines: [line('P05', '40', '4.17'), line('P06', '1', '17.00')],
          },
        ],
      },
      { when: 'PurchaseOrderAmended', publish: [{ event: 'GoodsReceived', number: 'DN1' }] },
      { when: 'GoodsReceiptPosted', publish: [invoice('INV1', billed('40', '4.17'), billed('1', '17.00', '2'))] },
    ],
    ends: 'completed',
    books: {
      orders: [
        { gross: '231.72', state: 'done' },
        { gross: '220.56', state: 'done' },
      ],
      invoices: ['220.56'],
      paidOut: { INV1: '220.56' },
      stock: { P05: '40', P06: '1' },
      bank: '-220.56',
    },
  },
  {
    name: 'called off',
    about: 'cancelled before anything has arrived: nothing will, and nothing is to be paid',
    supplier: 'S003',
    lines: [line('P04', '3', '39.50')],
    steps: [
      requested,
      { when: 'PurchaseOrderCreated', publish: [{ event: 'PurchaseOrderCancelled', reason: 'found a cheaper one' }] },
    ],
    ends: 'cancelled',
    books: { orders: [{ gross: '142.20', state: 'done' }], bank: '0' },
  },
]
