import { canonicalJson } from '#domain/fingerprint.ts'
import { caseOfPosting, postingKeyOf, sortKey } from '#domain/keys.ts'
import type { PostedDocument } from '#domain/posting.ts'
import type { BookRecord } from '#domain/reconciliation/record.ts'
import { adoptedPart } from '../adopt.ts'
import { transactTold } from '../audit.ts'
import { compareAgain } from './compare.ts'
import { endDifference } from './difference-store.ts'
import { nameOf, readErp } from './erp-side.ts'
import { postingOf } from './posting-of.ts'
import { changed, factOf, type Repaired, type Repairing, refused } from './repairing.ts'

/** The posting takes over what stands in the ERP: its number, amount and quantities. */
export async function adopt({ window, item, asked, parts }: Repairing): Promise<Repaired> {
  const { difference } = item
  const caseKey = difference.posting && caseOfPosting(difference.posting)
  const posting = caseKey ? await postingOf(caseKey, difference.key) : undefined
  if (!caseKey || !posting?.document || posting.status !== 'posted')
    return refused('The hub has posted nothing under this key; there is nothing to correct.')
  const own = await standing({ window, item }, undefined)
  const isOwn = own.some(({ number, id }) => asked.document === number || asked.document === id)
  const named = isOwn ? undefined : asked.document
  const records = named === undefined ? own : await standing({ window, item }, named)
  const [record] = records
  if (record === undefined || records.length > 1) {
    return refused(`The ERP has ${records.length} such documents that count; name the one by --document NUMBER.`)
  }
  const isOther = named !== undefined
  if (isOther && !record.key.startsWith('erp:') && record.key !== difference.key) {
    return refused(`${named} is the document of another posting of the hub.`)
  }
  if (isOther && (difference.document === 'goods-return' || difference.document === 'supplier-return')) {
    return refused('Goods that came or went back are known by an order of their own as well; correct it in the ERP.')
  }
  const document = { ...withRecord(posting.document, record), ...(isOther && { id: record.id ?? posting.document.id }) }
  if (canonicalJson(document) === canonicalJson(posting.document)) {
    if ((await compareAgain(window, difference)) === 'agrees') await endDifference(item)
    return changed(`${postingKeyOf(caseKey, posting.name)} has what stands in the ERP already.`)
  }
  const adopted = isOther && record.key.startsWith('erp:') ? adoptedPart(caseKey, posting.name, document.id) : []
  const corrected = {
    key: { pk: caseKey, sk: sortKey.posting(posting.name) },
    update: 'SET document = :document',
    condition: '#status = :posted AND document = :seen',
    names: { '#status': 'status' },
    values: { ':document': document, ':posted': 'posted', ':seen': posting.document },
  }
  const written = await transactTold(caseKey, [corrected, ...adopted, ...parts], {
    ...factOf(item, asked),
    stage: 'posted',
    posting: `${posting.name.document}/${posting.name.number}`,
    document,
    before: factsOf(posting.document),
    after: factsOf(document),
    note: `reconciled: the ERP is right (${difference.class})`,
  })
  if (!written.ok && written.index > 0 && written.index <= adopted.length)
    return refused(`${named} was adopted before, for another posting.`)
  if (!written.ok) return changed('The posting has changed meanwhile; look at it again.')
  if ((await compareAgain(window, difference)) === 'agrees') await endDifference(item)
  return { became: 'repaired', text: `${postingKeyOf(caseKey, posting.name)} has what stands in the ERP now.` }
}

async function standing({ window, item }: Pick<Repairing, 'window' | 'item'>, number: string | undefined) {
  const { difference } = item
  const name = number === undefined ? nameOf(difference.key) : ({ by: 'number', is: number } as const)
  const records = await readErp(window, difference.document, name)
  return records.filter((one) => one.standing === 'in-effect' && one.document === difference.document)
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
