import { expect, it } from 'vitest'
import { PurchaseOrder, SupplierCreditNote, SupplierInvoice } from '#domain/procurement-documents.ts'
import { bookedLinesOf } from '#domain/three-way-match/booked-lines.ts'

const order = PurchaseOrder.parse({
  number: 'PO-1',
  supplier: 'S001',
  currency: 'EUR',
  lines: [
    {
      number: '10',
      item: 'P01',
      quantity: '24',
      unit: 'piece',
      unitPrice: '7.45',
      units: [{ unit: 'box', per: '12' }],
    },
    { number: '20', item: 'P05', quantity: '3', unitPrice: '41.70' },
  ],
})

it('bills order lines in their own units, then freight, charges and allowances', () => {
  const invoice = SupplierInvoice.parse({
    number: 'INV-1',
    lines: [
      { item: 'P01', quantity: '2', unit: 'box', unitPrice: '89.40', taxRate: '20' },
      { line: '20', quantity: '3', unitPrice: '41.705', discount: '0.1', description: 'Blankets' },
    ],
    freight: '18',
    charges: [{ amount: '2.5', reason: 'Packing', taxRate: '20' }],
    allowances: [{ amount: '1.00' }],
  })
  expect(bookedLinesOf(invoice, order)).toEqual([
    { line: '10', quantity: '24', amount: '178.80', taxRate: '20' },
    { line: '20', text: 'Blankets', quantity: '3', amount: '112.60' },
    { text: 'Freight', amount: '18.00' },
    { text: 'Packing', amount: '2.50', taxRate: '20' },
    { text: 'Allowance', amount: '-1.00' },
  ])
})

it('taxes freight and charges as the document does, and rounds what is to be paid without tax', () => {
  const billed = {
    number: 'INV-1',
    lines: [{ line: '20', quantity: '1', unitPrice: '41.70', taxRate: '20' }],
    freight: '8.00',
    charges: [{ amount: '2.00' }],
    rounding: '-0.04',
  }
  const one = { ...billed, taxes: [{ rate: '20', base: '51.70', amount: '10.34' }] }
  const line = { line: '20', quantity: '1', amount: '41.70', taxRate: '20' }
  const rounding = { text: 'Rounding', amount: '-0.04' }
  expect(bookedLinesOf(SupplierInvoice.parse(one), order)).toEqual([
    line,
    { text: 'Freight', amount: '8.00', taxRate: '20' },
    { text: 'Charge', amount: '2.00', taxRate: '20' },
    rounding,
  ])
  const exempt = { ...one, netTotal: '51.70', taxes: [{ rate: '20', base: '41.70', amount: '8.34' }] }
  expect(bookedLinesOf(SupplierInvoice.parse({ ...exempt, freightTaxRate: '5' }), order)).toEqual([
    line,
    { text: 'Freight', amount: '8.00', taxRate: '5' },
    { text: 'Charge', amount: '2.00' },
    rounding,
  ])
})

it('takes no quantity off the invoice where a credit note lowers a price', () => {
  const note = SupplierCreditNote.parse({
    number: 'CN-1',
    lines: [{ line: '10', quantity: '24', amount: '12.00', kind: 'price' }],
  })
  expect(bookedLinesOf(note, order)).toEqual([{ line: '10', amount: '12.00' }])
})

it('says which lines are none of the order', () => {
  const invoice = SupplierInvoice.parse({ number: 'INV-2', lines: [{ line: '99', amount: '1' }] })
  expect(bookedLinesOf(invoice, order)).toEqual({ unknown: ['Line 1: order PO-1 has no line 99.'] })
})
