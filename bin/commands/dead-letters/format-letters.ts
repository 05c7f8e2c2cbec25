import type { CaseItem } from '#aws/case-store.ts'
import type { HeldLetter } from '#aws/letter-box.ts'
import { formatTable } from '../terminal/table.ts'
import { formatAge } from '../terminal/time.ts'
import type { LetterGroup } from './group-letters.ts'
import { whatToDo, whatToDoByClass } from './what-to-do.ts'

/** One cause a paragraph: how many, how old, what is at stake, who mends it and how. */
export function formatGroups(groups: readonly LetterGroup[], hasMore: boolean, nowMs: number): string {
  if (groups.length === 0) return 'There are no dead letters.'
  const known = whatToDo()
  const paragraphs = groups.map((group) => {
    const todo = known.get(group.code) ?? whatToDoByClass[group.class] ?? 'read the message'
    return [
      `${group.id}  ${group.count} ×  ${group.code} (${group.class}), for ${group.owner}; the oldest is ${formatAge(nowMs - group.oldestAtMs)} old${stakeOf(group)}`,
      `  ${group.signature}`,
      `  for example: ${group.example}`,
      `  to do: ${todo}`,
      ...(group.isRedrivable
        ? []
        : [`  then: npx postonce dead-letters ${group.id} --delete; nothing of it can be redriven`]),
    ].join('\n')
  })
  const more = hasMore ? ['There are more than were looked at: --limit says how many.'] : []
  const [first] = groups
  const redrivable = groups.find(({ isRedrivable }) => isRedrivable)
  const mended =
    redrivable === undefined
      ? ''
      : ` When the cause is mended: npx postonce redrive --signature ${redrivable.id} --dry-run`
  return [...paragraphs, ...more, `Each of them: npx postonce dead-letters ${first?.id}.${mended}`].join('\n\n')
}

function stakeOf({ atStake }: LetterGroup): string {
  const amounts = Object.entries(atStake).map(([currency, amount]) => `${amount} ${currency}`)
  return amounts.length === 0 ? '' : `; ${amounts.join(' and ')} at stake`
}

/** The letters of one cause, the oldest first. */
export function formatLetters(
  letters: readonly HeldLetter[],
  cases: ReadonlyMap<string, CaseItem>,
  nowMs: number,
): string {
  const rows = letters.map(({ letter, sentAtMs }) => {
    const theCase = letter.caseKey === undefined ? undefined : cases.get(letter.caseKey)
    return [
      letter.caseKey ?? letter.event?.id ?? letter.id,
      theCase?.status ?? '',
      formatAge(nowMs - sentAtMs),
      theCase === undefined ? '' : `${theCase.netTotal} ${theCase.currency}`,
      letter.item ?? '',
      letter.message.slice(0, 100),
    ]
  })
  return formatTable(
    [
      { title: 'CASE' },
      { title: 'STATUS' },
      { title: 'AGE', align: 'right' },
      { title: 'NET', align: 'right' },
      { title: 'QUESTION' },
      { title: '' },
    ],
    rows,
  )
}
