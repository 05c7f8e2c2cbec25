import { readCase } from '#aws/case-store.ts'
import type { DeadLetter } from '../../../bin/local/demo/dead-letters.ts'
import { differencesOf } from './differences.ts'
import type { ErpBooks } from './erp-books.ts'
import { type Expected, expectedBooks } from './oracle/expected-books.ts'
import { onceEach, type Told } from './oracle/told.ts'
import { caseKey } from './rest.ts'
import { happeningsOf, type Story } from './story.ts'

export interface Checked {
  readonly story: Story
  readonly expected: Expected
  /** Everything that is not as the events say; nothing when all is well. */
  readonly differences: readonly string[]
}

/** Holds what stands in the ERP and in the hub against what the story's events say. */
export async function checkStory(
  story: Story,
  told: readonly Told[],
  letters: readonly DeadLetter[],
  readErp: (partyCode: string) => Promise<ErpBooks>,
): Promise<Checked> {
  const expected = expectedBooks(story, told)
  const found = await readErp(`shop-${story.customer}`)
  const status = (await readCase(caseKey(story)))?.status ?? 'no case'
  const ends = onceEach(told).filter(({ type }) => type === 'OrderToCashCompleted')
  const lastEnd = ends.at(-1)?.as
  return {
    story,
    expected,
    differences: [
      ...expected.wrong,
      ...found.wrong,
      ...differencesOf(found.books, expected.books),
      ...(status === expected.status ? [] : [`case: ${status}, should be ${expected.status}`]),
      ...(isEnd(status) && lastEnd !== status ? [`told as ended: ${lastEnd}, should be ${status}`] : []),
      ...letterDifferences(story, expected, letters),
    ],
  }
}

function isEnd(status: string): boolean {
  return status === 'completed' || status === 'cancelled' || status === 'closed'
}

function letterDifferences(story: Story, { refused }: Expected, letters: readonly DeadLetter[]): readonly string[] {
  const own = letters.filter((letter) => isAbout(letter, story))
  const wanted = own.some(({ code, owner }) => code === refused?.code && owner === refused.owner)
  const surplus = own.filter(({ code }) => code !== refused?.code && !mayConflict(story, code))
  return [
    ...(refused === undefined || wanted ? [] : [`the dead letter ${refused.code} for ${refused.owner} is missing`]),
    ...surplus.map(({ code, owner, message }) => `dead letter ${code} for ${owner}: ${message}`),
  ]
}

/** A newer version that comes when the order has ended, or has been rejected, is for a person. */
function mayConflict(story: Story, code: string): boolean {
  return code === 'CONFLICT' && happeningsOf(story, 'order').length > 1
}

function isAbout({ caseKey: about, message }: DeadLetter, story: Story): boolean {
  const isNumber = new RegExp(`${story.number}(?!\\d)`)
  return isNumber.test(about ?? '') || isNumber.test(message)
}
