import { GetObject, PutObject } from '#aws/clients/payload-bucket.ts'
import { notKnown } from '../simulation-error.ts'

/** One request to a bucket in memory. Without the right to list it, S3 forbids what is not there. */
export function requestOfBucket(objects: Map<string, string>, command: object): () => unknown {
  if (command instanceof PutObject) {
    const { key, text } = command.input
    return () => {
      objects.set(key, text)
      return ''
    }
  }
  if (command instanceof GetObject) {
    const { key } = command.input
    return () => {
      const text = objects.get(key)
      if (text !== undefined) return text
      const refusal = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }
      throw Object.assign(new Error('Access Denied'), refusal)
    }
  }
  throw notKnown(`S3's ${command.constructor.name}`)
}
