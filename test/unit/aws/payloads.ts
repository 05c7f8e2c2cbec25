import { vi } from 'vitest'
import { PutObject, payloadBucket } from '#aws/clients/payload-bucket.ts'

/** Puts a map in the place of S3. */
export function replaceBucket(): Map<string, string> {
  vi.stubEnv('AWS_REGION', 'us-east-1')
  vi.stubEnv('HUB_TABLE', 'hub')
  vi.stubEnv('BUS_NAME', 'postonce')
  vi.stubEnv('PAYLOAD_BUCKET', 'payloads')
  vi.stubEnv('STATE_MACHINES', 'arn:machine/')
  vi.stubEnv('DEAD_LETTER_QUEUE_URL', 'https://sqs/dead-letters')
  const objects = new Map<string, string>()
  vi.spyOn(payloadBucket, 'send').mockImplementation(async (request) => {
    if (request instanceof PutObject) {
      objects.set(request.input.key, request.input.text)
      return ''
    }
    const text = objects.get(request.input.key)
    // What S3 says to someone who may not list the bucket.
    if (text === undefined) throw Object.assign(new Error('Access Denied'), { name: 'AccessDenied' })
    return text
  })
  return objects
}
