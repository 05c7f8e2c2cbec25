import type { ErpCosts } from '#domain/erp-limits.ts'

/**
 * Counted by test/contract/tryton-costs.test.ts between the hub's connector and a real Tryton: an order of two lines with
 * freight, the most that a document took. An amendment is a new sale and the withdrawal of the old one.
 */
export const trytonCosts: ErpCosts = {
  calls: {
    'sales-order': 15,
    'sales-order-amendment': 89,
    'sales-order-cancellation': 53,
    'sales-order-closing': 33,
    'goods-issue': 31,
    'goods-return': 37,
    'customer-invoice': 32,
    'credit-note': 42,
    'incoming-payment': 13,
    'outgoing-payment': 13,
    'payment-allocation': 11,
    'purchase-order': 19,
    'purchase-order-amendment': 91,
    'purchase-order-cancellation': 49,
    'purchase-order-closing': 26,
    'goods-receipt': 35,
    'supplier-return': 44,
    'supplier-invoice': 46,
    'supplier-credit-note': 40,
    'supplier-payment': 11,
    'supplier-payment-allocation': 11,
    'find-document': 5,
  },
  // Of a thousand requests, one after the other, on SQLite: 0.08 s with the machine to itself, this when others use it.
  secondsPerCall: 0.125,
}
