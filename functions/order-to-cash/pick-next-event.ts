import { type Amending, Done, markDone } from '#aws/branch-done.ts'
import { defineStep } from '#aws/define-step.ts'
import { pickNext } from '#aws/next-event.ts'
import { isTold, publishSale } from '#aws/sales-publications.ts'
import { priceSalesOrder, SalesOrder } from '#domain/documents.ts'
import { partsOf } from '#domain/keys.ts'
import { leadsToErp, type NextEvent } from '#domain/next-event/situation.ts'
import { parse } from '#domain/schema.ts'
import { sourceOf } from '#domain/sources.ts'

const sales: Amending = {
  about: 'sales',
  order: 'sales-order',
  tell: async (story, kind, number) => {
    if (isTold(kind)) await publishSale(story, kind, number)
  },
  contentOf: (version, caseKey, what) => {
    const salesOrder = parse(SalesOrder, version, what)
    const { netTotal } = priceSalesOrder(salesOrder, sourceOf(partsOf(caseKey).system).rounding)
    const lines = salesOrder.lines.map((line) => ({ line: line.number, quantity: line.quantity }))
    return { currency: salesOrder.currency, netTotal, lines }
  },
}

/** Marks the branch that the machine comes from as done, then decides what the case does next. */
export const handler = defineStep({
  name: 'PickNextEvent',
  input: { done: Done.nullish() },
  leadsToErp,
  run: async ({ done }, { owner }): Promise<NextEvent> => {
    const known = done ? await markDone(owner, done, sales) : undefined
    return await pickNext(owner, known)
  },
})
