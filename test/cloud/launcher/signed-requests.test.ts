import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { readPublicKey, sign } from '#aws/audit-key.ts'
import { kms } from '#aws/clients/kms.ts'
import { readPayload, storePayload } from '#aws/payload-store.ts'
import { isSignedBy, statementOf } from '#domain/audit/seal.ts'
import { startLocalDrill } from './drill.ts'

let drill: Awaited<ReturnType<typeof startLocalDrill>>

beforeAll(async () => {
  drill = await startLocalDrill()
  vi.stubEnv('AWS_ENDPOINT_URL', drill.cloud.endpoint)
  vi.stubEnv('AWS_REGION', 'us-east-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
  vi.stubEnv('HUB_TABLE', 'none')
  vi.stubEnv('BUS_NAME', 'none')
  vi.stubEnv('PAYLOAD_BUCKET', 'payloads')
})
afterAll(() => drill.stop())

// https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
it('signs the root of a day in KMS, which the public key proves without it', async () => {
  const Created = z.object({ KeyMetadata: z.object({ KeyId: z.string() }) })
  const created = await kms('CreateKey', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }, Created)
  vi.stubEnv('AUDIT_KEY', created.KeyMetadata.KeyId)
  const seal = await sign(statementOf('2026-11-24', '0'.repeat(64), []))
  const key = await readPublicKey()
  expect(isSignedBy(key, seal)).toBe(true)
  expect(isSignedBy(key, { ...seal, statement: { ...seal.statement, day: '2026-11-25' } })).toBe(false)
})

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
it('stores a payload in S3 under its hash, and says when it has expired', async () => {
  const { endpoint } = drill.cloud
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  await new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true }).send(
    new CreateBucketCommand({ Bucket: 'payloads' }),
  )
  const order = { number: 'T1', note: 'größer als ein Ereignis: 注' }
  const reference = await storePayload(JSON.stringify(order))
  expect(await storePayload(JSON.stringify(order))).toEqual(reference)
  expect(await readPayload(reference)).toEqual(order)
  await expect(readPayload({ payload: 'ab'.repeat(32) })).rejects.toThrow('has expired; publish its event again')
})
