import { AccessDenied, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { notKnown } from '../simulation-error.ts'

/** One request of the S3 client to a bucket in memory. Without the right to list it, S3 forbids what is not there. */
export function requestOfBucket(objects: Map<string, string>, command: object): () => unknown {
  const $metadata = { httpStatusCode: 200, attempts: 1, totalRetryDelay: 0 }
  if (command instanceof PutObjectCommand) {
    const { Key = '', Body } = command.input
    return () => {
      objects.set(Key, String(Body))
      return { $metadata }
    }
  }
  if (command instanceof GetObjectCommand) {
    const { Key = '' } = command.input
    return () => {
      const text = objects.get(Key)
      if (text === undefined) {
        throw new AccessDenied({ $metadata: { ...$metadata, httpStatusCode: 403 }, message: 'Access Denied' })
      }
      return { $metadata, Body: { transformToString: async () => text } }
    }
  }
  throw notKnown(`S3's ${command.constructor.name}`)
}
