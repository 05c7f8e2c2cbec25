import { readCase } from '#aws/case-store.ts'
import type { DeadLetter } from '../../../bin/local/demo/dead-letters.ts'
import { type BookValue, differencesOf } from './differences.ts'
import { onceEach, type Told } from './oracle/told.ts'
import type { AnyStory, Checked, Expectation, Found, Telling } from './telling.ts'

/** Holds what stands in the ERP and in the hub against what the story's events say. */
export async function checkStory<Story extends AnyStory, Books extends Readonly<Record<string, BookValue>>>(
  telling: Telling<Story, Books>,
  story: Story,
  told: readonly Told[],
  letters: readonly DeadLetter[],
  readErp: (story: Story) => Promise<Found<Books>>,
): Promise<Checked<Story, Books>> {
  const expected = telling.expect(story, told)
  const found = await readErp(story)
  const status = (await readCase(telling.caseKey(story)))?.status ?? 'no case'
  const ends = onceEach(told).filter(({ type }) => type === telling.ended)
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
      ...letterDifferences(story, expected, letters, telling.mayConflict(story)),
    ],
  }
}

function isEnd(status: string): boolean {
  return status === 'completed' || status === 'cancelled' || status === 'closed'
}

function letterDifferences(
  story: AnyStory,
  { refused }: Pick<Expectation<unknown>, 'refused'>,
  letters: readonly DeadLetter[],
  mayConflict: boolean,
): readonly string[] {
  const own = letters.filter((letter) => isAbout(letter, story))
  const wanted = own.some(({ code, owner }) => code === refused?.code && owner === refused.owner)
  const surplus = own.filter(({ code }) => code !== refused?.code && !(code === 'CONFLICT' && mayConflict))
  return [
    ...(refused === undefined || wanted ? [] : [`the dead letter ${refused.code} for ${refused.owner} is missing`]),
    ...surplus.map(({ code, owner, message }) => `dead letter ${code} for ${owner}: ${message}`),
  ]
}

function isAbout({ caseKey: about, message }: DeadLetter, story: AnyStory): boolean {
  const isNumber = new RegExp(`${story.number}(?!\\d)`)
  return isNumber.test(about ?? '') || isNumber.test(message)
}
