import type { LocalEnvironment } from '../../../bin/local/state.ts'
import { type Random, seededRandom } from '../../simulation/random.ts'
import type { listenToBus } from '../hub/bus-listener.ts'
import { checkCaseList } from './check-case-list.ts'
import { checkInbox } from './check-inbox.ts'
import { checkStory } from './check-story.ts'
import type { BookValue } from './differences.ts'
import { playStories } from './play-stories.ts'
import type { AnyStory, Checked, Telling } from './telling.ts'

export interface BatchOptions {
  readonly environment: LocalEnvironment
  readonly bus: Awaited<ReturnType<typeof listenToBus>>
  readonly seed: string
  readonly timeoutMs: number
  readonly onProgress: (text: string) => void
  /** What goes wrong while the stories are played; the function that it returns ends it. */
  readonly trouble: (random: Random) => () => Promise<void>
}

export interface PlayedBatch<Story extends AnyStory, Books> {
  readonly stories: readonly Checked<Story, Books>[]
  /** What is wrong with all of them together. */
  readonly differences: readonly string[]
}

/** Plays stories at once in one environment, and holds the books against them. */
export async function playBatch<Story extends AnyStory, Books extends Readonly<Record<string, BookValue>>>(
  telling: Telling<Story, Books>,
  stories: readonly Story[],
  options: BatchOptions,
): Promise<PlayedBatch<Story, Books>> {
  const { environment, bus, timeoutMs, onProgress } = options
  const random = seededRandom(`${options.seed}/play/${stories[0]?.index}`)
  await telling.seed(environment, stories)
  const checkTotals = await telling.totals(environment.erp)
  const endTrouble = options.trouble(random.fork('trouble'))
  const play = { environment, bus, random, timeoutMs, onProgress }
  const played = await playStories(telling, stories, play).finally(endTrouble)
  const read = telling.readBooks(environment.erp)
  const checked: Checked<Story, Books>[] = []
  for (const story of stories) {
    const told = bus.about(story.number).map(telling.toldBy)
    const one = await checkStory(telling, story, told, played.letters, read)
    const why = played.restless.get(story.number)
    const restless = why === undefined ? [] : [`did not come to rest: ${why}`]
    checked.push({ ...one, differences: [...restless, ...one.differences] })
  }
  const cases = checked.map(({ story, expected }) => ({ caseKey: telling.caseKey(story), expected }))
  const ended = cases.map(({ caseKey, expected: { status } }) => ({ caseKey, status }))
  return {
    stories: checked,
    differences: [
      ...(await checkTotals(checked)),
      ...(await checkCaseList(telling.process, ended)),
      ...(await checkInbox(cases)),
    ],
  }
}
