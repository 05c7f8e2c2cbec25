import { compareAgain } from './compare.ts'
import {
  type DifferenceItem,
  endDifference,
  ignoredDifferences,
  listDifferences,
  noteDifference,
  openDifferences,
  waitingDifferences,
} from './difference-store.ts'
import type { Window } from './window.ts'

/** All that are known, those that are ignored or wait included. */
export async function knownDifferences(): Promise<readonly DifferenceItem[]> {
  return (await Promise.all([openDifferences, ignoredDifferences, waitingDifferences].map(listDifferences))).flat()
}

/** By their keys, those that files have told. A run adds what it tells: the list, an index, learns of it later. */
export async function toldDifferences(): Promise<Map<string, DifferenceItem>> {
  const known = await knownDifferences()
  const told = known.filter(({ difference, status }) => difference.told !== undefined && status !== 'gone')
  return new Map(told.map((item) => [item.difference.key, item]))
}

/**
 * A difference that no comparison has shown just now may be older than what was read, or gone. It is gone when the sides
 * agree; while it is too early to tell it stays as it was told, since nobody would tell it again.
 * @returns how many are gone
 */
export async function lookAgain(window: Window, items: readonly DifferenceItem[]): Promise<number> {
  let gone = 0
  for (const item of items) {
    const now = await compareAgain(window, item.difference)
    if (now === 'too-early') continue
    if (now === 'agrees') {
      await endDifference(item)
      gone++
    } else await noteDifference(now)
  }
  return gone
}
