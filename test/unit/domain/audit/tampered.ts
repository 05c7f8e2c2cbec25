import { createSign, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { type AuditEntry, digestOf, hashOfEntry, noEntry } from '#domain/audit/entry.ts'
import { proofsOf, textOf } from '#domain/audit/export-lines.ts'
import {
  byCase,
  dayAfter,
  hashOfStatement,
  type Seal,
  type Statement,
  signedBytes,
  statementOf,
} from '#domain/audit/seal.ts'

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString()
export const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
  type: 'spki',
  format: 'pem',
})

/** What a line of the export is about, beside its text. */
export interface Row {
  readonly text: string
  readonly what: 'head' | 'seal' | 'chain' | 'entry' | 'personal'
  readonly day?: string
  readonly case?: string
  readonly place?: number
  readonly entry?: AuditEntry
}

/** How many entries each case gets on each day, one day after the other; and which of them are a person's. */
export const plans = fc.record({
  days: fc.array(fc.dictionary(fc.stringMatching(/^[a-zé]{1,3}$/), fc.integer({ min: 1, max: 5 }), { maxKeys: 6 }), {
    minLength: 1,
    maxLength: 3,
  }),
  personEvery: fc.integer({ min: 2, max: 4 }),
})
export type Plan = typeof plans extends fc.Arbitrary<infer P> ? P : never

export const firstDay = '2026-11-24'

/** An honest export: chains, seals and lines as the hub makes them. */
export function exportOf({ days, personEvery }: Plan): Row[] {
  const heads = new Map<string, AuditEntry>()
  const to = days.slice(1).reduce(dayAfter, firstDay)
  const rows: Row[] = [{ what: 'head', text: textOf({ export: { format: 1, from: firstDay, to } }) }]
  let day = firstDay
  let previous = noEntry
  for (const counts of days) {
    const told = Object.entries(counts).map(([key, count]) =>
      tell(`shop/sales-order/${key}`, count, day, heads, personEvery),
    )
    told.sort((one, other) => byCase(one.stretch, other.stretch))
    const stretches = told.map(({ stretch }) => stretch)
    const statement = statementOf(day, previous, stretches)
    const { seal, chains } = proofsOf(signed(statement), stretches)
    rows.push({ what: 'seal', text: seal, day })
    for (const [index, { stretch, rows: entries }] of told.entries()) {
      rows.push({ what: 'chain', text: chains[index] ?? '', day, case: stretch.case, place: stretch.first }, ...entries)
    }
    previous = hashOfStatement(statement)
    day = dayAfter(day)
  }
  return rows
}

function tell(key: string, count: number, day: string, heads: Map<string, AuditEntry>, personEvery: number) {
  const first = (heads.get(key)?.place ?? 0) + 1
  const hashes: string[] = []
  const rows: Row[] = []
  for (let place = first; place < first + count; place++) {
    const before = heads.get(key)
    const values = { by: { value: `ann ${place}`, salt: `${key} ${place}` } }
    const isPersons = place % personEvery === 0
    const entry: AuditEntry = {
      case: key,
      place,
      atMs: Date.parse(day) + place,
      stage: isPersons ? 'decided' : 'posted',
      by: isPersons ? 'person' : 'arn:1',
      document: { id: String(place), amount: '10.00', currency: 'EUR', lines: [{ line: '1', quantity: '2' }] },
      after: { status: 'posted', version: place },
      ...(isPersons && { personal: { by: digestOf(values.by) } }),
      previous: before === undefined ? noEntry : hashOfEntry(before),
    }
    heads.set(key, entry)
    hashes.push(hashOfEntry(entry))
    rows.push({ what: 'entry', text: textOf({ entry }), day, case: key, place, entry })
    if (isPersons) {
      rows.push({ what: 'personal', text: textOf({ personal: { case: key, place, values } }), day, case: key, place })
    }
  }
  return { stretch: { case: key, first, hashes }, rows }
}

export function signed(statement: Statement): Seal {
  const signature = createSign('sha256').update(signedBytes(statement)).sign(keys.privateKey, 'base64')
  return { statement, signature }
}
