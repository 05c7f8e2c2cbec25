import * as z from 'zod'
import { documentKinds } from '#domain/documents.ts'
import { caseOfPosting, postingKeyOf, sortKey } from '#domain/keys.ts'
import type { PostedDocument } from '#domain/posting.ts'
import type { BookRecord } from '#domain/reconciliation/record.ts'
import { adoptedPart } from '../adopt.ts'
import { transactTold } from '../audit.ts'
import { readStory } from '../case-story.ts'
import { transact } from '../table.ts'
import { compareAgain } from './compare.ts'
import { type DifferenceItem, endDifference, ignoredPart, readDifference } from './difference-store.ts'
import { nameOf, readErp } from './erp-side.ts'
import type { Window } from './window.ts'

/** What a person has said to a difference. */
export const AskedRepair = z.strictObject({
  key: z.string(),
  repair: z.enum(['adopt', 'ignore']),
  by: z.string().min(1),
  reason: z.string().min(1),
  /** For adopt: which document of the ERP is the one, where it bears another number than ours. */
  document: z.string().optional(),
})
export type AskedRepair = z.output<typeof AskedRepair>

export interface Repaired {
  readonly became: 'repaired' | 'refused'
  /** In words. */
  readonly text: string
}

/** Carries a repair out, once: it is conditional on the difference as it was seen and the posting as it stands. */
export async function repair(window: Window, asked: AskedRepair): Promise<Repaired> {
  const item = await readDifference(asked.key)
  if (item === undefined || item.status === 'gone') return refused('There is no such difference any more.')
  if (!item.difference.repairs.includes(asked.repair)) {
    return refused(
      `${asked.repair} is no repair of ${item.difference.class}; there are ${item.difference.repairs.join(', ')}.`,
    )
  }
  return asked.repair === 'ignore' ? await ignore(item, asked) : await adopt(window, item, asked)
}

async function ignore(item: DifferenceItem, { by, reason }: AskedRepair): Promise<Repaired> {
  const part = ignoredPart(item, by, reason)
  const caseKey = item.difference.posting && caseOfPosting(item.difference.posting)
  const written = caseKey
    ? await transactTold(caseKey, [part], {
        stage: 'difference ignored',
        by: { person: by, reason },
        posting: item.difference.posting?.slice(caseKey.length + 1),
        before: { difference: item.difference.class },
        after: { difference: 'ignored' },
      })
    : await transact([part])
  return written.ok
    ? { became: 'repaired', text: 'It is ignored for as long as it stays the same.' }
    : refused('It has changed meanwhile; look at it again.')
}

/** The posting takes over what stands in the ERP: its number, amount and quantities. */
async function adopt(window: Window, item: DifferenceItem, asked: AskedRepair): Promise<Repaired> {
  const { difference } = item
  const caseKey = difference.posting && caseOfPosting(difference.posting)
  const posting = caseKey ? await postingOf(caseKey, difference.key) : undefined
  if (!caseKey || !posting?.document)
    return refused('The hub has posted nothing under this key; there is nothing to correct.')
  const records = await standingInErp(window, item, asked.document)
  const [record] = records
  if (record === undefined || records.length > 1) {
    return refused(`The ERP has ${records.length} such documents that count; name the one by --document NUMBER.`)
  }
  const isOther = asked.document !== undefined
  if (isOther && !record.key.startsWith('erp:') && record.key !== difference.key) {
    return refused(`${asked.document} is the document of another posting of the hub.`)
  }
  if (isOther && difference.document === 'goods-return') {
    return refused('A goods return is known by its order as well; correct it in the ERP.')
  }
  const document = { ...withRecord(posting.document, record), ...(isOther && { id: record.id ?? posting.document.id }) }
  const written = await transactTold(
    caseKey,
    [
      {
        key: { pk: caseKey, sk: sortKey.posting(posting.name) },
        update: 'SET document = :document',
        condition: '#status = :posted AND document = :seen',
        names: { '#status': 'status' },
        values: { ':document': document, ':posted': 'posted', ':seen': posting.document },
      },
      ...(isOther && record.key.startsWith('erp:') ? adoptedPart(caseKey, posting.name, document.id) : []),
    ],
    {
      stage: 'posted',
      by: { person: asked.by, reason: asked.reason },
      posting: `${posting.name.document}/${posting.name.number}`,
      document,
      before: factsOf(posting.document),
      after: factsOf(document),
      note: `reconciled: the ERP is right (${difference.class})`,
    },
  )
  if (!written.ok && written.index === 1) return refused(`${asked.document} was adopted before, for another posting.`)
  if (!written.ok) return refused('The posting has changed meanwhile; look at it again.')
  if ((await compareAgain(window, difference)) === undefined) await endDifference(item)
  return { became: 'repaired', text: `${postingKeyOf(caseKey, posting.name)} has what stands in the ERP now.` }
}

const Kind = z.enum(documentKinds)

async function postingOf(caseKey: string, reference: string) {
  const story = await readStory(caseKey)
  const found = story?.postings.find((one) => one.reference === reference && one.status === 'posted')
  return found && { name: { document: Kind.parse(found.kind), number: found.number }, document: found.document }
}

async function standingInErp(window: Window, { difference }: DifferenceItem, number: string | undefined) {
  const name = number === undefined ? nameOf(difference.key) : ({ by: 'number', is: number } as const)
  const records = await readErp(window, difference.document, name)
  return records.filter(({ standing, document }) => standing === 'in-effect' && document === difference.document)
}

function withRecord(document: PostedDocument, { number, amount, currency, lines }: BookRecord): PostedDocument {
  return {
    ...document,
    ...(number !== undefined && { number }),
    ...(amount !== undefined && { amount }),
    ...(currency !== undefined && { currency }),
    ...(lines !== undefined && document.lines !== undefined && { lines }),
  }
}

function factsOf({ number = '-', amount = '-', lines = [] }: PostedDocument) {
  return { number, amount, lines: lines.map(({ line, quantity }) => `${line}: ${quantity}`).join(', ') || '-' }
}

function refused(text: string): Repaired {
  return { became: 'refused', text }
}
