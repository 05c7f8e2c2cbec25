/** Something that the user can put right; its message says how. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError'
}

/** What was given to be read is not what the command reads; it ends with the exit code 2. */
export class InputError extends CommandError {
  override readonly name = 'InputError'
}

/** What a person can do about an error, in one paragraph. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const codes = codesOf(error)
  if (codes.some((code) => code === 'ECONNREFUSED' || code === 'ECONNRESET')) {
    return 'The environment does not answer. If it is the one on this laptop: npm run stop, then npm run local.'
  }
  if (error.name === 'CredentialsProviderError' || error.message === 'Region is missing') {
    return `${error.message}. Set AWS_PROFILE and AWS_REGION, or the ordinary AWS variables for the account, then try again.`
  }
  if (error.name === 'ExpiredTokenException' || error.name === 'ExpiredToken') {
    return 'The AWS credentials have expired. Log in again, then try again.'
  }
  if (error.name === 'ResourceNotFoundException') {
    return `${error.message}. Is this the right environment? --environment names it.`
  }
  return error.message || error.name
}

function codesOf(error: Error): readonly string[] {
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : []
  const several = error instanceof AggregateError ? error.errors : []
  const causes = [error.cause, ...several].flatMap((cause) => (cause instanceof Error ? codesOf(cause) : []))
  return [...own, ...causes]
}
