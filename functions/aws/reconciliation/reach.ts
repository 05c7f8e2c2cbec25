import { messagesOf } from '#domain/errors.ts'
import { clock } from '../clock.ts'
import { noSuchDocument } from '../erp.ts'
import { readErp } from './erp-side.ts'
import { stoppingBy, type Window } from './window.ts'

/** What a look into the ERP came to. */
export interface Reach {
  /** The function's own clock. */
  readonly nowMs: number
  readonly erp: { readonly isReached: boolean; readonly milliseconds: number; readonly message: string }
}

/** So long it waits for its turn. */
const longestMs = 30_000

/** Asks the ERP for a document that is not there: credentials, network and the hub's rights are proven by its answer. */
export async function reachErp(window: Window): Promise<Reach> {
  const beganAtMs = clock.nowMs()
  // An ERP that is down would be waited for until the function ends: whoever asks wants to hear just that.
  const soon = stoppingBy(window, beganAtMs + longestMs)
  const outcome = await readErp(soon, 'sales-order', noSuchDocument).then(
    () => ({ isReached: true, message: 'it answers' }),
    (error: unknown) => ({ isReached: false, message: messagesOf(error) }),
  )
  const nowMs = clock.nowMs()
  return { nowMs, erp: { ...outcome, milliseconds: nowMs - beganAtMs } }
}
