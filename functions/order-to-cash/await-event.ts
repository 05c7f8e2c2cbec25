import { defineAwaitEvent } from '#aws/await-event.ts'
import { isTold, publishSale } from '#aws/sales-publications.ts'

/** Tells of the branch that came before, and sleeps until somebody is heard of. */
export const handler = defineAwaitEvent(async (story, kind, number) => {
  if (isTold(kind)) await publishSale(story, kind, number)
})
