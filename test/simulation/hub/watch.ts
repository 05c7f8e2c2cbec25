import type { Database } from '../dynamodb/database.ts'
import { currentInvocation } from '../invocation.ts'
import { isRecord, type JsonRecord } from '../json.ts'
import { isEnded } from '../laws/told.ts'
import type { Machines } from '../machine/machines.ts'
import { names } from './settings.ts'

type Seen = {
  readonly database: Pick<Database, 'peek'>
  readonly runsSinceMs: ReturnType<typeof runsSinceMs>
  readonly nowMs: () => number
  readonly tell: (what: string) => void
}

/** Since when an execution runs, or was redriven; undefined when it does not run. */
export function runsSinceMs(machines: Machines): (arn: unknown) => number | undefined {
  return (arn) => {
    const execution = machines.known(String(arn))
    return execution?.now.status === 'RUNNING' ? (execution.now.redriveMs ?? execution.startMs) : undefined
  }
}

/**
 * Watches what only shows at the moment of a write: whoever claims, consumes, sleeps or ends for a case owns it then, a case
 * never has two owners of one epoch, none is taken from an owner that plainly runs, no failure is recorded of a run that the
 * case has left behind, and no refusal ends a doubt. It reads what the code asks for, before a mutant takes part of it away.
 */
export function watchOwners(seen: Seen, request: Database['request']): Database['request'] {
  const readCase = (pk: string) => seen.database.peek(names.table, { pk, sk: 'CASE' })
  return (command) => {
    const parts = partsOf(Reflect.get(command, 'input'))
    const questions = parts.flatMap((part) => [...ownerCheck(part), ...casePut(seen, part), ...failureOf(part)])
    const send = request(command)
    const postings = parts.flatMap(postingOf)
    if (questions.length === 0 && postings.length === 0) return send
    // The SDK's repeat of a write that had succeeded writes nothing, and may come when the owner has changed.
    let isWritten = false
    return () => {
      const before = questions.map(({ pk }) => readCase(pk))
      const doubts = postings.filter((key) => isInDoubt(seen.database.peek(names.table, key)))
      const answer = send()
      if (isWritten) return answer
      isWritten = true
      for (const key of doubts) {
        if (seen.database.peek(names.table, key)?.status === 'refused')
          seen.tell(`the doubt about ${key.pk} ${key.sk} ended by a refusal`)
      }
      for (const [i, { wrong }] of questions.entries()) {
        const what = wrong(before[i])
        if (what !== undefined) seen.tell(what)
      }
      return answer
    }
  }
}

/** What a write means for a case as it was just before; undefined when nothing is wrong. */
type Question = { readonly pk: string; readonly wrong: (before: JsonRecord | undefined) => string | undefined }

function partsOf(input: unknown): readonly JsonRecord[] {
  if (!isRecord(input)) return none
  if (!Array.isArray(input.TransactItems)) return input.UpdateExpression === undefined ? none : [input]
  const parts: JsonRecord[] = []
  for (const item of input.TransactItems) {
    const part: unknown = isRecord(item) ? (item.Put ?? item.ConditionCheck ?? item.Update ?? item.Delete) : undefined
    if (isRecord(part)) parts.push(part)
  }
  return parts
}

const none: readonly never[] = []

function postingOf({ Key }: JsonRecord) {
  return isRecord(Key) && String(Key.sk).startsWith('POSTING#') ? [{ pk: String(Key.pk), sk: String(Key.sk) }] : []
}

/** Sent, perhaps applied: that ends when the document is found, or when a look-up has not found it. */
function isInDoubt(posting: JsonRecord | undefined): boolean {
  return posting?.status === 'in-doubt'
}

/** Whoever says "I" owns the case; only a redriven execution opens one that is not open. */
function ownerCheck({ Key, ExpressionAttributeValues: values }: JsonRecord): readonly Question[] {
  if (!isRecord(Key) || Key.sk !== 'CASE' || !isRecord(values) || typeof values[':me'] !== 'string') return []
  if (values[':redrives'] !== undefined) return []
  const [pk, arn, epoch] = [String(Key.pk), values[':me'], values[':epoch']]
  const isOwned = (before: JsonRecord | undefined) =>
    before?.status === 'open' &&
    isRecord(before.owner) &&
    before.owner.executionArn === arn &&
    before.owner.epoch === epoch
  return [{ pk, wrong: (before) => (isOwned(before) ? undefined : `${pk} was written by ${arn}`) }]
}

/** How long Step Functions may tell late of what an execution does, and the machine's pause before it asks again. */
const describedWithinMs = 30_000

function casePut({ runsSinceMs, nowMs }: Seen, { Item }: JsonRecord): readonly Question[] {
  if (!isRecord(Item) || Item.sk !== 'CASE' || !isRecord(Item.owner)) return none
  const { executionArn: arn, epoch, redriveCount } = Item.owner
  const pk = String(Item.pk)
  // Whoever was frozen since asked about the owner long before, and nothing can tell it: what the taken owner then wants to
  // write is refused.
  const askedFromMs = currentInvocation()?.startMs ?? nowMs()
  const wrong = (before: JsonRecord | undefined) => {
    if (!isRecord(before?.owner)) return undefined
    if (before.owner.executionArn === arn) return resumed(before, before.owner, Number(redriveCount))
    if (isEnded(String(before.status))) return `${pk} had ended, and was opened again by an event that it knew`
    if (Number(before.owner.epoch) >= Number(epoch)) return `${pk} has two owners of epoch ${epoch}`
    const sinceMs = before.status === 'open' ? runsSinceMs(before.owner.executionArn) : undefined
    if (sinceMs === undefined || sinceMs >= askedFromMs - describedWithinMs) return undefined
    return `${pk} was taken from ${before.owner.executionArn}, which runs`
  }
  return [{ pk, wrong }]
}

/** A Lambda may go on when the run that called it has ended, was redriven, or both. */
function resumed({ pk, status }: JsonRecord, owner: JsonRecord, redriveCount: number): string | undefined {
  if (Number(owner.redriveCount) > redriveCount) return `${pk} was taken back by a run that was redriven since`
  const isOver = status !== 'open' && Number(owner.redriveCount) === redriveCount
  return isOver ? `${pk} was opened again by a run whose end was recorded` : undefined
}

function failureOf({ Key, ExpressionAttributeValues: values }: JsonRecord): readonly Question[] {
  if (!isRecord(Key) || Key.sk !== 'CASE' || !isRecord(values) || values[':failure'] === undefined) return []
  const pk = String(Key.pk)
  const wrong = (before: JsonRecord | undefined) => {
    const owner = Object(before?.owner)
    const isPast = owner.executionArn !== values[':arn'] || Number(owner.redriveCount) > Number(values[':redrives'])
    return isPast ? `${pk} is marked with a failure of ${values[':arn']}, which it has left behind` : undefined
  }
  return [{ pk, wrong }]
}
