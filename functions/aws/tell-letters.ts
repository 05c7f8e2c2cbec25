import { type Person, transactTold } from './audit.ts'
import type { HeldLetter } from './letter-box.ts'

/** A letter that is about to go, and why. */
export interface GoneLetter {
  readonly held: HeldLetter
  readonly why: string
}

/** The chain of letters that belong to no case. */
const noCase = 'DEAD-LETTERS'
const chainsAtOnce = 20

/**
 * Tells in the audit trail which letters are taken away, by whom and why: before they are, so that none can go untold.
 * Those of one chain follow one another; whoever told them all at once would only wait for himself.
 */
export async function tellLetters(gone: readonly GoneLetter[], by: string | Person): Promise<void> {
  const chains = Map.groupBy(gone, ({ held }) => held.letter.caseKey ?? noCase).entries()
  const tell = async () => {
    for (const [chain, letters] of chains) {
      for (const { held, why } of letters) {
        const { id, class: errorClass, code } = held.letter
        await transactTold(chain, [], {
          stage: 'letter-deleted',
          by,
          before: { letter: id, class: errorClass, code },
          note: why,
        })
      }
    }
  }
  await Promise.all(Array.from({ length: chainsAtOnce }, tell))
}
