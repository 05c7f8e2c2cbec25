import * as z from 'zod'
import {
  GoodsReceipt,
  GoodsReturn,
  PurchaseOrder,
  Reference,
  SupplierCreditNote,
  SupplierInvoice,
} from '#domain/procurement-documents.ts'
import { TolerancePolicy } from './tolerance.ts'

/** Everything that belongs to one purchase order; what is left out is empty. */
export const MatchInput = z
  .strictObject({
    order: PurchaseOrder,
    receipts: z.array(GoodsReceipt).max(10_000).default([]),
    returns: z.array(GoodsReturn).max(10_000).default([]),
    invoices: z.array(SupplierInvoice).max(10_000).default([]),
    creditNotes: z.array(SupplierCreditNote).max(10_000).default([]),
    tolerances: TolerancePolicy.prefault({}),
    /** Numbers of this supplier that are booked already, for whatever order. */
    knownNumbers: z.array(Reference).max(100_000).default([]),
  })
  .superRefine((input, context) => {
    for (const list of ['receipts', 'returns'] as const) {
      const numbers = new Set<string>()
      for (const [index, { number }] of input[list].entries()) {
        if (numbers.has(number)) {
          context.addIssue({
            code: 'custom',
            path: [list, index, 'number'],
            message: 'must be there once: a document that arrives twice is counted once by its number',
          })
        }
        numbers.add(number)
      }
    }
  })
export type MatchInput = z.output<typeof MatchInput>
