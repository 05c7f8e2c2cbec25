import { setTimeout as sleep } from 'node:timers/promises'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { events } from '#aws/clients/events.ts'
import { toBatches } from './batches.ts'
import type { Entry } from './read-entries.ts'

export interface SendReport {
  readonly published: readonly { readonly where: string; readonly eventId: string }[]
  readonly failed: readonly { readonly where: string; readonly code: string; readonly message: string }[]
}

/** What became of one entry of a call. */
export type EntryResult = { readonly eventId: string } | { readonly code: string; readonly message: string }

/** Puts one batch on the bus; results stand in the order of the entries. */
export type PutBatch = (batch: readonly Entry[], bus: string) => Promise<readonly EntryResult[]>

const callsAtOnce = 4
const maxAttempts = 8
/** Codes of an entry that say "later", not "never". A repeated event is recognised by the hub. */
const passing = /Throttl|TooManyRequests|InternalFailure|InternalException|InternalError|ServiceUnavailable|NoAnswer/

/**
 * Sends all entries in calls of ten, some calls at once. An entry that the bus did not take for a passing reason is sent
 * again, later and later; one that it never takes is reported by name.
 */
export async function sendEntries(
  entries: readonly Entry[],
  bus: string,
  onProgress: (done: number) => void,
  put: PutBatch = putBatch,
  pause: (milliseconds: number) => Promise<unknown> = sleep,
): Promise<SendReport> {
  const published = new Map<Entry, string>()
  const failed = new Map<Entry, { code: string; message: string }>()
  let waiting = entries
  for (let attempt = 1; waiting.length > 0 && attempt <= maxAttempts; attempt++) {
    if (attempt > 1) await pause(Math.min(5_000, 100 * 2 ** attempt))
    const again: Entry[] = []
    await inParallel(toBatches(waiting), callsAtOnce, async (batch) => {
      const results = await put(batch, bus)
      for (const [index, entry] of batch.entries()) {
        const result = results[index] ?? { code: 'NoAnswer', message: 'the answer says nothing of this entry' }
        if ('eventId' in result) published.set(entry, result.eventId)
        else if (passing.test(result.code) && attempt < maxAttempts) again.push(entry)
        else failed.set(entry, result)
      }
      onProgress(published.size)
    })
    waiting = again
  }
  return {
    published: entries.flatMap((entry) => {
      const eventId = published.get(entry)
      return eventId === undefined ? [] : [{ where: entry.where, eventId }]
    }),
    failed: entries.flatMap((entry) => {
      const failure = failed.get(entry)
      return failure === undefined ? [] : [{ where: entry.where, ...failure }]
    }),
  }
}

async function putBatch(batch: readonly Entry[], bus: string): Promise<readonly EntryResult[]> {
  try {
    const { Entries = [] } = await events.send(
      new PutEventsCommand({
        Entries: batch.map(({ source, detailType, detail }) => ({
          EventBusName: bus,
          Source: source,
          DetailType: detailType,
          Detail: JSON.stringify(detail),
        })),
      }),
    )
    return Entries.map(({ EventId, ErrorCode, ErrorMessage = '' }) =>
      EventId === undefined ? { code: ErrorCode ?? 'NoAnswer', message: ErrorMessage } : { eventId: EventId },
    )
  } catch (error) {
    // The whole call failed: nothing of it is known to be on the bus.
    if (!(error instanceof Error)) throw error
    return batch.map(() => ({ code: error.name === 'Error' ? 'NoAnswer' : error.name, message: error.message }))
  }
}

async function inParallel<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  const workers = Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (const item of queue) await work(item)
  })
  await Promise.all(workers)
}
