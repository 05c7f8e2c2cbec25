import { signedRequest } from './signed-request.ts'

/** An object of the bucket of payloads. */
export class GetObject {
  readonly input: { readonly bucket: string; readonly key: string }
  constructor(input: GetObject['input']) {
    this.input = input
  }
}

export class PutObject {
  readonly input: { readonly bucket: string; readonly key: string; readonly text: string; readonly sha256: string }
  constructor(input: PutObject['input']) {
    this.input = input
  }
}

/**
 * The two operations of S3 that steps need, for what is larger than an event may be. S3's client is 164 KB, a quarter of
 * a bundle. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export const payloadBucket = {
  /** @returns the object's text, or none for one that was put. @throws Error under S3's own name of it: `AccessDenied` */
  send: async (request: GetObject | PutObject): Promise<string> => {
    const { bucket, key } = request.input
    const { status, text } = await signedRequest({
      service: 's3',
      url: (region, endpoint) =>
        endpoint === undefined
          ? `https://${bucket}.s3.${region}.amazonaws.com/${key}`
          : `${endpoint.replace(/\/$/, '')}/${bucket}/${key}`,
      ...(request instanceof PutObject ? putOf(request) : { method: 'GET', headers: {} }),
    }).catch((cause: unknown) => {
      throw Object.assign(new Error(`S3 did not answer for ${key}`, { cause }), { name: 'RequestTimeout' })
    })
    if (status === 200) return text
    const [, name = 'S3Error'] = /<Code>(\w+)<\/Code>/.exec(text) ?? []
    throw Object.assign(new Error(`S3 refused ${key}: ${status} ${name}`), {
      name,
      $metadata: { httpStatusCode: status },
    })
  },
}

function putOf({ input: { text, sha256 } }: PutObject) {
  const checksum = Buffer.from(sha256, 'hex').toString('base64')
  const headers = { 'content-type': 'application/json', 'x-amz-checksum-sha256': checksum }
  return { method: 'PUT' as const, headers, body: text }
}
