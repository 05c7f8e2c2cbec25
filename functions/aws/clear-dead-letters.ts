import { whyCleared } from '#domain/dead-letter.ts'
import type { Person } from './audit.ts'
import { deleteLetters, giveBackLetters, type HeldLetter, holdLetters } from './letter-box.ts'
import { readLetterFacts } from './letter-facts.ts'
import { tellLetters } from './tell-letters.ts'

export interface Clearing {
  readonly cleared: readonly { readonly held: HeldLetter; readonly why: string }[]
  /** Those that still need somebody. */
  readonly standing: readonly HeldLetter[]
  /** Those about which nothing could be found out now, and why; they stand as well. */
  readonly unknown: readonly { readonly held: HeldLetter; readonly error: unknown }[]
  readonly hasMore: boolean
}

const judgedAtOnce = 20

/**
 * Looks through the dead letters and takes away those that nobody has to act on any more; all others are seen by the
 * queue's alarm again at once.
 * @param by in whose name they go, for the audit trail
 */
export async function clearDeadLetters(queueUrl: string, limit: number, by: string | Person): Promise<Clearing> {
  const { letters, hasMore } = await holdLetters(queueUrl, limit)
  const cleared: { held: HeldLetter; why: string }[] = []
  const standing: HeldLetter[] = []
  const unknown: { held: HeldLetter; error: unknown }[] = []
  const queue = letters.values()
  const judge = async () => {
    for (const held of queue) {
      try {
        const why = whyCleared(held.letter, await readLetterFacts(held.letter))
        if (why === undefined) standing.push(held)
        else cleared.push({ held, why })
      } catch (error) {
        unknown.push({ held, error })
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: judgedAtOnce }, judge))
    await tellLetters(cleared, by)
    await deleteLetters(
      queueUrl,
      cleared.map(({ held }) => held),
    )
  } finally {
    await giveBackLetters(queueUrl, [...standing, ...unknown.map(({ held }) => held)])
  }
  return { cleared, standing, unknown, hasMore }
}
