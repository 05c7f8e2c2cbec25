import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import * as z from 'zod'
import { buckets } from '#aws/clients/buckets.ts'
import { PoisonMessageError } from '#domain/errors.ts'
import type { BookRecord } from '#domain/reconciliation/record.ts'
import { daysOfSourceFile } from '#domain/reconciliation/source-file-name.ts'
import { sourceRecords } from '#domain/reconciliation/source-lines.ts'
import { parse } from '#domain/schema.ts'
import { clock } from '../clock.ts'
import { sendDeadLetter } from '../dead-letters.ts'
import { environment, required } from '../environment.ts'
import { read, update } from '../table.ts'
import { count, logger } from '../telemetry.ts'
import { TooManyDifferences } from './compare-feeds.ts'
import { endDifference, noteDifference, readDifference } from './difference-store.ts'
import { lookAgain, toldDifferences } from './look-again.ts'
import { progressOf } from './run-store.ts'
import { compareSource } from './source-side.ts'
import { stopsAtMs, type Window } from './window.ts'

/** What became of a source's file. */
export interface SourceFile {
  readonly file: string
  /** `begun`: the next run goes on with it. */
  readonly became: 'compared' | 'begun' | 'refused' | 'failed'
  readonly documents?: number
  readonly differences?: number
  /** Why it was not compared. */
  readonly text?: string
}

/**
 * Compares each file that a source has put into the bucket `SourceFiles` with what the hub has posted, once, when all that
 * it tells of has had the time to arrive; then looks whether what older files told is agreed on by now. A file that cannot
 * be read becomes a dead letter; it stays where it is, as does one that could not be compared now.
 */
export async function compareSourceFiles(window: Window): Promise<readonly SourceFile[]> {
  const done: SourceFile[] = []
  const told = await toldDifferences()
  for (const object of await newFiles(window.untilMs)) {
    if (clock.nowMs() >= stopsAtMs(window)) break
    done.push(await compareOne(window, object, told))
  }
  await lookAgain(window, [...told.values()])
  return done
}

type Told = Awaited<ReturnType<typeof toldDifferences>>

/** SOURCE-FILE: that a file was compared, or refused, as it was; with another content it is another one. */
const FileItem = z.object({ etag: z.string() })
const keyOf = (file: string) => ({ pk: `SOURCE-FILE#${file}`, sk: 'SOURCE-FILE' })

const Listed = z.object({ Key: z.string(), ETag: z.string(), LastModified: z.date() })
type Listed = z.output<typeof Listed>

/** Those that came before then and were not dealt with, the oldest first, so that the newest has the last word. */
async function newFiles(beforeMs: number): Promise<readonly Listed[]> {
  const found: Listed[] = []
  let from: string | undefined
  do {
    const page: { Contents?: unknown[] | undefined; NextContinuationToken?: string | undefined } = await buckets.send(
      new ListObjectsV2Command({ Bucket: required('SOURCE_BUCKET'), ...(from && { ContinuationToken: from }) }),
    )
    for (const one of page.Contents ?? []) {
      const object = parse(Listed, one, 'What the bucket lists')
      // A folder that somebody has made in the console.
      if (object.Key.endsWith('/') || object.LastModified.getTime() > beforeMs) continue
      if (!(await isDone(object))) found.push(object)
    }
    from = page.NextContinuationToken
  } while (from !== undefined)
  return found.sort((one, other) => one.LastModified.getTime() - other.LastModified.getTime())
}

async function isDone({ Key, ETag }: Listed): Promise<boolean> {
  const item = await read(keyOf(Key))
  return item !== undefined && parse(FileItem, item, `The file ${Key}`).etag === ETag
}

/** One that fails does not keep the others waiting, and is met again by the next run. */
async function compareOne(window: Window, object: Listed, told: Told): Promise<SourceFile> {
  const file = object.Key
  try {
    const { isThrough, ...compared } = await compareFile(window, object, told)
    if (!isThrough) return { file, became: 'begun' }
    await markDone(object, compared)
    logger.info(`Compared ${file}`, { ...compared })
    return { file, became: 'compared', ...compared }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    if (error instanceof PoisonMessageError || error instanceof TooManyDifferences) {
      await sendDeadLetter({
        id: `source-file/${file}/${object.ETag}`,
        ...{ stage: 'ReconcileBooks', class: 'poison', code: 'SOURCE_FILE_UNREADABLE', owner: 'integration' },
        message: `The source's file "${file}" is refused, and nothing of it was compared: ${text}`,
      })
      await markDone(object, { refused: text })
      return { file, became: 'refused', text }
    }
    count('ItemFailed', { function: 'ReconcileBooks' })
    logger.error(`The file ${file} could not be compared: ${text}`)
    return { file, became: 'failed', text }
  }
}

async function compareFile(window: Window, object: Listed, told: Told) {
  const { company, untilMs } = window
  const file = object.Key
  const days = daysOfSourceFile(file)
  const compared = await compareSource(recordsOf(object, company), {
    ...{ ...days, company, file, atMs: object.LastModified.getTime(), dueBeforeMs: untilMs },
    known: [...told.values()].map(({ difference }) => difference),
    limit: { stopsAtMs: stopsAtMs(window), progress: progressOf(`${file}/${object.ETag}`) },
  })
  if (!compared.isThrough) return { isThrough: false }
  for (const difference of [...compared.differences, ...compared.early]) {
    await noteDifference(difference)
    const item = await readDifference(difference.key)
    if (item !== undefined) told.set(difference.key, item)
  }
  for (const key of compared.agreed) {
    const item = told.get(key)
    if (item !== undefined) await endDifference(item)
    told.delete(key)
  }
  return { isThrough: true, documents: compared.documents, differences: compared.differences.length }
}

/** All that a file tells was there when the file was. */
async function* recordsOf({ Key, ETag, LastModified }: Listed, company: string): AsyncGenerator<BookRecord> {
  const sinceMs = LastModified.getTime()
  // The one that was listed: what was put in its place meanwhile is another one.
  const wanted = { Bucket: required('SOURCE_BUCKET'), Key, IfMatch: ETag }
  const { Body } = await buckets.send(new GetObjectCommand(wanted))
  if (!(Body instanceof Readable)) throw new Error(`S3 has no content of ${Key}`)
  for await (const record of sourceRecords(createInterface({ input: Body }), Key, company)) yield { ...record, sinceMs }
}

async function markDone({ Key, ETag }: Listed, outcome: Readonly<Record<string, unknown>>): Promise<void> {
  const nowMs = clock.nowMs()
  await update({
    key: keyOf(Key),
    update: 'SET etag = :etag, outcome = :outcome, atMs = :now, expiresAt = :expires',
    values: {
      ':etag': ETag,
      ':outcome': outcome,
      ':now': nowMs,
      // Not before the file itself.
      ':expires': Math.floor(nowMs / 1000) + (environment().BODY_DAYS + 2) * 86_400,
    },
  })
}
