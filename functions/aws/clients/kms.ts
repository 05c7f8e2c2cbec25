import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type * as z from 'zod'
import { parse } from '#domain/schema.ts'
import { dynamo } from './dynamo.ts'

/** The SDK's own signer wants its hashes in this form. */
class Sha256 {
  private readonly hash: ReturnType<typeof createHmac>
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret))
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytesOf(data))
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest()
  }
  reset(): void {
    throw new Error('Each hash is computed once')
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data)
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data)
}

const timeoutMs = 10_000

/**
 * One call of KMS, whose client would be a dependency for two calls a day.
 * https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html
 */
export async function kms<Answer extends z.ZodType>(
  operation: string,
  input: Record<string, string>,
  answer: Answer,
): Promise<z.output<Answer>> {
  const region = await dynamo.config.region()
  const { AWS_ENDPOINT_URL_KMS, AWS_ENDPOINT_URL = `https://kms.${region}.amazonaws.com` } = process.env
  const url = new URL(AWS_ENDPOINT_URL_KMS ?? AWS_ENDPOINT_URL)
  const body = JSON.stringify(input)
  const signer = new SignatureV4({ service: 'kms', region, credentials: dynamo.config.credentials, sha256: Sha256 })
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    path: '/',
    headers: {
      host: url.host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `TrentService.${operation}`,
    },
    body,
  })
  const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs) })
  const text = await response.text()
  if (!response.ok) throw new Error(`KMS refused ${operation}: ${response.status} ${text}`)
  return parse(answer, JSON.parse(text), `What KMS answered ${operation}`)
}
