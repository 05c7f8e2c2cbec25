import { DeleteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { isRecord } from '../json.ts'
import type { Meddler, Part } from './edit.ts'
import { isToken } from './parts.ts'

/** Whoever wakes a case removes every token of it, not only the ones that he has answered. */
export const tokensRemovedTogether: Meddler = (request) => (command) => {
  const input: unknown = Reflect.get(command, 'input')
  const isRemoval = command instanceof DeleteCommand && isRecord(input) && isToken(input)
  if (!isRemoval) return request(command)
  const { TableName, Key } = command.input
  const send = request(command)
  const find = request(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :token)',
      ExpressionAttributeValues: { ':pk': Object(Key).pk, ':token': 'TOKEN#' },
    }),
  )
  return () => {
    const found: readonly { readonly pk: string; readonly sk: string }[] = Object(find()).Items ?? []
    for (const { pk, sk } of found) request(new DeleteCommand({ TableName, Key: { pk, sk } }))()
    return send()
  }
}

/** The story is read before the token is stored: the token waits for the next Query of its case. */
export const tokenAfterReading: Meddler = (request) => {
  const held = new Map<string, () => unknown>()
  return (command) => {
    const input: unknown = Reflect.get(command, 'input')
    const send = request(command)
    const parts: readonly unknown[] = isRecord(input) && Array.isArray(input.TransactItems) ? input.TransactItems : []
    const put = parts.map((part): Part => Object(Object(part).Put)).find(isToken)
    if (put !== undefined) {
      const pk = String(Object(put.Item).pk)
      return () => {
        held.set(pk, send)
        return {}
      }
    }
    if (!(command instanceof QueryCommand)) return send
    const pk = String(command.input.ExpressionAttributeValues?.[':pk'])
    return () => {
      const answer = send()
      const store = held.get(pk)
      held.delete(pk)
      try {
        store?.()
      } catch {
        // Not the owner any more: then nobody sleeps on it either.
      }
      return answer
    }
  }
}
