import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { vi } from 'vitest'

/** Puts a map in the place of S3. */
export function replaceBucket(): Map<string, string> {
  vi.stubEnv('AWS_REGION', 'us-east-1')
  vi.stubEnv('HUB_TABLE', 'hub')
  vi.stubEnv('BUS_NAME', 'postonce')
  vi.stubEnv('PAYLOAD_BUCKET', 'payloads')
  vi.stubEnv('STATE_MACHINES', 'arn:machine/')
  vi.stubEnv('DEAD_LETTER_QUEUE_URL', 'https://sqs/dead-letters')
  const objects = new Map<string, string>()
  vi.spyOn(S3Client.prototype, 'send').mockImplementation(async (command: unknown) => {
    if (command instanceof PutObjectCommand) {
      objects.set(String(command.input.Key), String(command.input.Body))
      return
    }
    if (!(command instanceof GetObjectCommand)) throw new Error('The bucket knows no such command')
    const text = objects.get(String(command.input.Key))
    // What S3 says to someone who may not list the bucket.
    if (text === undefined) throw Object.assign(new Error('Access Denied'), { name: 'AccessDenied' })
    return { Body: { transformToString: async () => text } }
  })
  return objects
}
