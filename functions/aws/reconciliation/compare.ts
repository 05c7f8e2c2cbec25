import { caseOfPosting } from '#domain/keys.ts'
import { classify, judge, type Scope, type Verdict } from '#domain/reconciliation/classify.ts'
import type { Difference } from '#domain/reconciliation/difference.ts'
import type { Group } from '#domain/reconciliation/join.ts'
import type { BookRecord } from '#domain/reconciliation/record.ts'
import type { TotalsRow } from '#domain/reconciliation/totals.ts'
import { compareFeeds } from './compare-feeds.ts'
import { erpPages, nameOf, readErp, recordKinds } from './erp-side.ts'
import { hubPages, readHub, recordsOfCase } from './hub-side.ts'
import { begunCancellations } from './repair-case.ts'
import { progressOf } from './run-store.ts'
import { compareTold } from './source-side.ts'
import { stopsAtMs, type Window } from './window.ts'

/** What a run has found. */
export interface Comparison {
  /** Otherwise there is more of it, for another invocation. */
  readonly isThrough: boolean
  readonly documents: number
  readonly differences: readonly Difference[]
  readonly totals: readonly TotalsRow[]
}

/**
 * Compares what the hub has posted in a window with what the ERP has changed since. A document
 * that one side alone has in its feed is looked up on the other: it may be older, or younger, than what was read. What
 * differs is looked at once more, since its feed may have been read long before. So each difference was true a moment ago
 * on both sides, whatever moved while the feeds were read.
 * @throws Error when there are more differences than there can be
 */
export async function compareWindow(window: Window): Promise<Comparison> {
  return await compareFeeds({
    // The ERP first: what stood there is noted in the hub by then.
    feeds: [
      ['erp', erpPages(window)],
      ['hub', hubPages(window, await recordKinds())],
    ],
    completed: async (found, matched) => {
      const group = await completed(window, found)
      return matched.has(group.key) ? undefined : group
    },
    // A document that a person has adopted has a key of its own in the ERP, and comes by both.
    note: (found, { key }, matched) => {
      const isLookedUp = found.hub.length > 0 && !found.erp.some(counts)
      if (isLookedUp || key !== found.key) matched.add(key)
    },
    differenceOf: async (group) => {
      const difference = classify(group, scopeOf(window))
      const verdict = difference && (await compareAgain(window, difference))
      return typeof verdict === 'string' ? undefined : verdict
    },
    stopsAtMs: stopsAtMs(window),
    progress: progressOf(`${window.company}/${window.sinceMs}-${window.untilMs}`),
  })
}

/**
 * The same difference as it stands now, which is the same for as long as something of its repair is left to do. Too early to
 * tell is what is under way by now, or was told to somebody who did not wait: it may come to agree, and has not yet.
 */
export async function compareAgain(window: Window, known: Difference): Promise<Verdict> {
  if (known.told !== undefined) return await compareTold(known, window)
  const verdict = await compareNow(window, known)
  return typeof verdict === 'string' && (await begunCancellations(known.key)).length > 0 ? known : verdict
}

async function compareNow(window: Window, known: Difference): Promise<Verdict> {
  const erp = await readErp(window, known.document, nameOf(known.key))
  const caseKey = known.posting && caseOfPosting(known.posting)
  const hub = caseKey
    ? (await recordsOfCase(caseKey, window.company)).filter(({ key }) => key === known.key)
    : await readHub(window, known.key, erp[0])
  const group = await completed(window, { key: known.key, source: [], hub: [...hub], erp: [...erp] })
  return judge(group, scopeOf(window))
}

export function scopeOf({ untilMs }: Window): Scope {
  return { sides: ['hub', 'erp'], dueBeforeMs: untilMs }
}

/** Asks the side that a document is missing from for this one document. */
async function completed(window: Window, group: Group): Promise<Group> {
  const [hub] = group.hub
  const [erp] = group.erp
  if (hub === undefined) {
    const known = await readHub(window, group.key, erp)
    return withDay({ ...group, key: known[0]?.key ?? group.key, hub: known })
  }
  if (group.erp.some(counts) || hub.standing !== 'in-effect') return withDay(group)
  const byReference = erp === undefined ? await readErp(window, hub.document, nameOf(group.key)) : group.erp
  if (byReference.some(counts) || hub.number === undefined) return withDay({ ...group, erp: byReference })
  // A clerk had made it, perhaps in place of one that was taken back, and somebody has adopted it.
  const byNumber = await readErp(window, hub.document, { by: 'number', is: hub.number })
  const adopted = byNumber.filter(counts).map((record) => ({ ...record, key: group.key }))
  return withDay({ ...group, erp: adopted.length > 0 ? adopted : byReference })
}

const counts = ({ standing }: BookRecord) => standing === 'in-effect'

/** The hub keeps no day of its own: where the ERP has one, it is that. */
function withDay(group: Group): Group {
  const onDay = group.erp[0]?.onDay
  return onDay === undefined ? group : { ...group, hub: group.hub.map((record): BookRecord => ({ ...record, onDay })) }
}
