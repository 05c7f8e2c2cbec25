import { CommandError } from '../terminal/explain.ts'
import type { Entry } from './read-entries.ts'

/** Limits of one PutEvents call: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
export const maxEntries = 10
export const maxBytes = 1_048_576
/**
 * One event less: EventBridge hands it to a queue of 1 MiB together with its envelope and, if it could not be delivered,
 * with what is known of that.
 */
export const maxEventBytes = maxBytes - 1024

/** The size of an entry as EventBridge counts it: source, detail type and detail in UTF-8. */
export function sizeOf({ source, detailType, detail }: Entry): number {
  return Buffer.byteLength(source) + Buffer.byteLength(detailType) + Buffer.byteLength(JSON.stringify(detail))
}

/**
 * Refuses a file with an entry that is too large to travel, before anything is sent.
 * @throws CommandError that names each of them
 */
export function refuseTooLarge(entries: readonly Entry[], limit = maxEventBytes): void {
  const tooLarge = entries.map((entry) => ({ entry, bytes: sizeOf(entry) })).filter(({ bytes }) => bytes > limit)
  if (tooLarge.length === 0) return
  const lines = tooLarge.map(({ entry, bytes }) => `  ${entry.where}: ${bytes} bytes`)
  throw new CommandError(
    [`Nothing was sent. An event may have at most ${limit} bytes; larger are:`, ...lines].join('\n'),
  )
}

/** Fills calls in order, each within both limits. */
export function toBatches(entries: readonly Entry[], limit = maxBytes): readonly (readonly Entry[])[] {
  const batches: Entry[][] = []
  let bytes = 0
  for (const entry of entries) {
    const size = sizeOf(entry)
    const last = batches.at(-1)
    if (last !== undefined && last.length < maxEntries && bytes + size <= limit) {
      last.push(entry)
      bytes += size
    } else {
      batches.push([entry])
      bytes = size
    }
  }
  return batches
}
