import { readErpBooks } from '../../../bin/local/erp/books.ts'
import type { LocalEnvironment } from '../../../bin/local/state.ts'
import { type Random, seededRandom } from '../../simulation/random.ts'
import type { listenToBus } from '../hub/bus-listener.ts'
import { checkCaseList } from './check-case-list.ts'
import { checkInbox } from './check-inbox.ts'
import { type Checked, checkStory } from './check-story.ts'
import { checkTotals } from './check-totals.ts'
import { erpBooksReader } from './erp-books.ts'
import { toldBy } from './hear-told.ts'
import { playStories } from './play-stories.ts'
import { seedCustomers } from './seed-customers.ts'
import type { Story } from './story.ts'

export interface BatchOptions {
  readonly environment: LocalEnvironment
  readonly bus: Awaited<ReturnType<typeof listenToBus>>
  readonly seed: string
  readonly timeoutMs: number
  readonly onProgress: (text: string) => void
  /** What goes wrong while the stories are played; the function that it returns ends it. */
  readonly trouble: (random: Random) => () => Promise<void>
}

export interface PlayedBatch {
  readonly stories: readonly Checked[]
  /** What is wrong with all of them together. */
  readonly differences: readonly string[]
}

/** Plays stories at once in one environment, and holds the books against them. */
export async function playBatch(stories: readonly Story[], options: BatchOptions): Promise<PlayedBatch> {
  const { environment, bus, timeoutMs, onProgress } = options
  const random = seededRandom(`${options.seed}/play/${stories[0]?.index}`)
  await seedCustomers(environment, stories)
  const bank = await readErpBooks(environment.erp).bank()
  const endTrouble = options.trouble(random.fork('trouble'))
  const played = await playStories(stories, { environment, bus, random, timeoutMs, onProgress }).finally(endTrouble)
  const read = erpBooksReader(environment.erp)
  const checked: Checked[] = []
  for (const story of stories) {
    const told = bus.about(story.number).map(toldBy)
    const one = await checkStory(story, told, played.letters, read)
    const why = played.restless.get(story.number)
    const restless = why === undefined ? [] : [`did not come to rest: ${why}`]
    checked.push({ ...one, differences: [...restless, ...one.differences] })
  }
  const books = checked.map(({ expected }) => expected.books)
  return {
    stories: checked,
    differences: [
      ...(await checkTotals(environment.erp, bank, books)),
      ...(await checkCaseList(checked)),
      ...(await checkInbox(checked)),
    ],
  }
}
