import { S3Client } from '@aws-sdk/client-s3'

/** Marked as pure, so that a function which imports a store but no payload does not bundle 170 KB for it. */
export const buckets = /* @__PURE__ */ new S3Client({})
