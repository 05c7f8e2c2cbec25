import * as z from 'zod'

/** One check, as it stands in the table and in the file of `--json`. */
export const Check = z.object({
  title: z.string(),
  verdict: z.enum(['as expected', 'differs', 'not here']),
  expected: z.string(),
  seen: z.string(),
  page: z.string(),
})
export type Check = z.output<typeof Check>
