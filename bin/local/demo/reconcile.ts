import { listDifferences, openDifferences } from '#aws/reconciliation/difference-store.ts'
import { formatDifferences } from '../../commands/reconcile/format-differences.ts'
import { Comparison, invokeReconciler } from '../../commands/reconcile/invoke-reconciler.ts'

/** Has the hub compare its books with the ERP's, of all that has come to rest since. */
export async function reconcileSince(sinceMs: number): Promise<{ readonly text: string; readonly isClean: boolean }> {
  const { documents, totals } = await invokeReconciler('local', { sinceMs, dueAfterMs: 0 }, Comparison)
  const open = await listDifferences(openDifferences)
  const compared = `The hub's own reconciliation: ${documents} documents of hub and ERP compared, ${totals.length} control totals`
  return open.length === 0
    ? { text: `${compared}, no difference.`, isClean: true }
    : { text: `${compared}.\n\n${formatDifferences(open, Date.now())}`, isClean: false }
}
