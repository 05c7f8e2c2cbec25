import { readBackground } from '#aws/inbox-ground.ts'
import { InboxItem, inboxList } from '#aws/inbox-store.ts'
import { read, readList } from '#aws/table.ts'
import { parse } from '#domain/schema.ts'

/** What a person would look at in one go; more than that are mended at their cause. */
const maxQuestions = 1000
const readAtOnce = 20

/** A question as programs get it. */
export type ListedQuestion = Omit<InboxItem, 'heard'>

/** The questions that still stand, the oldest first. The sweeper ends the others within a minute. */
export async function listQuestions(): Promise<readonly ListedQuestion[]> {
  const listed = await readList(inboxList, Number.MAX_SAFE_INTEGER, maxQuestions)
  const questions: InboxItem[] = []
  for (let at = 0; at < listed.length; at += readAtOnce) {
    const page = await Promise.all(
      listed.slice(at, at + readAtOnce).map(({ pk, sk }) => readStanding(`${pk}`, `${sk}`)),
    )
    questions.push(...page.flat())
  }
  return questions
    .map(({ heard, ...question }) => question)
    .sort((one, other) => one.openedAtMs - other.openedAtMs || (one.id < other.id ? -1 : 1))
}

async function readStanding(pk: string, sk: string): Promise<readonly InboxItem[]> {
  const stored = await read({ pk, sk })
  if (stored === undefined) return []
  const item = parse(InboxItem, stored, `The question ${sk} of ${pk}`)
  if (item.status !== 'open' && item.status !== 'proposed') return []
  return (await readBackground(item)).change === undefined ? [item] : []
}
