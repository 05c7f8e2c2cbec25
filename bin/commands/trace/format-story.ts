import { formatTable } from '../terminal/table.ts'
import { formatAge, formatTime } from '../terminal/time.ts'
import type { TracedAudit, TracedPosting, TracedSignal, TracedStory } from './tell-story.ts'

/** The story as a person reads it: the case first, then its documents, its signals, and what happened in order. */
export function formatStory(story: TracedStory, nowMs: number): string {
  const parts = [
    formatCase(story, nowMs),
    section('Postings', formatPostings(story.postings)),
    section('Signals', formatSignals(story.signals)),
    section('Inbox', formatInbox(story)),
    section('Audit', formatAudit(story.audit)),
    section('Not readable', story.unreadable.join('\n')),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function section(title: string, body: string): string {
  return body === '' ? '' : `${title}\n${body.replace(/^/gm, '  ')}`
}

function formatCase({ key, case: theCase, tokensWaiting }: TracedStory, nowMs: number): string {
  if (theCase === undefined) return `${key}\n  no case yet: its signals are parked until one comes`
  const { owner, status } = theCase
  const lines = [
    ['status', status === 'open' ? status : `${status}, for ${formatAge(nowMs - theCase.listedAtMs)}`],
    [
      'process',
      `${theCase.process}, version ${theCase.version}${theCase.mapping ? `, mapping ${theCase.mapping}` : ''}`,
    ],
    ['net total', `${theCase.netTotal} ${theCase.currency}`],
    ['accepted', formatTime(theCase.acceptedAtMs)],
    ...(status === 'open'
      ? [['deadline', `${formatTime(theCase.deadlineAtMs)}, told ${theCase.deadlinesTold} times`]]
      : []),
    ['owner', `${executionOf(owner.executionArn)}, epoch ${owner.epoch}, redriven ${owner.redriveCount} times`],
    ...(tokensWaiting > 0 ? [['asleep', `${tokensWaiting} execution waits for the next event`]] : []),
    ...formatFailure(theCase.failure),
  ]
  return `${key}\n${lines.map(([name = '', value = '']) => `  ${name.padEnd(10)}${value}`).join('\n')}`
}

function formatFailure(failure: Readonly<Record<string, unknown>> | undefined): readonly string[][] {
  if (failure === undefined) return []
  const text = (field: string) => (failure[field] === undefined ? '' : String(failure[field]))
  return [
    ['failure', `${text('code')} at ${text('stage')} (${text('class')}), for ${text('owner')}`],
    ['', text('message')],
    ...(text('field') === '' ? [] : [['field', text('field')]]),
  ]
}

function formatPostings(postings: readonly TracedPosting[]): string {
  if (postings.length === 0) return ''
  const columns = [
    { title: 'POSTING' },
    { title: 'STATUS' },
    { title: 'DOCUMENT' },
    { title: 'AMOUNT', align: 'right' as const },
    { title: 'ATTEMPTS', align: 'right' as const },
    { title: 'POSTED' },
    { title: 'REFERENCE' },
    { title: '' },
  ]
  const rows = postings.map((posting) => [
    posting.name,
    posting.status,
    posting.document?.number ?? posting.document?.id ?? '-',
    posting.document?.amount === undefined
      ? '-'
      : `${posting.document.amount} ${posting.document.currency ?? ''}`.trim(),
    String(posting.attempts ?? posting.fence),
    posting.postedAtMs === undefined ? '-' : formatTime(posting.postedAtMs),
    posting.reference,
    remarkOf(posting),
  ])
  return formatTable(columns, rows)
}

/** What is open about a posting: what may be on its way since when, or why it was refused. */
function remarkOf({ status, intent, sentAtMs, refusal, leaseEndsAtMs }: TracedPosting): string {
  const remarks = [
    ...(status === 'in-doubt' && intent ? [`${intent.operation} not answered; ends by ${intent.doubt}`] : []),
    ...(status !== 'posted' && sentAtMs !== undefined ? [`sent ${formatTime(sentAtMs)}`] : []),
    ...(status !== 'posted' && leaseEndsAtMs !== undefined
      ? [`an attempt is at work until ${formatTime(leaseEndsAtMs)}`]
      : []),
    ...(refusal === undefined ? [] : [`${refusal.code}: ${refusal.message} (${refusal.owner})`]),
  ]
  return remarks.join('; ')
}

function formatSignals(signals: readonly TracedSignal[]): string {
  if (signals.length === 0) return ''
  const rows = signals.map(({ kind, number, amount, occurredAt, state, atMs, eventId }) => [
    `${kind}/${number}`,
    state,
    atMs === undefined ? '' : `${state === 'parked' ? 'until ' : ''}${formatTime(atMs)}`,
    amount ?? '',
    occurredAt,
    eventId,
  ])
  return formatTable(
    [
      { title: 'SIGNAL' },
      { title: 'STATE' },
      { title: '' },
      { title: 'AMOUNT', align: 'right' },
      { title: 'OCCURRED' },
      { title: 'EVENT' },
    ],
    rows,
  )
}

/** What waits for a decision; what was decided stands in the audit trail. */
function formatInbox({ questions }: TracedStory): string {
  return questions
    .filter(({ status }) => status === 'open' || status === 'proposed')
    .map(({ id, kind, owner, question }) => `${id}  ${kind}, for ${owner}: ${question}`)
    .join('\n')
}

function formatAudit(audit: readonly TracedAudit[]): string {
  return audit
    .map((entry) => {
      const document = entry.document?.number ?? entry.document?.id
      const amount = entry.document?.amount && `${entry.document.amount} ${entry.document.currency ?? ''}`.trim()
      const said = [
        entry.posting,
        document && `→ ${document}`,
        amount,
        formatChange(entry),
        entry.note,
        entry.person?.reason,
        `by ${entry.person?.by ?? executionOf(entry.by)}`,
        entry.person?.proposedBy && `proposed by ${entry.person.proposedBy}`,
      ]
      return `${entry.at.slice(0, 23).replace('T', ' ')}  ${entry.stage.padEnd(10)} ${said.filter(Boolean).join('  ')}`
    })
    .join('\n')
}

/** What is another one than before; what came to be is told by the stage itself. */
function formatChange({ before = {}, after = {} }: TracedAudit): string {
  return Object.entries(after)
    .filter(([name, value]) => before[name] !== undefined && before[name] !== value)
    .map(([name, value]) => `${name} ${before[name]} → ${value}`)
    .join(', ')
}

/** An execution's name is what the console shows; its ARN only says it longer. */
function executionOf(arn: string): string {
  return arn.split(':').at(-1) ?? arn
}
