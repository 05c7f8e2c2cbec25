import type { Database } from '../dynamodb/database.ts'
import { isRecord, type JsonRecord } from '../json.ts'

/** What a mutant does to the requests to the table: changes them on their way, or what they answer. */
export type Request = Database['request']
export type Meddler = (request: Request) => Request

export type Part = Record<string, unknown>
type Edit = (part: Part) => Part

/** Changes the parts of a request that are wanted, whether they come alone or in a transaction. */
export function editing(isWanted: (part: Part) => boolean, edit: Edit): Meddler {
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

export function removingPart(isUnwanted: (part: Part, all: readonly Part[]) => boolean): Meddler {
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

/** Changes what is read of the wanted items, one by one or in a Query. */
export function reading(isWanted: (item: JsonRecord) => boolean, edit: (item: JsonRecord) => JsonRecord): Meddler {
  const change = (item: unknown) => (isRecord(item) && isWanted(item) ? edit(item) : item)
  return (request) => (command) => {
    const send = request(command)
    return () => {
      const answer = send()
      if (!isRecord(answer)) return answer
      if (Array.isArray(answer.Items)) return { ...answer, Items: answer.Items.map(change) }
      return answer.Item === undefined ? answer : { ...answer, Item: change(answer.Item) }
    }
  }
}

/** Takes a text out of every expression. */
export function without(text: string, by = ''): Meddler {
  return editing(
    () => true,
    (part) => replaceText(part, text, by),
  )
}

export function dropCondition(part: Part): Part {
  const { ConditionExpression, ...rest } = part
  return withoutUnused(rest)
}

export function replaceText(part: Part, text: string, by: string): Part {
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
