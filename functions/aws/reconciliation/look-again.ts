import { compareAgain } from './compare.ts'
import {
  type DifferenceItem,
  endDifference,
  ignoredDifferences,
  listDifferences,
  noteDifference,
  openDifferences,
  readDifference,
} from './difference-store.ts'
import type { Window } from './window.ts'

/** All that are known, those that are ignored included. */
export async function knownDifferences(): Promise<readonly DifferenceItem[]> {
  return (await Promise.all([openDifferences, ignoredDifferences].map(listDifferences))).flat()
}

/** Keys of the differences that files have told. A run adds what it tells: the list, an index, learns of it later. */
export async function toldDifferences(): Promise<Set<string>> {
  const known = await knownDifferences()
  return new Set(known.flatMap(({ difference }) => (difference.told === undefined ? [] : [difference.key])))
}

/** As they are now, without those that are gone. */
export async function readKnown(keys: ReadonlySet<string>): Promise<readonly DifferenceItem[]> {
  const items = await Promise.all([...keys].map(readDifference))
  return items.flatMap((item) => (item === undefined || item.status === 'gone' ? [] : [item]))
}

/**
 * A difference that no comparison has shown just now may be older than what was read, or gone.
 * @returns how many are gone
 */
export async function lookAgain(window: Window, items: readonly DifferenceItem[]): Promise<number> {
  let gone = 0
  for (const item of items) {
    const now = await compareAgain(window, item.difference)
    if (now === undefined) {
      await endDifference(item)
      gone++
    } else await noteDifference(now)
  }
  return gone
}
