import { createHash } from 'node:crypto'
import * as z from 'zod'
import { GetObject, PutObject, payloadBucket } from './clients/payload-bucket.ts'
import { required } from './environment.ts'

/**
 * Stands for a content that is too large for the place where it belongs. The content lies in the bucket under its own
 * SHA-256: stored once however often it comes, and never another one when it is read.
 */
export const PayloadReference = z.object({ payload: z.string().regex(/^(runs\/)?[0-9a-f]{64}$/) })
export type PayloadReference = z.output<typeof PayloadReference>

/** An item may have 400 KB with all of its attributes. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const maxBytesInItem = 300_000

/**
 * Stores a content as it is; the same again only begins its time anew.
 * @param folder `runs/` holds what the reconciliation needs again within days, and is emptied as soon
 */
export async function storePayload(text: string, folder: '' | 'runs/' = ''): Promise<PayloadReference> {
  const sha256 = hashOf(text)
  const payload = `${folder}${sha256}`
  await payloadBucket.send(new PutObject({ bucket: required('PAYLOAD_BUCKET'), key: payload, text, sha256 }))
  return { payload }
}

/** @throws Error when it has expired, which needs the source to publish the event again, or is not what was stored */
export async function readPayload({ payload }: PayloadReference): Promise<unknown> {
  const text = await readText(payload)
  if (hashOf(text) !== payload.replace('runs/', ''))
    throw new Error(`The payload ${payload} is not what was stored under this name`)
  return JSON.parse(text)
}

/** What an item of the table holds of a value: the value itself, or a reference when it is too large for an item. */
export async function heldByItem(value: unknown): Promise<unknown> {
  const text = JSON.stringify(value)
  return Buffer.byteLength(text) > maxBytesInItem ? await storePayload(text) : value
}

/** The value of which an item holds this. */
export async function readHeld(held: unknown): Promise<unknown> {
  const reference = PayloadReference.safeParse(held)
  return reference.success ? await readPayload(reference.data) : held
}

/** Without the right to list the bucket, S3 does not tell that an object is missing, but that it is forbidden. */
const Missing = z.object({ name: z.enum(['NoSuchKey', 'AccessDenied']) })

async function readText(payload: string): Promise<string> {
  try {
    return await payloadBucket.send(new GetObject({ bucket: required('PAYLOAD_BUCKET'), key: payload }))
  } catch (cause) {
    if (!Missing.safeParse(cause).success) throw cause
    throw new Error(`The payload ${payload} has expired; publish its event again`, { cause })
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
