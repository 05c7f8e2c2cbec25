import type * as z from 'zod'
import { AuditItem, PersonItem } from '#aws/audit.ts'
import { CaseItem } from '#aws/case-store.ts'
import { isoOf } from '#aws/clock.ts'
import { InboxItem } from '#aws/inbox-store.ts'
import { PostingItem } from '#aws/posting-store.ts'
import { SignalItem } from '#aws/signal-store.ts'
import type { Item } from '#aws/table.ts'
import type { AuditEntry } from '#domain/audit/entry.ts'
import { SignalTerms } from '#domain/events.ts'
import { parse } from '#domain/schema.ts'

export type TracedPosting = z.output<typeof PostingItem> & { readonly name: string }

/** An entry of the audit trail, with who acted and why as long as that is known. */
export type TracedAudit = AuditEntry & {
  readonly at: string
  readonly person?: Readonly<Record<string, string>> | undefined
}

export interface TracedSignal {
  readonly kind: string
  readonly number: string
  readonly eventId: string
  readonly occurredAt: string
  readonly amount?: string | undefined
  readonly state: 'consumed' | 'waiting' | 'parked'
  readonly atMs?: number | undefined
}

/** Everything that a case's item collection says; no personal data. */
export interface TracedStory {
  readonly key: string
  /** Undefined when only signals are there: they wait for their case. */
  readonly case: z.output<typeof CaseItem> | undefined
  readonly postings: readonly TracedPosting[]
  readonly signals: readonly TracedSignal[]
  /** What was asked of a person about it, and what was decided. */
  readonly questions: readonly Omit<InboxItem, 'heard'>[]
  /** Executions that sleep until something happens. */
  readonly tokensWaiting: number
  readonly audit: readonly TracedAudit[]
  /** Items that could not be read, and why: they are told, not hidden. */
  readonly unreadable: readonly string[]
}

/** Reads a case's items, each by its schema. */
export function tellStory(key: string, items: readonly Item[], explain: (error: unknown) => string): TracedStory {
  const unreadable: string[] = []
  const read = <T extends z.ZodType, R>(prefix: string, schema: T, make: (value: z.output<T>, sk: string) => R): R[] =>
    items.flatMap((item) => {
      const sk = String(item.sk)
      if (!sk.startsWith(prefix)) return []
      try {
        return [make(parse(schema, item, sk), sk)]
      } catch (error) {
        unreadable.push(explain(error))
        return []
      }
    })
  const persons = new Map(read('PERSON#', PersonItem, ({ values }, sk) => [placeOf(sk), valuesOf(values)] as const))
  return {
    key,
    case: read('CASE', CaseItem, (value) => value)[0],
    postings: read('POSTING#', PostingItem, (value, sk) => ({ name: nameOf(sk), ...value })).sort(
      (one, other) => (one.postedAtMs ?? Number.MAX_VALUE) - (other.postedAtMs ?? Number.MAX_VALUE),
    ),
    signals: read('SIGNAL#', SignalItem, signalOf).sort((one, other) => (one.occurredAt < other.occurredAt ? -1 : 1)),
    questions: read('INBOX#', InboxItem, ({ heard, ...question }) => question),
    tokensWaiting: items.filter((item) => String(item.sk).startsWith('TOKEN#')).length,
    audit: read('AUDIT#', AuditItem, ({ entry }) => ({
      ...entry,
      at: isoOf(entry.atMs),
      person: persons.get(entry.place),
    })),
    unreadable,
  }
}

const placeOf = (sk: string) => Number(sk.split('#')[1])

function valuesOf(values: z.output<typeof PersonItem>['values']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, value]))
}

/** `POSTING#customer-invoice#DN-7` is the posting customer-invoice/DN-7. */
function nameOf(sk: string): string {
  const [, document = '', ...number] = sk.split('#')
  return `${document}/${number.join('#')}`
}

function signalOf({
  kind,
  number,
  eventId,
  occurredAt,
  data,
  consumedAtMs,
  parkedUntilMs,
}: z.output<typeof SignalItem>): TracedSignal {
  const { amount } = SignalTerms.safeParse(data).data ?? {}
  const seen = { kind, number, eventId, occurredAt, amount }
  if (consumedAtMs !== undefined) return { ...seen, state: 'consumed', atMs: consumedAtMs }
  return parkedUntilMs === undefined ? { ...seen, state: 'waiting' } : { ...seen, state: 'parked', atMs: parkedUntilMs }
}
