import type { Entry } from '../../../bin/commands/publish/read-entries.ts'
import { sendEntries } from '../../../bin/commands/publish/send-entries.ts'
import { type DeadLetter, peekDeadLetters } from '../../../bin/local/demo/dead-letters.ts'
import type { LocalEnvironment } from '../../../bin/local/state.ts'
import type { Random } from '../../simulation/random.ts'
import type { listenToBus } from '../hub/bus-listener.ts'
import type { BookValue } from './differences.ts'
import { shuffled } from './events-of-story.ts'
import type { AnyStory, Telling } from './telling.ts'

type Bus = Awaited<ReturnType<typeof listenToBus>>

export interface PlayOptions {
  readonly environment: LocalEnvironment
  readonly bus: Bus
  readonly random: Random
  readonly timeoutMs: number
  readonly onProgress: (text: string) => void
}

export interface Played {
  /** Why stories did not come to rest in time, by number. */
  readonly restless: ReadonlyMap<string, string>
  readonly letters: readonly DeadLetter[]
}

/**
 * Plays many stories at once, act by act, and returns when all have come to rest or the time is over. What is asked about
 * a story that has come to rest is answered before its next act.
 */
export async function playStories<Story extends AnyStory, Books extends Readonly<Record<string, BookValue>>>(
  telling: Telling<Story, Books>,
  stories: readonly Story[],
  options: PlayOptions,
): Promise<Played> {
  const { environment, bus, onProgress } = options
  const giveUpAtMs = Date.now() + options.timeoutMs
  const letters = new Map<string, DeadLetter>()
  const begun = new Map<string, number>(stories.map(({ number }) => [number, 0]))
  const restless = new Map<string, string>()
  await publishActs(telling, stories, begun, options)
  for (let round = 0; ; round++) {
    await bus.listen()
    for (const letter of await peekDeadLetters(environment.deadLetterQueueUrl))
      letters.set(`${letter.caseKey} ${letter.code} ${letter.message}`, letter)
    const playing = stories.filter(({ number, acts }) => (begun.get(number) ?? 0) <= acts.length)
    if (playing.length === 0) break
    const ready: Story[] = []
    for (const story of playing) {
      const acts = begun.get(story.number) ?? 0
      const why = isUnderstood(story)
        ? await telling.restlessness(story, acts, Date.now())
        : missingLetter(story, letters)
      if (why === undefined) ready.push(story)
      else restless.set(story.number, why)
    }
    const answers = ready.length === 0 ? undefined : await telling.answers?.(ready)
    await publish([...(answers?.values() ?? [])].flat(), options)
    for (const number of answers?.keys() ?? []) restless.set(number, 'what it has asked was just answered')
    const rested = ready.filter(({ number }) => !answers?.has(number))
    for (const { number } of rested) restless.delete(number)
    await publishActs(telling, rested, begun, options)
    if (round % 5 === 0 || rested.length > 0)
      onProgress(`${stories.length - restless.size} of ${stories.length} at rest; ${[...restless.values()][0] ?? ''}`)
    if (Date.now() > giveUpAtMs) break
  }
  await hearOut(bus, stories)
  for (let look = 0; look < 5 + stories.length / 5; look++)
    for (const letter of await peekDeadLetters(environment.deadLetterQueueUrl))
      letters.set(`${letter.caseKey} ${letter.code} ${letter.message}`, letter)
  return { restless, letters: [...letters.values()] }
}

/** Publishes the next act of each, all of them mixed up; a story whose last act is through is over. */
async function publishActs<Story extends AnyStory, Books extends Readonly<Record<string, BookValue>>>(
  telling: Telling<Story, Books>,
  stories: readonly Story[],
  begun: Map<string, number>,
  options: PlayOptions,
): Promise<void> {
  const today = new Date().toISOString().slice(0, 10)
  const entries = stories.flatMap((story) => {
    const act = begun.get(story.number) ?? 0
    begun.set(story.number, act + 1)
    return telling.eventsOf(story, act, options.random, today)
  })
  await publish(entries, options)
}

async function publish(entries: readonly Entry[], { environment, random }: PlayOptions): Promise<void> {
  if (entries.length === 0) return
  const { failed } = await sendEntries(shuffled(entries, random), environment.bus, () => {})
  if (failed[0] !== undefined) throw new Error(`The bus did not take ${failed[0].where}: ${failed[0].message}`)
}

/** Listens until nothing new is said any more. */
async function hearOut(bus: Bus, stories: readonly AnyStory[]): Promise<void> {
  const count = () => stories.reduce((sum, { number }) => sum + bus.about(number).length, 0)
  for (let before = -1; before !== count(); ) {
    before = count()
    await bus.listen()
  }
}

function isUnderstood({ refused }: AnyStory): boolean {
  return refused?.code !== 'PoisonMessageError'
}

function missingLetter({ number }: AnyStory, letters: ReadonlyMap<string, DeadLetter>): string | undefined {
  return [...letters.values()].some(({ message }) => message.includes(number))
    ? undefined
    : 'its dead letter is missing'
}
