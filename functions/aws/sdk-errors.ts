import * as z from 'zod'
import { HubError, RetryableError } from '#domain/errors.ts'

/** As much of an SDK error as tells whether trying again may help. */
const SdkError = z.object({
  name: z.string(),
  code: z.string().optional(),
  $fault: z.enum(['client', 'server']).optional(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
})

const passing = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'TransactionConflictException',
  'TransactionInProgressException',
  'KMSThrottlingException',
  'TimeoutError',
  'RequestTimeout',
])

/** What Node says of a connection that failed or ended. */
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
])

/**
 * An AWS service that could not be reached or was too busy, after the SDK's own repeats, as an error that the machine
 * retries: each write of ours is conditional, so that the next attempt finds out what this one did.
 */
export function asHubError(error: unknown): Error {
  if (error instanceof HubError) return error
  const failure = error instanceof Error ? error : new Error(String(error))
  const sdk = SdkError.safeParse(error)
  if (!sdk.success) return failure
  const { name, code, $fault, $metadata } = sdk.data
  const status = $metadata?.httpStatusCode ?? 0
  const isPassing = passing.has(name) || $fault === 'server' || status === 429 || status >= 500
  const isNetwork = code !== undefined && networkCodes.has(code)
  if (!isPassing && !isNetwork) return failure
  return new RetryableError(`AWS did not answer or was too busy: ${name} ${failure.message}`, { cause: failure })
}
