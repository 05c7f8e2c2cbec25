import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import jsonata from 'jsonata'
import { PoisonMessageError } from '#domain/errors.ts'
import { type BusEvent, EventDetail } from '#domain/events.ts'
import { parse } from '#domain/schema.ts'
import { count } from './telemetry.ts'

/** An event in the hub's own shape, with the version of the mapping that made it so. */
export interface MappedEvent extends EventDetailOutput {
  /** First 12 hex digits of the mapping's SHA-256; undefined when the source speaks the hub's shape itself. */
  readonly mapping: string | undefined
}
type EventDetailOutput = ReturnType<typeof parseDetail>

const parseDetail = (detail: unknown, what: string) => parse(EventDetail, detail, what)

/** Beside the bundle in a Lambda, at the root of the repository elsewhere. */
const folders = [new URL('./mappings/', import.meta.url), new URL('../../mappings/', import.meta.url)]

const mappings = new Map<string, { readonly expression: jsonata.Expression; readonly version: string } | undefined>()

/**
 * Brings an event of a source with a shape of its own into the hub's, by `mappings/<source>/<detail-type>.jsonata`. Counts
 * that its flow was heard of, whatever it says; a replay of the archive is not heard from its source.
 * @throws PoisonMessageError when the mapping fails or what it makes is no event
 */
export async function mapEvent(event: BusEvent): Promise<MappedEvent> {
  if (event['replay-name'] === undefined) count('EventHeard', { event: event['detail-type'] })
  const what = `The event ${event['detail-type']} ${event.id} of ${event.source}`
  const mapping = readMapping(event.source, event['detail-type'])
  if (mapping === undefined) return { ...parseDetail(event.detail, what), mapping: undefined }
  let mapped: unknown
  try {
    mapped = await mapping.expression.evaluate(event)
  } catch (cause) {
    const said = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'message') : cause
    throw new PoisonMessageError(
      `${what} cannot be mapped by ${event.source}/${event['detail-type']}.jsonata: ${said}`,
      {
        cause,
      },
    )
  }
  // JSONata marks its sequences with hidden properties; a JSON round trip leaves plain data.
  return { ...parseDetail(JSON.parse(JSON.stringify(mapped ?? null)), `${what}, mapped`), mapping: mapping.version }
}

/** Whether a source speaks a shape of its own in events of this kind. */
export function hasMapping(source: string, detailType: string): boolean {
  return readMapping(source, detailType) !== undefined
}

function readMapping(source: string, detailType: string) {
  const name = `${source}/${detailType}.jsonata`
  if (!mappings.has(name)) mappings.set(name, loadMapping(name))
  return mappings.get(name)
}

function loadMapping(name: string) {
  if (!/^[\w.-]+\/[\w.-]+$/.test(name) || name.includes('..')) return undefined
  const file = folders.map((folder) => new URL(name, folder)).find((url) => existsSync(url))
  if (file === undefined) return undefined
  const text = readFileSync(file, 'utf8')
  return { expression: jsonata(text), version: createHash('sha256').update(text).digest('hex').slice(0, 12) }
}
