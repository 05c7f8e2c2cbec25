import { meaningOf } from '#domain/inbox.ts'
import { formatMoney } from '../terminal/money.ts'
import { formatTable } from '../terminal/table.ts'
import { formatAge, formatTime } from '../terminal/time.ts'
import { formatStory } from '../trace/format-story.ts'
import type { TracedStory } from '../trace/tell-story.ts'
import type { ListedQuestion } from './list-questions.ts'

/** One question a line, with what may be decided. */
export function formatQuestions(questions: readonly ListedQuestion[], nowMs: number): string {
  if (questions.length === 0) return 'Nothing waits for a decision.'
  const rows = questions.map((one) => [
    one.id,
    formatAge(nowMs - one.openedAtMs),
    one.owner,
    one.kind,
    one.pk,
    formatMoney(one.amount, one.currency),
    one.choices.join(' '),
    `${one.proposal === undefined ? '' : `(${one.proposal.choice} proposed) `}${one.question}`.slice(0, 80),
  ])
  return formatTable(
    [
      { title: 'ID' },
      { title: 'AGE', align: 'right' },
      { title: 'OWNER' },
      { title: 'KIND' },
      { title: 'CASE' },
      { title: 'AMOUNT', align: 'right' },
      { title: 'CHOICES' },
      { title: 'QUESTION' },
    ],
    rows,
  )
}

/** One question in full: what is asked, what each choice does, and the story of its case so far. */
export function formatQuestion(question: ListedQuestion, story: TracedStory, nowMs: number): string {
  const { id, kind, owner, posting, signal, proposal, refused } = question
  const lines = [
    ['for', owner],
    ['kind', kind + (question.code === undefined ? '' : `, ${question.code}`)],
    ['case', question.pk],
    ...(posting === undefined ? [] : [['posting', `${posting.document}/${posting.number}`]]),
    ...(signal === undefined ? [] : [['signal', `${signal.kind}/${signal.number}`]]),
    ...(question.amount === undefined ? [] : [['amount', formatMoney(question.amount, question.currency)]]),
    ['asked', `${formatTime(question.openedAtMs)}, ${formatAge(nowMs - question.openedAtMs)} ago`],
    ...(proposal === undefined
      ? []
      : [
          [
            'proposed',
            `${[proposal.choice, proposal.document].filter(Boolean).join(' ')} by ${proposal.by}: ${proposal.reason}; another person has to agree`,
          ],
        ]),
    ...(refused === undefined
      ? []
      : [['not taken', `${refused.code}, ${formatTime(refused.atMs)}: ${refused.message}`]]),
  ]
  const choices = question.choices.map((choice) => [
    `  npx postonce decide ${id} ${choice}${choice === 'adopt' ? ' DOCUMENT' : ''} --reason TEXT`,
    `    ${meaningOf[choice]}`,
  ])
  return [
    `${id}\n  ${question.question}`,
    lines.map(([name = '', value = '']) => `  ${name.padEnd(10)}${value}`).join('\n'),
    ['Choices', ...choices.flat()].join('\n'),
    formatStory(story, nowMs),
  ].join('\n\n')
}
