import { BusinessError } from '#domain/errors.ts'
import type { SignalName } from '#domain/next-event/situation.ts'
import type { StepContext } from './define-step.ts'
import type { Posted } from './post-document.ts'
import { readPosting } from './posting-store.ts'
import { refuseSignal } from './signal-store.ts'

/** With these the ERP says that a change or a cancellation comes too late: that ends the request, not the case. */
const tooLate: ReadonlySet<string> = new Set([
  'GOODS_GONE',
  'DELIVERY_UNDER_WAY',
  'NEWER_VERSION_POSTED',
  'SALES_ORDER_ENDED',
  'GOODS_RECEIVED',
  'RECEIPT_UNDER_WAY',
  'PURCHASE_ORDER_ENDED',
])

/** What became of a request that the ERP may refuse because it comes too late. */
export type Answer = ({ readonly outcome: 'posted' } & Posted) | { readonly outcome: 'refused' }

/**
 * Posts what a signal asks for, or notes on the signal that it comes too late. A refusal while something may still be on
 * its way or stands there in part, and any other, fails the step.
 */
export async function carryOutOrRefuse(
  { owner, posting: name }: StepContext,
  signal: SignalName,
  post: () => Promise<Posted>,
): Promise<Answer> {
  try {
    return { outcome: 'posted', ...(await post()) }
  } catch (error) {
    if (!(error instanceof BusinessError) || !tooLate.has(error.code)) throw error
    if (name === undefined) throw error
    const posting = await readPosting(owner.caseKey, name)
    if (posting?.status !== 'refused' || posting.standing !== undefined) throw error
    if (!posting.isFinal) await refuseSignal(owner, signal, name, { code: error.code, message: error.message })
    return { outcome: 'refused' }
  }
}
