import { listCases } from '../../../bin/commands/cases/list-cases.ts'

const statuses = ['open', 'failed', 'rejected', 'completed', 'cancelled', 'closed'] as const
const limit = 10_000

/** A case, and how it is to end. */
export interface Ended {
  readonly caseKey: string
  readonly status: string
}

/** `npx postonce cases` lists as many of each status as the stories say, and each of them once. */
export async function checkCaseList(
  process: 'order-to-cash' | 'procure-to-pay',
  cases: readonly Ended[],
): Promise<readonly string[]> {
  const keys = new Set(cases.map(({ caseKey }) => caseKey))
  const listed = (await listCases([process], statuses, limit)).filter(({ pk }) => keys.has(pk))
  return statuses.flatMap((status) => {
    const is = listed.filter((one) => one.status === status).length
    const should = cases.filter((one) => one.status === status).length
    return is === should ? [] : [`${is} cases are listed as ${status}, should be ${should}`]
  })
}
