import { Duration, type RemovalPolicy, type Stack, Validations } from 'aws-cdk-lib'
import type { Key } from 'aws-cdk-lib/aws-kms'
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3'

/**
 * Where contents lie that are too large for an item or an execution, each under its own SHA-256. Without versions: an
 * object is never written with another content, and a version would keep personal data beyond its time.
 */
export function createPayloadBucket(stack: Stack, key: Key, days: number, removalPolicy: RemovalPolicy): Bucket {
  // The item that refers to an object is written after it, and must not outlive it.
  const bucket = createBucket(stack, 'Payloads', key, days + 1, removalPolicy)
  // What the reconciliation has read, until it is through.
  bucket.addLifecycleRule({ prefix: 'runs/', expiration: Duration.days(7) })
  return bucket
}

/** Where sources put files of what they have, for the reconciliation to compare. As long as what it is compared with. */
export function createSourceBucket(stack: Stack, key: Key, days: number, removalPolicy: RemovalPolicy): Bucket {
  return createBucket(stack, 'SourceFiles', key, days, removalPolicy)
}

function createBucket(stack: Stack, id: string, key: Key, days: number, removalPolicy: RemovalPolicy): Bucket {
  const bucket = new Bucket(stack, id, {
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    lifecycleRules: [{ expiration: Duration.days(days) }],
    removalPolicy,
  })
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'Who reads it is told by the data events of CloudTrail, which an account switches on for itself.',
  })
  return bucket
}
