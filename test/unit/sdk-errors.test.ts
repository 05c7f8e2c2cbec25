import { describe, expect, it } from 'vitest'
import { asHubError } from '#aws/sdk-errors.ts'
import { BusinessError, classify, classOfName, OutcomeUnknownError, PoisonMessageError } from '#domain/errors.ts'

const named = (name: string, more: Readonly<Record<string, unknown>> = {}) =>
  Object.assign(new Error('said'), { name, ...more })

describe('an error of AWS', () => {
  it.each([
    named('ThrottlingException'),
    named('InternalServerError', { $fault: 'server' }),
    named('SomeException', { $metadata: { httpStatusCode: 503 } }),
    named('TimeoutError'),
    named('Error', { code: 'ECONNRESET' }),
  ])('that passes by is retried: $name', (error) => {
    expect(classify(asHubError(error))).toBe('retryable')
  })

  it.each([
    named('ValidationException', { $fault: 'client', $metadata: { httpStatusCode: 400 } }),
    named('TypeError', { code: 'ERR_INVALID_ARG_TYPE' }),
    named('Error', { code: 'ENOENT' }),
  ])('that is a mistake of ours is not: $name $code', (error) => {
    expect(asHubError(error)).toBe(error)
  })
})

it.each([
  new BusinessError({ code: 'ERP_REFUSED', message: 'no', owner: 'finance' }),
  new BusinessError({ code: 'ECONNRESET', message: 'no', owner: 'finance' }),
  new OutcomeUnknownError('perhaps'),
  new PoisonMessageError('what?'),
])('leaves an error of ours as it is: $name $code', (error) => {
  expect(asHubError(error)).toBe(error)
})

it.each([
  ['Runtime.ExitError', 'in-doubt'],
  ['Sandbox.Timedout', 'in-doubt'],
  ['Lambda.TooManyRequestsException', 'retryable'],
  ['TypeError', 'bug'],
] as const)('classifies %s, which no step could store, as %s', (name, errorClass) => {
  expect(classOfName(name)).toBe(errorClass)
})
