import { caseOfPosting } from '#domain/keys.ts'
import { transactTold } from '../audit.ts'
import { type Part, transact } from '../table.ts'
import { adopt } from './adopt.ts'
import { cancel } from './cancel.ts'
import { ignoredPart, isUnderWay, readDifference, repairedPart } from './difference-store.ts'
import { type AskedRepair, changed, factOf, meanwhile, type Repaired, type Repairing, refused } from './repairing.ts'
import { replay } from './replay.ts'
import type { Window } from './window.ts'

/**
 * Carries a repair out, once: it is conditional on the difference as it was seen, and on the posting as it stands. What
 * it writes to the ERP is a posting, with its key and its claim.
 * @param parts of the transaction that carries it out
 */
export async function repair(window: Window, asked: AskedRepair, parts: readonly Part[] = []): Promise<Repaired> {
  const item = await readDifference(asked.key)
  if (item === undefined) return refused(`There is no difference ${asked.key}.`)
  if (item.status === 'gone') return changed('There is no such difference any more.')
  if (!item.difference.repairs.includes(asked.repair)) {
    return refused(
      `${asked.repair} is no repair of ${item.difference.class}; there are ${item.difference.repairs.join(', ')}.`,
    )
  }
  const repairing = { window, item, asked, parts }
  switch (asked.repair) {
    case 'replay':
      return isUnderWay(item) ? underWay : await replay(repairing)
    case 'cancel':
      return isUnderWay(item) ? underWay : await cancel(repairing)
    case 'adopt':
      return await adopt(repairing)
    case 'adjust':
      return await noted(repairing, repairedPart(item, 'adjust', asked.by), 'to be adjusted')
    case 'ignore':
      return await noted(repairing, ignoredPart(item, asked.by, asked.reason), 'ignored')
  }
}

/** What changes neither the ERP nor a posting. */
async function noted(repairing: Repairing, part: Part, as: string): Promise<Repaired> {
  const { item, asked, parts } = repairing
  const caseKey = item.difference.posting && caseOfPosting(item.difference.posting)
  const written = caseKey
    ? await transactTold(caseKey, [part, ...parts], {
        ...factOf(item, asked),
        stage: `difference ${as}`,
        after: { difference: as },
      })
    : await transact([part, ...parts])
  if (!written.ok) return meanwhile(repairing)
  const text =
    asked.repair === 'ignore' ? 'It is ignored for as long as it stays the same.' : 'It goes when the books agree.'
  return { became: 'repaired', text }
}

const underWay = changed('It is under way already.')
