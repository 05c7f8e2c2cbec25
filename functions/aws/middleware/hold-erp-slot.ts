import { classify } from '#domain/errors.ts'
import { required } from '../environment.ts'
import { acquireErpSlot } from '../erp-slot.ts'
import type { StepMiddleware } from './step-request.ts'

/** Innermost: holds the ERP account's writer slot while the step runs, and longer when its outcome is unknown. */
export function holdErpSlot(): StepMiddleware {
  return {
    before: async ({ context, internal }) => {
      internal.slot = await acquireErpSlot(required('ERP_ACCOUNT'), context.awsRequestId)
    },
    after: async ({ internal }) => {
      await internal.slot?.release(false)
    },
    onError: async ({ internal, error }) => {
      const errorClass = classify(error)
      await internal.slot?.release(errorClass === 'in-doubt' || errorClass === 'bug')
    },
  }
}
