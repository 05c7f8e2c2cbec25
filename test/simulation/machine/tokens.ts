import { InvalidOutput, InvalidToken, TaskDoesNotExist, TaskTimedOut, ValidationException } from '@aws-sdk/client-sfn'
import { byteLength, parseJson } from '../json.ts'
import { StateError } from './state-error.ts'

export type TokenAnswer = { readonly output: unknown } | { readonly failure: StateError }

/** Task tokens: one for each attempt, answered once, refused after that. */
export type Tokens = {
  open(token: string, answered: (answer: TokenAnswer) => void): void
  close(token: string): void
  succeed(token: unknown, output: unknown): void
  fail(token: unknown, error: unknown, cause: unknown): void
}

const $metadata = { httpStatusCode: 400, attempts: 1, totalRetryDelay: 0 }

/**
 * AWS answers TaskTimedOut for a task that is closed, in whatever way; TaskDoesNotExist is drawn where
 * `closedIsForgotten` says so, since callers must take both alike.
 */
export function createTokens(closedIsForgotten: () => boolean): Tokens {
  const tokens = new Map<string, ((answer: TokenAnswer) => void) | 'closed'>()

  const answer = (token: unknown, given: TokenAnswer) => {
    if (typeof token !== 'string' || token === '')
      throw new InvalidToken({ $metadata, message: "Invalid Token: 'Invalid token'" })
    const answered = tokens.get(token)
    if (answered === undefined || (answered === 'closed' && closedIsForgotten())) {
      throw new TaskDoesNotExist({ $metadata, message: `Task does not exist: '${token}'` })
    }
    if (answered === 'closed') {
      throw new TaskTimedOut({ $metadata, message: "Task Timed Out: 'Provided task does not exist anymore'" })
    }
    tokens.set(token, 'closed')
    answered(given)
  }

  return {
    open: (token, answered) => {
      tokens.set(token, answered)
    },
    close: (token) => {
      if (tokens.has(token)) tokens.set(token, 'closed')
    },
    succeed: (token, output) => answer(token, { output: parseOutput(output) }),
    fail: (token, error, cause) => answer(token, { failure: new StateError(String(error ?? ''), String(cause ?? '')) }),
  }
}

function parseOutput(output: unknown): unknown {
  if (typeof output !== 'string' || byteLength(output) > maximumBytes) {
    const message = `Member 'output' must have length less than or equal to ${maximumBytes}`
    throw new ValidationException({ $metadata, message })
  }
  try {
    return parseJson(output)
  } catch {
    throw new InvalidOutput({ $metadata, message: "Invalid Output: 'the output is not valid JSON'" })
  }
}

/** docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: input or result of a task, state or execution. */
export const maximumBytes = 262_144
