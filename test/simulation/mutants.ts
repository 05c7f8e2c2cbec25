import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { environment } from '#aws/environment.ts'
import type { Database } from './dynamodb/database.ts'
import type { ProfileName } from './erp/profiles.ts'
import { isRecord, type JsonRecord } from './json.ts'
import { replaceProperty, type Undo } from './replace.ts'

/** A protection taken away from outside of the product: a setting, or a request changed on its way to the table. */
export type Mutant = {
  readonly name: string
  readonly profile: ProfileName
  readonly request?: (request: Database['request']) => Database['request']
  readonly apply?: () => Undo
}

/**
 * Some protections stand behind another one, and taking away one of the two changes nothing that a law could see. They
 * are taken away together with the one that covers them, which is said.
 */
export const mutants: readonly Mutant[] = [
  { name: 'claim without its condition', profile: 'look-up', request: editing(isClaim, dropCondition) },
  {
    name: 'claim without the owner check',
    profile: 'look-up',
    request: removingPart((part, parts) => isOwnerCheck(part) && parts.some(isClaim)),
  },
  { name: 'one claimId for every attempt', profile: 'look-up', apply: oneClaimId },
  { name: 'take-over without doubt (lease, intent)', profile: 'look-up', request: withoutDoubt },
  {
    name: 'lease, and writes without their claimId',
    profile: 'look-up',
    request: (request) => leaseOver(editing(isWriteOfClaim, dropCondition)(request)),
  },
  { name: 'settle time of 0', profile: 'look-up', apply: setting('SETTLE_MS', 0) },
  { name: 'settle time of 0', profile: 'look-up-late', apply: setting('SETTLE_MS', 0) },
  {
    name: 'how much is applied forgotten',
    profile: 'look-up-late',
    request: editing(
      () => true,
      (part) => replaceText(part, ', applied = :applied', ''),
    ),
  },
  { name: 'a fresh stamp in doubt', profile: 'if-unchanged', request: withoutStamp },
  {
    name: 'case claimed without its condition',
    profile: 'natural-key',
    request: editing((part) => isRecord(part.Item) && part.Item.sk === 'CASE', dropCondition),
  },
  {
    name: 'completion without the signal count',
    profile: 'natural-key',
    request: editing(isCompletion, (part) => replaceText(part, ' AND signalCount = :count', '')),
  },
]

/** Whoever reads a posting is told that its lease is over. */
function leaseOver(request: Database['request']): Database['request'] {
  const unconditional = editing(isClaim, (part) =>
    replaceText(part, 'leaseEndsAtMs = :seenLease', 'attribute_exists(pk)'),
  )
  return readingPostings(unconditional(request), (item) =>
    item.leaseEndsAtMs === undefined ? item : { ...item, leaseEndsAtMs: 1 },
  )
}

/** Whoever reads a posting is told that nothing of it was ever about to be sent. */
function withoutDoubt(request: Database['request']): Database['request'] {
  const unconditional = editing(isClaim, (part) =>
    replaceText(part, 'attribute_exists(intent)', 'attribute_exists(pk)'),
  )
  const blind = editing(isClaim, (part) => replaceText(part, 'attribute_not_exists(intent)', 'attribute_exists(pk)'))
  return readingPostings(leaseOver(blind(unconditional(request))), ({ intent, ...item }) => item)
}

/** The stamp of a doubt is not the one that was sent, but the newest. */
function withoutStamp(request: Database['request']): Database['request'] {
  return readingPostings(request, (item) =>
    isRecord(item.intent) && item.status === 'in-doubt'
      ? { ...item, intent: { ...item.intent, stamp: 'fresh' } }
      : item,
  )
}

function readingPostings(request: Database['request'], edit: (item: JsonRecord) => unknown): Database['request'] {
  return (command) => {
    const send = request(command)
    return () => {
      const answer = send()
      const item: unknown = isRecord(answer) ? answer.Item : undefined
      const isPosting = isRecord(item) && String(item.sk).startsWith('POSTING#')
      return isPosting ? { ...Object(answer), Item: edit(item) } : answer
    }
  }
}

