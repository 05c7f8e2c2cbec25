import { transactTold } from '#aws/audit.ts'
import type { RedrivePlan } from './plan-redrive.ts'

/** Who lets a case go on, in its audit trail before anything is done; what has no case has no trail. */
export async function tellRedrive(plan: Pick<RedrivePlan, 'do' | 'case'>, person: string): Promise<void> {
  if (plan.do === 'nothing' || plan.case === undefined) return
  await transactTold(plan.case, [], { stage: 'redriven', by: { person }, after: { how: plan.do } })
}
