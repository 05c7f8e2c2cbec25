import { listCases } from '../../../bin/commands/cases/list-cases.ts'
import type { Checked } from './check-story.ts'
import { caseKey } from './rest.ts'

const statuses = ['open', 'failed', 'rejected', 'completed', 'cancelled', 'closed'] as const
const limit = 10_000

/** `npx postonce cases` lists as many of each status as the stories say, and each of them once. */
export async function checkCaseList(checked: readonly Checked[]): Promise<readonly string[]> {
  const keys = new Set(checked.map(({ story }) => caseKey(story)))
  const listed = (await listCases(['order-to-cash'], statuses, limit)).filter(({ pk }) => keys.has(pk))
  return statuses.flatMap((status) => {
    const is = listed.filter((one) => one.status === status).length
    const should = checked.filter(({ expected }) => expected.status === status).length
    return is === should ? [] : [`${is} cases are listed as ${status}, should be ${should}`]
  })
}
