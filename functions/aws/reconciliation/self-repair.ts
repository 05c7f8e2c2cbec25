import { ErpBusyError } from '#domain/errors.ts'
import { flowsOf } from '#domain/flow-catalog/flows-of.ts'
import type { Repair } from '#domain/reconciliation/difference.ts'
import { clock } from '../clock.ts'
import { environment } from '../environment.ts'
import { count, logger } from '../telemetry.ts'
import { askAboutDifference } from './ask-about-difference.ts'
import { type DifferenceItem, isUnderWay, listDifferences, openDifferences } from './difference-store.ts'
import { repair } from './repair.ts'
import { itself } from './repairing.ts'
import type { Window } from './window.ts'

/** What the hub does, or would do, about one difference. */
export interface SelfRepaired {
  readonly key: string
  readonly class: string
  readonly posting?: string | undefined
  /** Absent: none; a person is asked. */
  readonly repair?: Repair | undefined
  readonly became: 'would be repaired' | 'is under way' | 'repaired' | 'asked'
  readonly text?: string
}

/** What has to be left before the Lambda is ended, for one more repair. */
const leftMs = 120_000

/**
 * Repairs what the deployment has the hub repair by itself, each difference once, and asks a person about every other one.
 * @param flow of the catalog; only differences of documents that it brings
 * @param isDry says what would be done, and does nothing
 */
export async function selfRepair(
  window: Window,
  { flow, isDry = false }: { readonly flow?: string | undefined; readonly isDry?: boolean },
): Promise<readonly SelfRepaired[]> {
  const open = (await listDifferences(openDifferences)).filter((item) => item.status === 'open' && isOfFlow(item, flow))
  const done: SelfRepaired[] = []
  for (const item of open) {
    if (!isDry && clock.nowMs() > window.endsAtMs - leftMs) break
    done.push(isDry ? planned(item) : await repairOne(window, item))
  }
  return done
}

function planned(item: DifferenceItem): SelfRepaired {
  const { class: name, key, posting, told } = item.difference
  const about = { key, class: name, posting }
  // What the source waits for is late for the hub and the ERP as well, and is taken up as that.
  if (isUnderWay(item) || (told !== undefined && name === 'late')) {
    return { ...about, repair: item.repaired?.repair, became: 'is under way' }
  }
  // What it was repaired by has not helped: somebody has to look at it.
  const chosen = wasRepaired(item) ? undefined : environment().SELF_REPAIR[name]
  return { ...about, repair: chosen, became: chosen === undefined ? 'asked' : 'would be repaired' }
}

function wasRepaired({ content, repaired }: DifferenceItem): boolean {
  return repaired?.content === content
}

async function repairOne(window: Window, item: DifferenceItem): Promise<SelfRepaired> {
  const plan = planned(item)
  if (plan.became === 'is under way') return plan
  if (plan.repair === undefined) return await asked(item, plan)
  if (plan.repair === 'adjust' || plan.repair === 'ignore') return plan
  const ask = { key: plan.key, repair: plan.repair, by: itself, reason: `selfRepair of ${plan.class}` }
  try {
    const { became, text } = await repair(window, ask)
    if (became === 'refused') return await asked(item, plan, text)
    if (became === 'changed') return { ...plan, became: 'is under way', text }
    count('DifferenceRepaired', { class: plan.class })
    return { ...plan, became, text }
  } catch (error) {
    // The next run tries it again, under the same keys.
    if (!(error instanceof ErpBusyError)) count('ItemFailed', { function: 'ReconcileBooks' })
    logger.warn(`The difference ${plan.key} could not be repaired: ${String(error)}`)
    return { ...plan, became: 'is under way', text: String(error) }
  }
}

async function asked(item: DifferenceItem, plan: SelfRepaired, why?: string): Promise<SelfRepaired> {
  const id = await askAboutDifference(item, why)
  return { ...plan, became: 'asked', text: `npx postonce inbox ${id}${why === undefined ? '' : `: ${why}`}` }
}

function isOfFlow({ difference }: DifferenceItem, flow: string | undefined): boolean {
  return flow === undefined || flowsOf(difference.document).some(({ name }) => name === flow)
}
