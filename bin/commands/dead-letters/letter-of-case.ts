import * as z from 'zod'
import type { CaseItem } from '#aws/case-store.ts'
import type { HeldLetter } from '#aws/letter-box.ts'
import { signatureOf } from '#domain/failure-signature.ts'

const Failure = z.object({
  executionArn: z.string(),
  redriveCount: z.int(),
  stage: z.string(),
  class: z.string(),
  code: z.string(),
  system: z.string().optional(),
  owner: z.string(),
  message: z.string(),
})

/**
 * The letter of what a case stands still for, as the case itself tells it: the same one that the queue has, or had until
 * SQS dropped it after 14 days.
 */
export function letterOfCase({ pk, failure, listedAtMs }: CaseItem): HeldLetter | undefined {
  const read = Failure.safeParse(failure)
  if (!read.success) return undefined
  const { executionArn, redriveCount, class: errorClass, code, owner, message } = read.data
  return {
    letter: {
      id: `${executionArn}/${redriveCount}`,
      signature: signatureOf(read.data),
      caseKey: pk,
      executionArn,
      redriveCount,
      class: errorClass,
      code,
      owner,
      message,
    },
    messageId: '',
    receipt: '',
    sentAtMs: listedAtMs,
  }
}
