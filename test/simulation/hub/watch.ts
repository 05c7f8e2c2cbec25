import type { Database } from '../dynamodb/database.ts'
import { isRecord, type JsonRecord } from '../json.ts'
import { names } from './settings.ts'

/**
 * Watches what only shows at the moment of a write: whoever claims, consumes or sleeps for a case owns it then, and a
 * case never has two owners of one epoch. It reads what the code asks for, before a mutant takes part of it away.
 */
export function watchOwners(
  database: Database,
  request: Database['request'],
  tell: (what: string) => void,
): Database['request'] {
  const readCase = (pk: string) => database.peek(names.table, { pk, sk: 'CASE' })
  return (command) => {
    const parts = partsOf(Reflect.get(command, 'input'))
    const owner = parts.flatMap(ownerCheck)[0]
    const claimed = parts.flatMap(casePut)[0]
    const send = request(command)
    if (owner === undefined && claimed === undefined) return send
    // The SDK's repeat of a write that had succeeded writes nothing, and may come when the owner has changed.
    let isWritten = false
    return () => {
      const before = claimed === undefined ? undefined : readCase(claimed.pk)
      const answer = send()
      if (isWritten) return answer
      isWritten = true
      if (owner !== undefined && !isOwnedBy(readCase(owner.pk), owner.arn))
        tell(`${owner.pk} was written by ${owner.arn}`)
      if (claimed !== undefined && before !== undefined && !follows(before, claimed)) {
        tell(`${claimed.pk} has two owners of epoch ${claimed.epoch}`)
      }
      return answer
    }
  }
}

function partsOf(input: unknown): readonly JsonRecord[] {
  if (!isRecord(input) || !Array.isArray(input.TransactItems)) return none
  const parts: JsonRecord[] = []
  for (const item of input.TransactItems) {
    const part: unknown = isRecord(item) ? (item.Put ?? item.ConditionCheck ?? item.Update ?? item.Delete) : undefined
    if (isRecord(part)) parts.push(part)
  }
  return parts
}

const none: readonly JsonRecord[] = []

function ownerCheck({ Key, UpdateExpression, ExpressionAttributeValues: values }: JsonRecord) {
  if (!isRecord(Key) || Key.sk !== 'CASE' || UpdateExpression !== undefined || !isRecord(values)) return []
  return typeof values[':me'] === 'string' ? [{ pk: String(Key.pk), arn: values[':me'] }] : []
}

function casePut({ Item }: JsonRecord) {
  if (!isRecord(Item) || Item.sk !== 'CASE' || !isRecord(Item.owner)) return []
  return [{ pk: String(Item.pk), arn: Item.owner.executionArn, epoch: Number(Item.owner.epoch) }]
}

function isOwnedBy(item: JsonRecord | undefined, arn: string): boolean {
  return item !== undefined && item.status === 'open' && isRecord(item.owner) && item.owner.executionArn === arn
}

function follows({ owner }: JsonRecord, claimed: { readonly arn: unknown; readonly epoch: number }): boolean {
  if (!isRecord(owner)) return false
  return owner.executionArn === claimed.arn || Number(owner.epoch) < claimed.epoch
}
