import type { OrderKind } from '../order-kind.ts'
import { submitted } from './steps.ts'

/** What ends with a person, who finds a dead letter with the reason. */
export const refused: readonly OrderKind[] = [
  {
    name: 'credit limit',
    about: '258.00 for a customer whose limit is 100.00: the ERP refuses it, and finance is told',
    customer: 'C008',
    lines: [{ item: 'P10', quantity: '2', unitPrice: '129.00' }],
    steps: [submitted],
    ends: 'rejected',
    code: 'CREDIT_LIMIT_EXCEEDED',
    books: { orders: [{ gross: '258.00', state: 'quotation' }], bank: '0' },
  },
  {
    name: 'poison',
    about: 'an order that nobody can understand becomes a dead letter that names the field',
    customer: 'C004',
    lines: [],
    steps: [{ when: 'start', publish: [{ event: 'SalesOrderSubmitted', isPoison: true }] }],
    ends: 'dead-letter',
    code: 'PoisonMessageError',
    books: { orders: [], bank: '0' },
  },
]