function oneClaimId(): Undo {
  const undo = replaceProperty(crypto, 'randomUUID', () => '00000000-0000-4000-a000-000000000000')
  syncBuiltinESMExports()
  return () => {
    undo()
    syncBuiltinESMExports()
  }
}

type Part = Record<string, unknown>
type Edit = (part: Part) => Part

/** Changes the parts of a request that are wanted, whether they come alone or in a transaction. */
function editing(isWanted: (part: Part) => boolean, edit: Edit): NonNullable<Mutant['request']> {
  return (request) => (command) => {
    const input: unknown = Reflect.get(command, 'input')
    if (!isRecord(input)) return request(command)
    const change = (part: unknown) => (isRecord(part) && isWanted(part) ? edit({ ...part }) : part)
    const TransactItems = Array.isArray(input.TransactItems)
      ? input.TransactItems.map((item: unknown) =>
          isRecord(item) ? Object.fromEntries(Object.entries(item).map(([kind, part]) => [kind, change(part)])) : item,
        )
      : undefined
    Reflect.set(command, 'input', TransactItems === undefined ? change(input) : { ...input, TransactItems })
    return request(command)
  }
}

function removingPart(isUnwanted: (part: Part, all: readonly Part[]) => boolean): NonNullable<Mutant['request']> {
  return (request) => (command) => {
    const input: unknown = Reflect.get(command, 'input')
    if (!isRecord(input) || !Array.isArray(input.TransactItems)) return request(command)
    const parts: Part[] = input.TransactItems.map((item: unknown) => ({ ...Object(Object.values(Object(item))[0]) }))
    // The place stays, so that the reasons of a cancelled transaction keep theirs.
    const TransactItems = input.TransactItems.map((item: unknown, i) => {
      const part = parts[i]
      if (part === undefined || !isUnwanted(part, parts)) return item
      return {
        ConditionCheck: {
          TableName: part.TableName,
          Key: { pk: 'NOBODY', sk: 'NOTHING' },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      }
    })
    Reflect.set(command, 'input', { ...input, TransactItems })
    return request(command)
  }
}

function isClaim(part: Part): boolean {
  const isPosting = String(Object(part.Item).sk ?? Object(part.Key).sk).startsWith('POSTING#')
  return isPosting && (part.Item !== undefined || String(part.UpdateExpression).includes('claimId = :claim'))
}

function isWriteOfClaim(part: Part): boolean {
  return part.ConditionExpression === 'claimId = :claim'
}

function isOwnerCheck(part: Part): boolean {
  return Object(part.Key).sk === 'CASE' && part.UpdateExpression === undefined && part.ConditionExpression !== undefined
}

function isCompletion(part: Part): boolean {
  return String(part.ConditionExpression).includes('signalCount = :count') && part.UpdateExpression !== undefined
}

function dropCondition(part: Part): Part {
  const { ConditionExpression, ...rest } = part
  return withoutUnused(rest)
}

function replaceText(part: Part, text: string, by: string): Part {
  const edited = Object.fromEntries(
    Object.entries(part).map(([name, value]) => [name, typeof value === 'string' ? value.replace(text, by) : value]),
  )
  const isChanged = Object.entries(edited).some(([name, value]) => value !== part[name])
  return isChanged ? withoutUnused(edited) : part
}

/** DynamoDB refuses names and values that no expression uses. */
function withoutUnused(part: Part): Part {
  const text = [part.UpdateExpression, part.ConditionExpression, part.KeyConditionExpression].map(String).join(' ')
  const used = (values: unknown) => {
    const kept = Object.entries(Object(values)).filter(([name]) => new RegExp(`${name}\\b`).test(text))
    return kept.length === 0 ? undefined : Object.fromEntries(kept)
  }
  return {
    ...part,
    ExpressionAttributeNames: used(part.ExpressionAttributeNames),
    ExpressionAttributeValues: used(part.ExpressionAttributeValues),
  }
}

/** The functions read their environment once; this changes what they have read. */
function setting(name: 'LEASE_MS' | 'SETTLE_MS', value: number): () => Undo {
  return () => {
    const read = environment()
    const before = read[name]
    Object.assign(read, { [name]: value })
    return () => {
      Object.assign(read, { [name]: before })
    }
  }
}
