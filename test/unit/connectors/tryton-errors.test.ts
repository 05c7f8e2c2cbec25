import { describe, expect, it } from 'vitest'
import { interpret, interpretFailure, outcomeOf } from '#connectors/tryton/errors.ts'

const rpc = (error: readonly unknown[]) => JSON.stringify({ id: 1, error })
const userError = (message: string) => rpc(['UserError', [message, '', null]])

describe('an answer of Tryton', () => {
  it.each([
    ['a result', 200, '{"id":1,"result":[7]}', { kind: 'result', result: [7] }],
    ['a result that is null', 200, '{"id":1,"result":null}', { kind: 'result', result: null }],
    ['a message for the user', 200, userError('No.'), { kind: 'user-error', message: 'No.' }],
    [
      'a warning',
      200,
      rpc(['UserWarning', ['ab.invoice_taxes', 'Taxes differ.', '']]),
      { kind: 'user-warning', name: 'ab.invoice_taxes', message: 'Taxes differ.' },
    ],
    [
      'a stamp that has changed',
      200,
      rpc(['ConcurrencyException', 'Records were modified in the meanwhile']),
      { kind: 'concurrency' },
    ],
    ['a session that has ended', 401, '', { kind: 'session-ended' }],
  ])('is understood: %s', (_name, status, body, reply) => {
    expect(interpret(status, body)).toEqual(reply)
  })

  it.each([
    ['the lock-out after failed logins', 429, ''],
    ['a lock that was not free', 503, 'could not obtain lock on row in relation "ir_sequence_strict"'],
    ['SQLite with another writer', 503, '<p>database is locked</p>'],
    ['two transactions that cannot both be', 503, 'could not serialize access due to concurrent update'],
  ])('has applied nothing: %s', (_name, status, body) => {
    expect(interpret(status, body).kind).toBe('not-applied')
  })

  it.each([
    ['a gateway that gave up', 502, '<html>Bad Gateway</html>'],
    ['a 503 that does not say whose it is', 503, '<html>Service Unavailable</html>'],
    ['a gateway that did not wait', 504, ''],
    ['a failure without words', 500, ''],
    ['a request that a proxy timed out', 408, ''],
    ['a page where JSON should be', 200, '<html></html>'],
    ['nothing', 200, ''],
    ['a Python exception, which may come after the commit', 200, rpc(["'nosuch'", ''])],
  ])('leaves the outcome open: %s', (_name, status, body) => {
    expect(interpret(status, body).kind).toBe('no-answer')
  })

  it('keeps only the message of an error whose third part is huge', () => {
    const body = rpc(['UserError', ['No.', '', ['x'.repeat(300_000), {}]]])
    expect(interpret(200, body)).toEqual({ kind: 'user-error', message: 'No.' })
  })
})

describe('a request that fetch gave up', () => {
  const failed = (code: string) => new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])('never reached Tryton: %s', (code) => {
    expect(interpretFailure(failed(code)).kind).toBe('not-applied')
  })

  it('never reached Tryton when every address refused', () => {
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    const cause = new AggregateError([refused, refused])
    expect(interpretFailure(new TypeError('fetch failed', { cause })).kind).toBe('not-applied')
  })

  it.each(['ECONNRESET', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'EPIPE'])('may have been applied: %s', (code) => {
    expect(interpretFailure(failed(code)).kind).toBe('no-answer')
  })

  it('may have been applied when its time was over', () => {
    expect(interpretFailure(new DOMException('The operation timed out', 'TimeoutError')).kind).toBe('no-answer')
    expect(interpretFailure('something else').kind).toBe('no-answer')
  })
})

describe('a refusal', () => {
  it('names the field where Tryton warns of a supplier’s number that it has already', () => {
    const warning = rpc(['UserWarning', ['ab.invoice_similar', 'The invoice "1" is similar to invoice "2".', '']])
    const refusal = { code: 'DUPLICATE_SUPPLIER_INVOICE', field: 'number', owner: 'finance' }
    expect(outcomeOf(interpret200(warning))).toMatchObject({ kind: 'refused', refusal })
  })

  it.each([
    ['The customer will exceed their €100.00 credit limit by €395.00.', 'CREDIT_LIMIT_EXCEEDED', 'finance'],
    [
      'You cannot add a partial payment on invoice "1" with an amount greater than the amount to pay "€0.00".',
      'OVERPAYMENT',
      'finance',
    ],
    ['To post move "1", you must open a period for date 01/01/1901.', 'NO_OPEN_PERIOD', 'finance'],
    ['To quote sale "1", you must enter an invoice address.', 'ADDRESS_MISSING', 'sales'],
    ['The number of digits in the value "0.5" exceeds the limit.', 'NUMBER_NOT_ALLOWED', 'sales'],
    ['Calling button "process on "Sale" is not allowed.', 'ACCESS_DENIED', 'integration'],
    ['Something that nobody has seen before.', 'ERP_REFUSED', 'sales'],
  ])('has a code and an owner: %s', (message, code, owner) => {
    expect(outcomeOf(interpret200(userError(message)))).toEqual({ kind: 'refused', refusal: { code, message, owner } })
  })

  it('does not carry the name of the customer around', () => {
    const message = 'The party "Short "Purse" Ltd" will exceed their €100.00 credit limit by €395.00.'
    const expected = 'The customer will exceed their €100.00 credit limit by €395.00.'
    expect(outcomeOf(interpret200(userError(message)))).toMatchObject({ refusal: { message: expected } })
  })

  it('never accepts a warning for a person', () => {
    const warning = rpc(['UserWarning', ['ab.credit_limit_amount', 'will exceed their credit limit', '']])
    expect(outcomeOf(interpret200(warning))).toMatchObject({
      refusal: { code: 'CREDIT_LIMIT_EXCEEDED', owner: 'finance' },
    })
  })

  it('of a second sale under the same key says that the first is there', () => {
    expect(outcomeOf(interpret200(userError('The web ID on the sale must be unique per shop.')))).toEqual({
      kind: 'exists',
    })
  })

  it('of a request that Tryton does not take goes to the integration', () => {
    const reply = interpret(403, 'Forbidden')
    if (reply.kind === 'result') throw new Error('403 is no result')
    expect(outcomeOf(reply)).toMatchObject({ kind: 'refused', refusal: { code: 'HTTP_403', owner: 'integration' } })
  })
})

function interpret200(body: string) {
  const reply = interpret(200, body)
  if (reply.kind === 'result') throw new Error('That is no error')
  return reply
}
