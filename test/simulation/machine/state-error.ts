import { isRecord } from '../json.ts'

/** What a state fails with: the name that Retry and Catch match, and a cause for people. */
export class StateError extends Error {
  override readonly name = 'StateError'
  readonly error: string
  readonly stateCause: string

  constructor(error: string, stateCause: string) {
    super(`${error}: ${stateCause}`)
    this.error = error
    this.stateCause = stateCause
  }
}

/** What a Lambda threw, as Step Functions reports it. Its own words about Lambda come as plain text. */
export function lambdaError(thrown: unknown): StateError {
  const { name, message } = nameAndMessage(thrown)
  if (name.startsWith('Lambda.')) return new StateError(name, message)
  return new StateError(name, JSON.stringify({ errorType: name, errorMessage: message, trace: [] }))
}

export function integrationError(thrown: unknown): StateError {
  const { name, message } = nameAndMessage(thrown)
  return new StateError(name, message)
}

function nameAndMessage(thrown: unknown): { name: string; message: string } {
  if (thrown instanceof Error) return { name: thrown.name, message: thrown.message }
  if (!isRecord(thrown)) return { name: 'Error', message: String(thrown) }
  return { name: String(thrown.name ?? 'Error'), message: String(thrown.message ?? '') }
}

/**
 * docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html: States.ALL leaves out
 * States.DataLimitExceeded, States.TaskFailed leaves out States.Timeout as well, and nothing matches States.Runtime. A
 * missed heartbeat is a time-out too.
 */
export function matches(errorEquals: readonly string[], error: string): boolean {
  if (error === 'States.Runtime') return false
  if (errorEquals.includes(error)) return true
  if (error === 'States.HeartbeatTimeout' && errorEquals.includes('States.Timeout')) return true
  if (error === 'States.DataLimitExceeded') return false
  if (errorEquals.includes('States.ALL')) return true
  return errorEquals.includes('States.TaskFailed') && error !== 'States.Timeout'
}
