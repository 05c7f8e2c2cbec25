import * as z from 'zod'
import { TolerancePolicy } from '#domain/three-way-match/tolerance.ts'
import { ApprovalPolicy, PaymentTerms } from './purchase-requisition.ts'

/** What a buyer has decided about its purchases, for all of its companies. */
export const PurchasingPolicy = z.strictObject({
  /** Up to which net total nobody is asked, by company and currency. Where no rule says so, somebody is. */
  approvals: ApprovalPolicy.default([]),
  /** When an approval that nobody has given is told to be overdue. */
  approvalSeconds: z.int().positive().default(259_200),
  /** Where neither the requisition nor the invoice says when it is due. */
  paymentTerms: PaymentTerms.prefault({ days: 30 }),
  /** What an invoice may differ by, in general and by supplier. */
  tolerances: TolerancePolicy.prefault({}),
})
export type PurchasingPolicy = z.output<typeof PurchasingPolicy>
