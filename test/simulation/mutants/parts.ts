import type { Part } from './edit.ts'

/** What the parts of requests are for, told by their keys and expressions. */
export function isClaim(part: Part): boolean {
  return isOf(part, 'POSTING#') && (part.Item !== undefined || setting(part, 'claimId = :claim'))
}

export function isWriteOfClaim(part: Part): boolean {
  return part.ConditionExpression === 'claimId = :claim'
}

export function isIntent(part: Part): boolean {
  return setting(part, 'intent = :intent')
}

export function isOwnerCheck(part: Part): boolean {
  return Object(part.Key).sk === 'CASE' && part.UpdateExpression === undefined && part.ConditionExpression !== undefined
}

export function isCasePut(part: Part): boolean {
  return Object(part.Item).sk === 'CASE'
}

export function isCompletion(part: Part): boolean {
  return part.UpdateExpression !== undefined && String(part.ConditionExpression).includes('signalCount = :count')
}

export function isAuditEntry(part: Part): boolean {
  return part.Item !== undefined && isOf(part, 'AUDIT#')
}

export function isToken(part: Part): boolean {
  return isOf(part, 'TOKEN#')
}

export function setting(part: Part, text: string): boolean {
  return String(part.UpdateExpression).includes(text)
}

function isOf({ Item, Key }: Part, prefix: string): boolean {
  return String(Object(Item).sk ?? Object(Key).sk).startsWith(prefix)
}
