import type { Letter, LetterFacts } from '#domain/dead-letter.ts'
import { readCase } from './case-store.ts'
import { readExecution } from './execution-store.ts'
import { readInboxItem } from './inbox-store.ts'
import { readOwnerStatus } from './owner-status.ts'
import { readTokens } from './signal-store.ts'

/** What the table, and for an execution without a case Step Functions, say of the thing that a letter is about. */
export async function readLetterFacts(letter: Letter): Promise<LetterFacts> {
  const { executionArn, caseKey, item } = letter
  const carried = executionArn === undefined ? undefined : (await readExecution(executionArn))?.caseKey
  if (carried !== undefined) {
    return { execution: { carries: true, hasSucceeded: false }, case: await caseFactsOf(carried) }
  }
  const question = caseKey !== undefined && item !== undefined ? await readInboxItem(caseKey, item) : undefined
  const hasSucceeded = executionArn !== undefined && (await readOwnerStatus(executionArn)) === 'SUCCEEDED'
  return { execution: { carries: false, hasSucceeded }, question: question?.status }
}

async function caseFactsOf(caseKey: string): Promise<LetterFacts['case']> {
  const existing = await readCase(caseKey)
  if (existing === undefined) return undefined
  const { status, owner, failure } = existing
  return {
    status,
    executionArn: owner.executionArn,
    redriveCount: owner.redriveCount,
    failedRedriveCount: typeof failure?.redriveCount === 'number' ? failure.redriveCount : undefined,
    sleeps: status === 'open' && (await readTokens(caseKey)).length > 0,
  }
}
