import { createHash } from 'node:crypto'
import * as z from 'zod'
import { InboxItem } from '#aws/inbox-store.ts'
import { names } from './hub/settings.ts'
import type { Hub } from './hub.ts'
import { isRecord, parseJson } from './json.ts'

/** What stands in the hub's table and its dead letters, as the laws and the operator read it. */
export type State = {
  readonly cases: ReadonlyMap<string, Case>
  readonly postings: readonly Posting[]
  readonly signals: readonly Signal[]
  readonly deadLetters: readonly DeadLetter[]
  readonly questions: readonly InboxItem[]
}

const Case = z.object({
  pk: z.string(),
  status: z.string(),
  listedAtMs: z.number(),
  version: z.int(),
  createdVersion: z.int().optional(),
  owner: z.object({ executionArn: z.string(), epoch: z.int(), redriveCount: z.int() }),
  failure: z.object({ code: z.string(), message: z.string(), stage: z.string().optional() }).optional(),
})
export type Case = z.output<typeof Case>

const Posting = z.object({
  pk: z.string(),
  sk: z.string(),
  status: z.string(),
  reference: z.string(),
  sentAtMs: z.number().optional(),
  postedAtMs: z.number().optional(),
  intent: z.object({ operation: z.string() }).optional(),
  refusal: z.object({ code: z.string() }).optional(),
  document: z.object({ id: z.string() }).optional(),
})
export type Posting = z.output<typeof Posting>

const Signal = z.object({
  pk: z.string(),
  sk: z.string(),
  acceptedAtMs: z.number().optional(),
  consumedAtMs: z.number().optional(),
  parkedUntilMs: z.number().optional(),
  refusal: z.object({ code: z.string() }).optional(),
})
export type Signal = z.output<typeof Signal>

const DeadLetter = z.object({
  caseKey: z.string().optional(),
  executionArn: z.string().optional(),
  code: z.string().optional(),
  owner: z.string().optional(),
})
export type DeadLetter = z.output<typeof DeadLetter>

export function readState(hub: Hub): State {
  const cases = new Map<string, Case>()
  const postings: Posting[] = []
  const signals: Signal[] = []
  const questions: InboxItem[] = []
  for (const item of hub.database.items(names.table)) {
    const sk = String(item.sk)
    if (sk === 'CASE') cases.set(String(item.pk), Case.parse(item))
    else if (sk.startsWith('POSTING#')) postings.push(Posting.parse(item))
    else if (sk.startsWith('INBOX#')) questions.push(InboxItem.parse(item))
    else if (sk.startsWith('SIGNAL#')) signals.push(Signal.parse(item))
  }
  const deadLetters = hub.deadLetters.messages().map(({ body }) => {
    const letter = parseJson(body)
    return DeadLetter.parse(isRecord(letter) ? letter : {})
  })
  return { cases, postings, signals, deadLetters, questions }
}

/** Everything that stands in the table, in the ERP's books and on the bus, but for what is drawn at random on purpose. */
export function stateHash({ database, books, bus }: Pick<Hub, 'database' | 'books' | 'bus'>): string {
  const items = database.items(names.table).sort((one, other) => (identity(one) < identity(other) ? -1 : 1))
  const text = JSON.stringify([items, books, bus.events], (name, value: unknown) =>
    drawn.has(name) ? undefined : value,
  )
  return createHash('sha256').update(text).digest('hex')
}

/** Who claims, the salt of what tells of a person, and what is made of it. */
const drawn: ReadonlySet<string> = new Set(['claimId', 'salt', 'personal', 'previous'])

function identity({ pk, sk }: Readonly<Record<string, unknown>>): string {
  return `${String(pk)}\n${String(sk)}`
}
