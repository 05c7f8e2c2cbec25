import { PutCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { BusinessError, type Owner, RetryableError } from '#domain/errors.ts'
import { parse } from '#domain/schema.ts'
import { type Person, transactTold } from './audit.ts'
import { dynamo } from './clients/dynamo.ts'
import { environment } from './environment.ts'
import { read } from './table.ts'

/**
 * What a source calls by an id of its own. A tax is known by the source's code where something is sold, and by its
 * percentage where something is bought: `20`.
 */
export const referenceKinds = ['customer', 'supplier', 'item', 'tax', 'purchase-tax'] as const
export type ReferenceKind = (typeof referenceKinds)[number]

/** What is missing without it, and who adds it. */
const missing: Readonly<Record<ReferenceKind, { readonly code: string; readonly owner: Owner }>> = {
  customer: { code: 'UNKNOWN_CUSTOMER', owner: 'sales' },
  supplier: { code: 'UNKNOWN_SUPPLIER', owner: 'purchasing' },
  item: { code: 'UNKNOWN_ITEM', owner: 'sales' },
  tax: { code: 'UNKNOWN_TAX', owner: 'finance' },
  'purchase-tax': { code: 'UNKNOWN_TAX', owner: 'finance' },
}

const CrossReference = z.object({ targetId: z.string() })

const keyOf = (system: string, kind: ReferenceKind, id: string, account: string) => ({
  pk: `XREF#${system}#${kind}#${id}`,
  sk: `TO#${account}`,
})

/** Something that a document names by the source's own id. */
export interface Named {
  readonly kind: ReferenceKind
  readonly id: string
  /** Path of the id in the canonical document, for the person who has to mend it. */
  readonly field: string
  /** Who adds it, where the kind alone does not say that: an item may be sold or bought. */
  readonly owner?: Owner
}

/** Looked up at once; an order may have a thousand lines. */
const atOnce = 50
/** So many that are unknown are named. */
const namedAtMost = 20

/**
 * The ids that an ERP account has for everything that a document names, each looked up once. All that are unknown are named
 * together, so that they are mended together; the first of them gives code, field and owner.
 * @throws BusinessError UNKNOWN_CUSTOMER, UNKNOWN_SUPPLIER, UNKNOWN_ITEM or UNKNOWN_TAX
 */
export async function translateAll(
  system: string,
  account: string,
  named: readonly Named[],
): Promise<(kind: ReferenceKind, id: string) => string> {
  const wanted = [...Map.groupBy(named, thingOf).values()].flatMap(([first]) => first ?? [])
  const ids = new Map<string, string>()
  for (let at = 0; at < wanted.length; at += atOnce) {
    const looked = wanted.slice(at, at + atOnce).map(async (one) => {
      const found = await findReference(system, one.kind, one.id, account)
      if (found !== undefined) ids.set(thingOf(one), found)
    })
    // All have ended before anything is thrown: nothing of this invocation goes on behind its back.
    for (const outcome of await Promise.allSettled(looked)) if (outcome.status === 'rejected') throw outcome.reason
  }
  const unknown = wanted.filter((one) => !ids.has(thingOf(one)))
  if (unknown[0] !== undefined) throw unknownError(system, account, [unknown[0], ...unknown.slice(1)])
  return (kind, id) => {
    const found = ids.get(thingOf({ kind, id }))
    if (found === undefined) throw new Error(`The ${kind} ${id} was not looked up`)
    return found
  }
}

const thingOf = ({ kind, id }: Pick<Named, 'kind' | 'id'>) => `${kind} ${id}`

/** One wording for one and for many, so that all that lack the same are one group of dead letters. */
function unknownError(system: string, account: string, unknown: readonly [Named, ...Named[]]): BusinessError {
  const [{ kind, field, owner = missing[kind].owner }] = unknown
  const places = unknown.slice(0, namedAtMost).map((one) => `${one.field} "${one.id}"`)
  const left = unknown.length - places.length
  const list = left > 0 ? `${places.join(', ')} and ${left} more` : places.join(', ')
  const message = `${list}: not known in ${account} by this id of ${system}. Add the cross-reference, then redrive.`
  return new BusinessError({ code: missing[kind].code, owner, message, field }, { system: account })
}

/**
 * The id that an ERP account has for one thing of another system.
 * @param field path of the id in the canonical document
 * @throws BusinessError as {@link translateAll}
 */
export async function translate(
  system: string,
  kind: ReferenceKind,
  id: string,
  account: string,
  field: string,
): Promise<string> {
  return (await translateAll(system, account, [{ kind, id, field }]))(kind, id)
}

/** The same, where not to know it is an answer. */
export async function findReference(
  system: string,
  kind: ReferenceKind,
  id: string,
  account: string,
): Promise<string | undefined> {
  const item = await read(keyOf(system, kind, id, account))
  return item === undefined ? undefined : parse(CrossReference, item, `The cross-reference of ${kind} ${id}`).targetId
}

/** Adds or replaces a cross-reference. */
export async function putCrossReference(
  system: string,
  kind: ReferenceKind,
  id: string,
  account: string,
  targetId: string,
): Promise<void> {
  await dynamo.send(
    new PutCommand({ TableName: environment().HUB_TABLE, Item: { ...keyOf(system, kind, id, account), targetId } }),
  )
}

/** One thing of a source, and the id that the ERP has for it. */
export interface CrossReferenceRow {
  readonly system: string
  readonly kind: ReferenceKind
  readonly id: string
  readonly erpId: string
}

/** A transaction has 100 parts at most, the entry and who acted among them. */
const rowsAtOnce = 90

/**
 * Adds or replaces cross-references in a person's name: what of them is new is written together with the entry of the
 * account's audit trail that says what was there before.
 * @returns how many were new or other than before
 */
export async function importCrossReferences(
  account: string,
  rows: readonly CrossReferenceRow[],
  by: Person,
): Promise<number> {
  // The last of several rows for one thing is the one that stands.
  const byName = new Map(rows.map((row) => [nameOf(row), row]))
  const all = [...byName.values()]
  let changed = 0
  for (let from = 0; from < all.length; from += rowsAtOnce) {
    changed += await importSome(account, all.slice(from, from + rowsAtOnce), by)
  }
  return changed
}

async function importSome(account: string, rows: readonly CrossReferenceRow[], by: Person): Promise<number> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const seen = await Promise.all(
      rows.map(async (row) => ({ row, before: await findReference(row.system, row.kind, row.id, account) })),
    )
    const other = seen.filter(({ row, before }) => before !== row.erpId)
    if (other.length === 0) return 0
    const parts = other.map(({ row: { system, kind, id, erpId }, before }) => ({
      put: { ...keyOf(system, kind, id, account), targetId: erpId },
      ...(before === undefined
        ? { condition: 'attribute_not_exists(pk)' }
        : { condition: 'targetId = :seen', values: { ':seen': before } }),
    }))
    const written = await transactTold(`ERP#${account}`, parts, {
      stage: 'cross-referenced',
      by,
      before: Object.fromEntries(
        other.flatMap(({ row, before }) => (before === undefined ? [] : [[nameOf(row), before]])),
      ),
      after: Object.fromEntries(other.map(({ row }) => [nameOf(row), row.erpId])),
    })
    if (written.ok) return other.length
  }
  throw new RetryableError(`Somebody else changes the same cross-references of ${account} all the time`)
}

function nameOf({ system, kind, id }: CrossReferenceRow): string {
  return `${system} ${kind} ${id}`
}
