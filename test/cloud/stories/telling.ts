import type { Entry } from '../../../bin/commands/publish/read-entries.ts'
import type { LocalEnvironment } from '../../../bin/local/state.ts'
import type { Random } from '../../simulation/random.ts'
import type { HeardEvent } from '../hub/bus-listener.ts'
import type { BookValue } from './differences.ts'
import type { Status } from './oracle/expected-books.ts'
import type { Told } from './oracle/told.ts'
import type { Refusal } from './story.ts'

/** What the stories of every process have in common. */
export interface AnyStory {
  readonly index: number
  readonly number: string
  /** In words, for whoever looks at a story that went wrong. */
  readonly title: string
  /** What stands in one act is published in any order, often twice; the next begins when the case has come to rest. */
  readonly acts: readonly (readonly unknown[])[]
  /** What the last act has to be refused with. */
  readonly refused?: Refusal
}

export interface Expectation<Books> {
  readonly books: Books
  readonly status: Status
  /** Of its dead letter. */
  readonly refused?: Refusal | undefined
  /** Kinds of questions that the inbox is to ask at the end, besides those that a refusal asks. */
  readonly asks?: readonly string[] | undefined
  /** What is wrong with what the hub did, whatever the ERP says. */
  readonly wrong: readonly string[]
}

/** What stands in the ERP of one story, and what there is of it that should not be. */
export interface Found<Books> {
  readonly books: Books
  readonly wrong: readonly string[]
}

export interface Checked<Story extends AnyStory, Books> {
  readonly story: Story
  readonly expected: Expectation<Books>
  /** Everything that is not as the events say; nothing when all is well. */
  readonly differences: readonly string[]
}

type Erp = LocalEnvironment['erp']

/** How the stories of one process are drawn, told, and held against the ERP's books. */
export interface Telling<Story extends AnyStory, Books extends Readonly<Record<string, BookValue>>> {
  readonly process: 'order-to-cash' | 'procure-to-pay'
  /** By what the hub tells that a case has ended. */
  readonly ended: 'OrderToCashCompleted' | 'ProcureToPayCompleted'
  readonly draw: (run: string, seed: string, index: number) => Story
  readonly caseKey: (story: Story) => string
  /** Gives each story a business partner of its own. */
  readonly seed: (environment: LocalEnvironment, stories: readonly Story[]) => Promise<void>
  /** The events of one act, in any order. */
  readonly eventsOf: (story: Story, act: number, random: Random, today: string) => readonly Entry[]
  /** Why the case has not come to rest when so many acts have been published. */
  readonly restlessness: (story: Story, acts: number, nowMs: number) => Promise<string | undefined>
  /** What persons say to what is asked about stories that have come to rest, by number. */
  readonly answers?: (stories: readonly Story[]) => Promise<ReadonlyMap<string, readonly Entry[]>>
  readonly toldBy: (event: HeardEvent) => Told
  readonly expect: (story: Story, told: readonly Told[]) => Expectation<Books>
  readonly readBooks: (erp: Erp) => (story: Story) => Promise<Found<Books>>
  /** Looks at the whole ERP; the function that it returns says what does not follow from the stories since then. */
  readonly totals: (erp: Erp) => Promise<(stories: readonly Checked<Story, Books>[]) => Promise<readonly string[]>>
  /** Whether something that comes too late may be a conflict for a person. */
  readonly mayConflict: (story: Story) => boolean
}
