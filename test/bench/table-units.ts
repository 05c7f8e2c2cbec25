import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { type Item, itemSizeInBytes } from '../simulation/dynamodb/attribute.ts'
import type { Database } from '../simulation/dynamodb/database.ts'
import { isRecord, type JsonRecord } from '../simulation/json.ts'

/**
 * What requests to the table cost, in units: a strongly consistent read takes one for each 4 KB, a write one for each KB,
 * in a transaction two; one whose condition does not hold as well.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
 */
export type UnitMeter = {
  readonly request: Database['request']
  readonly reads: number
  readonly writes: number
  /** The partition key that most was written of within one second, and how much; and how many keys were written. */
  hottest(): { readonly key: string; readonly writes: number; readonly keys: number }
}

/** @param indexes partition keys of the table's indexes, which copy keys alone: an item in one is written there too */
export function meterUnits(
  { request, peek }: Pick<Database, 'request' | 'peek'>,
  nowMs: () => number,
  indexes: readonly string[] = [],
): UnitMeter {
  let [reads, writes] = [0, 0]
  const seconds = new Map<string, number>()
  const keys = new Set<string>()
  const noteWrite = (part: JsonRecord, factor: number, before: Item | undefined) => {
    const after = peek(String(part.TableName), keyOf(part)) ?? before
    const units = factor * unitsOf(after, 1024) + indexes.filter((index) => after?.[index] !== undefined).length
    writes += units
    const { pk } = keyOf(part)
    keys.add(pk)
    const second = `${pk} ${Math.floor(nowMs() / 1000)}`
    seconds.set(second, (seconds.get(second) ?? 0) + units)
  }
  return {
    request: (command) => {
      const send = request(command)
      const input: unknown = Reflect.get(command, 'input')
      if (!isRecord(input)) return send
      if (command instanceof QueryCommand) {
        return () => {
          const answer = send()
          const items: readonly Item[] = isRecord(answer) && Array.isArray(answer.Items) ? answer.Items : []
          const bytes = items.reduce((sum, item) => sum + itemSizeInBytes(item), 0)
          reads += Math.max(1, Math.ceil(bytes / 4096)) * (input.ConsistentRead === true ? 1 : 0.5)
          return answer
        }
      }
      if (command instanceof GetCommand) {
        return () => {
          reads += unitsOf(peek(String(input.TableName), keyOf(input)), 4096)
          return send()
        }
      }
      const [parts, factor] = partsOf(input)
      return () => {
        const before = parts.map((part) => peek(String(part.TableName), keyOf(part)))
        try {
          return send()
        } finally {
          for (const [n, part] of parts.entries()) noteWrite(part, factor, before[n])
        }
      }
    },
    get reads() {
      return reads
    },
    get writes() {
      return writes
    },
    hottest: () => {
      let [key, most] = ['', 0]
      for (const [second, units] of seconds) if (units > most) [key, most] = [second.split(' ')[0] ?? '', units]
      return { key, writes: most, keys: keys.size }
    },
  }
}

/** What is written alone, or each part of a transaction, which counts twice. */
function partsOf(input: JsonRecord): readonly [readonly JsonRecord[], number] {
  if (!Array.isArray(input.TransactItems)) return [[input], 1]
  return [
    input.TransactItems.flatMap((item: unknown) => (isRecord(item) ? Object.values(item).filter(isRecord) : [])),
    2,
  ]
}

function keyOf({ Key, Item: item }: JsonRecord): { readonly pk: string; readonly sk: string } {
  const from = isRecord(Key) ? Key : isRecord(item) ? item : {}
  return { pk: String(from.pk), sk: String(from.sk) }
}

function unitsOf(item: Item | undefined, bytes: number): number {
  return item === undefined ? 1 : Math.max(1, Math.ceil(itemSizeInBytes(item) / bytes))
}
