import { expect, it } from 'vitest'
import { SupplierInvoice } from '#domain/procurement-documents.ts'
import { parse } from '#domain/schema.ts'

it('says within a second what is wrong with an invoice of ten thousand faulty lines', () => {
  const invoice = { number: 'INV-1', lines: Array.from({ length: 10_000 }, () => ({})) }
  const beganAtMs = performance.now()
  expect(() => parse(SupplierInvoice, invoice, 'The invoice')).toThrow(
    /lines\[9\] must have an amount.*; and 9990 more$/,
  )
  expect(performance.now() - beganAtMs).toBeLessThan(1000)
})
