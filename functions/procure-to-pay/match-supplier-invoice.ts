import * as z from 'zod'
import { ownStory } from '#aws/case-story.ts'
import { defineStep } from '#aws/define-step.ts'
import { matchBill } from '#aws/match-bill.ts'
import { billNamed } from '#domain/purchase/situation.ts'

/** Compares a supplier's document with what was ordered and received, and keeps what comes of it with the document. */
export const handler = defineStep({
  name: 'MatchSupplierInvoice',
  /** `supplier-invoice/INV-1` */
  input: { number: z.string() },
  run: async ({ number }, { owner }) => {
    const bill = billNamed(number)
    await matchBill(owner, await ownStory(owner), bill.kind, bill.number)
    return {}
  },
})
