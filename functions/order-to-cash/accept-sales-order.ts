import { defineAcceptCase, type Submission } from '#aws/accept-case.ts'
import { clock, isoOf } from '#aws/clock.ts'
import { salesOrderIds } from '#aws/sales-order-ids.ts'
import { priceSalesOrder, SalesOrder } from '#domain/documents.ts'
import { BusinessError } from '#domain/errors.ts'
import { findContradictions } from '#domain/sales-order-rules.ts'
import { sourceOf } from '#domain/sources.ts'

/** Maps, validates and cross-references a sales order, and claims its case for this execution. */
export const handler = defineAcceptCase({
  name: 'AcceptSalesOrder',
  process: 'order-to-cash',
  body: SalesOrder,
  called: 'sales order',
  document: 'sales-order',
  owner: 'sales',
  contentOf: (salesOrder, system) => ({
    currency: salesOrder.currency,
    netTotal: priceSalesOrder(salesOrder, sourceOf(system).rounding).netTotal,
    lines: salesOrder.lines.map(({ number, quantity }) => ({ line: number, quantity })),
  }),
  check: async (submission) => {
    checkContent(submission)
    await salesOrderIds(submission.system, submission.body)
  },
})

/** Says everything that is wrong at once; the first of them gives the code. */
function checkContent({ body, caseKey, system }: Submission<SalesOrder>): void {
  const today = isoOf(clock.nowMs()).slice(0, 10)
  const [first, ...others] = findContradictions(body, sourceOf(system), today)
  if (first === undefined) return
  const message = [`${caseKey}: ${first.message}`, ...others.map((one) => one.message)].join('; ')
  throw new BusinessError({ ...first, message }, { document: caseKey, system })
}
