import * as z from 'zod'
import { documentKinds } from '#domain/documents.ts'
import { fingerprint } from '#domain/fingerprint.ts'
import {
  type Difference,
  differenceClasses,
  isTooEarly,
  type Repair,
  repairs,
} from '#domain/reconciliation/difference.ts'
import { BookRecord } from '#domain/reconciliation/record.ts'
import { parse } from '#domain/schema.ts'
import { clock } from '../clock.ts'
import { environment } from '../environment.ts'
import { type Item, read, readWholeList, type Update, update } from '../table.ts'
import { count } from '../telemetry.ts'
import { dueAfterMs } from './window.ts'

/** The list in which differences stand that somebody has to look at, and that of those which stay as they are. */
export const openDifferences = 'DIFFERENCE#open'
export const ignoredDifferences = 'DIFFERENCE#ignored'
/** What a source's file has told of while the hub had it under way: nobody is told of it until it can be judged. */
export const waitingDifferences = 'DIFFERENCE#waiting'

const lists = { open: openDifferences, ignored: ignoredDifferences, waiting: waitingDifferences } as const

const repairNames = Object.keys(repairs).filter((name): name is keyof typeof repairs => Object.hasOwn(repairs, name))
const Facet = z.object({
  what: z.string(),
  source: z.string().optional(),
  hub: z.string().optional(),
  erp: z.string().optional(),
})
/** A difference as it is kept. */
export const StoredDifference = z.object({
  class: z.enum(differenceClasses),
  key: z.string(),
  document: z.enum(documentKinds),
  posting: z.string().optional(),
  onDay: z.string(),
  company: z.string(),
  currency: z.string().optional(),
  facets: z.array(Facet),
  amount: z.string().optional(),
  erpIds: z.array(z.string()),
  told: z
    .object({
      file: z.string().optional(),
      atMs: z.number().optional(),
      records: z.array(BookRecord),
      isTooEarly: z.boolean().optional(),
    })
    .optional(),
  repairs: z.array(z.enum(repairNames)),
})

/** DIFFERENCE: what one document is not agreed on, since when, and what somebody has said to it. */
export const DifferenceItem = z.object({
  pk: z.string(),
  sk: z.string(),
  /** Of what is said about it: a difference that is said otherwise is another one. */
  content: z.string(),
  difference: StoredDifference,
  status: z.enum(['open', 'ignored', 'waiting', 'gone']),
  firstSeenMs: z.number(),
  lastSeenMs: z.number(),
  ignored: z.object({ by: z.string(), reason: z.string(), atMs: z.number(), content: z.string() }).optional(),
  /** What was done about it, when the same was said. */
  repaired: z.object({ repair: z.enum(repairNames), by: z.string(), atMs: z.number(), content: z.string() }).optional(),
})
export type DifferenceItem = z.output<typeof DifferenceItem>

const keyOf = (key: string) => ({ pk: `DIFFERENCE#${key}`, sk: 'DIFFERENCE' })
const contentOf = ({ class: name, facets, erpIds }: Difference) => fingerprint({ name, facets, erpIds }).slice(0, 16)

export async function readDifference(key: string): Promise<DifferenceItem | undefined> {
  const item = await read(keyOf(key))
  return item === undefined ? undefined : parseDifference(item)
}

/** All that stand in a list, the oldest first. */
export async function listDifferences(list: string): Promise<readonly DifferenceItem[]> {
  const keys = await readWholeList(list)
  const items = await Promise.all(keys.map(({ pk, sk }) => read({ pk: String(pk), sk: String(sk) })))
  return items.flatMap((item) => (item === undefined ? [] : [parseDifference(item)]))
}

function parseDifference(item: Item): DifferenceItem {
  return parse(DifferenceItem, item, `The difference ${String(item.pk)}`)
}

/**
 * Notes that it was seen. One that is ignored stays so for as long as the same is said about it.
 * @returns whether it is new: nobody has been told of it yet
 */
export async function noteDifference(difference: Difference): Promise<boolean> {
  const known = await readDifference(difference.key)
  const nowMs = clock.nowMs()
  const content = contentOf(difference)
  const isIgnored = known?.ignored?.content === content
  const isWaiting = isTooEarly(difference)
  const status = isWaiting ? 'waiting' : isIgnored ? 'ignored' : 'open'
  const isNew =
    known === undefined ||
    known.status === 'gone' ||
    known.status === 'waiting' ||
    (known.status === 'ignored' && !isIgnored)
  const firstSeenMs = isNew ? nowMs : known.firstSeenMs
  await update({
    key: keyOf(difference.key),
    update:
      'SET difference = :difference, content = :content, #status = :status, firstSeenMs = :first, lastSeenMs = :now, listKey = :list, listedAtMs = :first REMOVE expiresAt',
    names: { '#status': 'status' },
    values: {
      ':difference': withoutUndefined(difference),
      ':content': content,
      ':status': status,
      ':first': firstSeenMs,
      ':now': nowMs,
      ':list': lists[status],
    },
  })
  if (isNew && !isWaiting) {
    // An alarm reads the sum of all classes, which CloudWatch does not make by itself.
    count('DifferenceFound', {})
    count('DifferenceOfClass', { class: difference.class })
  }
  return isNew && !isWaiting
}

/** It is no longer there, whoever has mended it. */
export async function endDifference({ pk, sk, lastSeenMs, status, difference }: DifferenceItem): Promise<void> {
  const written = await update({
    key: { pk, sk },
    update: 'SET #status = :gone, expiresAt = :expires REMOVE listKey, listedAtMs, ignored, repaired',
    // A run that saw it meanwhile knows better.
    condition: 'lastSeenMs = :seen',
    names: { '#status': 'status' },
    values: {
      ':gone': 'gone',
      ':seen': lastSeenMs,
      ':expires': Math.floor(clock.nowMs() / 1000) + environment().BODY_DAYS * 86_400,
    },
  })
  if (written.ok && status !== 'waiting') count('DifferenceGone', { class: difference.class })
}

/** The part of a transaction that sets a difference aside, as it was seen. */
export function ignoredPart(item: DifferenceItem, by: string, reason: string): Update {
  return {
    key: { pk: item.pk, sk: item.sk },
    update: 'SET #status = :ignored, ignored = :how, listKey = :list',
    condition: '#status = :open AND content = :content',
    names: { '#status': 'status' },
    values: {
      ':ignored': 'ignored',
      ':open': 'open',
      ':content': item.content,
      ':list': ignoredDifferences,
      ':how': { by, reason, atMs: clock.nowMs(), content: item.content },
    },
  }
}

/** The part of a transaction that repairs a difference: once, until that should have been through. */
export function repairedPart(item: DifferenceItem, repair: Repair, by: string): Update {
  const nowMs = clock.nowMs()
  return {
    key: { pk: item.pk, sk: item.sk },
    update: 'SET repaired = :how',
    condition:
      '#status = :open AND content = :content AND (attribute_not_exists(repaired) OR repaired.content <> :content OR repaired.atMs <= :over)',
    names: { '#status': 'status' },
    values: {
      ':open': 'open',
      ':content': item.content,
      ':over': nowMs - dueAfterMs,
      ':how': { repair, by, atMs: nowMs, content: item.content },
    },
  }
}

/** Whether this very difference was repaired, and that may still be on its way. */
export function isUnderWay({ content, repaired }: DifferenceItem): boolean {
  return repaired?.content === content && clock.nowMs() - repaired.atMs < dueAfterMs
}

function withoutUndefined(difference: Difference): unknown {
  return JSON.parse(JSON.stringify(difference))
}
