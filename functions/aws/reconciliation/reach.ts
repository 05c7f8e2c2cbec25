import { messagesOf } from '#domain/errors.ts'
import { clock } from '../clock.ts'
import { noSuchDocument } from '../erp.ts'
import { readErp } from './erp-side.ts'
import { answeredSoon, type Window } from './window.ts'

/** What a look into the ERP came to. */
export interface Reach {
  /** The function's own clock. */
  readonly nowMs: number
  readonly erp: { readonly isReached: boolean; readonly milliseconds: number; readonly message: string }
}

/** Asks the ERP for a document that is not there: credentials, network and the hub's rights are proven by its answer. */
export async function reachErp(window: Window): Promise<Reach> {
  const beganAtMs = clock.nowMs()
  const outcome = await readErp(answeredSoon(window), 'sales-order', noSuchDocument).then(
    () => ({ isReached: true, message: 'it answers' }),
    (error: unknown) => ({ isReached: false, message: messagesOf(error) }),
  )
  const nowMs = clock.nowMs()
  return { nowMs, erp: { ...outcome, milliseconds: nowMs - beganAtMs } }
}
