import * as z from 'zod'

/** What the hub says when something is not carried out, or a case stands still. */
export function endsOf<Case extends z.ZodRawShape>(theCase: Case) {
  return {
    refused: z.object({
      ...theCase,
      /** The signal that is not carried out: `change/2`, `cancellation/T1001`. */
      request: z.string(),
      code: z.string(),
      message: z.string(),
    }),
    failure: z.object({
      ...theCase,
      /** The state of the machine that failed. */
      state: z.string(),
      /** Stable and upper case where it is a refusal: `CREDIT_LIMIT_EXCEEDED`. */
      code: z.string(),
      field: z.string().optional(),
      /** Who has to act: sales, finance, warehouse, purchasing or integration. */
      owner: z.string(),
      message: z.string(),
    }),
  }
}
