import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
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

export interface SignedRequest {
  readonly service: 'kms' | 's3'
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Under the service's endpoint, which a custom one takes the place of. */
  readonly url: (region: string, endpoint: string | undefined) => string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * One request of an AWS service of which so few operations are called that its client would be most of a bundle
 * (docs/decisions/0026). Nothing is repeated here: the machine's Retry does that.
 */
export async function signedRequest(
  request: SignedRequest,
): Promise<{ readonly status: number; readonly text: string }> {
  const { service, method, body } = request
  const region = await dynamo.config.region()
  const { [`AWS_ENDPOINT_URL_${service.toUpperCase()}`]: own, AWS_ENDPOINT_URL } = process.env
  const url = new URL(request.url(region, own ?? AWS_ENDPOINT_URL))
  const { credentials } = dynamo.config
  // S3 signs a path as it is; all others escape it once more.
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, uriEscapePath: service !== 's3' })
  const { headers } = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers: { host: url.host, ...request.headers },
    ...(body !== undefined && { body }),
  })
  const signal = AbortSignal.timeout(timeoutMs)
  const response = await fetch(url, { method, headers, signal, ...(body !== undefined && { body }) })
  return { status: response.status, text: await response.text() }
}
