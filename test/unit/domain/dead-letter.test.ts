import { describe, expect, it } from 'vitest'
import { type LetterFacts, readLetter, whyCleared } from '#domain/dead-letter.ts'
import { signatureId, signatureOf } from '#domain/failure-signature.ts'

const arn = 'arn:aws:states:eu-west-1:111122223333:execution:postonce-order-to-cash:run-1'
const sent = {
  id: `${arn}/1`,
  caseKey: 'shop/sales-order/T1',
  executionArn: arn,
  stage: 'AcceptSalesOrder',
  class: 'business',
  code: 'UNKNOWN_ITEM',
  owner: 'sales',
  message: 'no such item',
  signature: 'AcceptSalesOrder | business | UNKNOWN_ITEM | - | no such item',
}
const letter = readLetter(JSON.stringify(sent), 'm1')

describe('a message of the dead letters', () => {
  it('is read as the hub sent it, with the redrive that it is about', () => {
    expect(letter).toMatchObject({ id: `${arn}/1`, redriveCount: 1, code: 'UNKNOWN_ITEM' })
  })

  it('is grouped by kind and source where it is an event that nothing could take', () => {
    const event = {
      id: 'e1',
      source: 'shop',
      'detail-type': 'GoodsIssued',
      detail: { metadata: { id: '1' } },
      version: '0',
    }
    const undelivered = readLetter(JSON.stringify(event), 'm1', { code: 'NO_PERMISSIONS', message: 'may not' })
    expect(undelivered).toMatchObject({
      signature: 'Bus | undelivered | NO_PERMISSIONS | shop | GoodsIssued',
      message: 'may not',
      event: { source: 'shop' },
    })
  })

  it.each(['{}', 'not JSON', '[1]'])('is a letter even when it is %s', (body) => {
    expect(readLetter(body, 'm1')).toMatchObject({ id: 'm1', owner: 'integration', class: 'undelivered' })
  })
})

describe('a letter', () => {
  const carries = { carries: true, hasSucceeded: false }
  const mine = { executionArn: arn, redriveCount: 2, sleeps: false }
  const cases: readonly (readonly [string, LetterFacts, string | undefined])[] = [
    ['its case failed and nobody did anything', { execution: carries, case: { ...mine, status: 'rejected', redriveCount: 1, failedRedriveCount: 1 } }, undefined],
    ['its case was redriven and runs', { execution: carries, case: { ...mine, status: 'open' } }, undefined],
    ['its case was redriven and waits for the next event', { execution: carries, case: { ...mine, status: 'open', sleeps: true } }, 'through with it'],
    ['its case waits as it did before the failure was recorded', { execution: carries, case: { ...mine, status: 'open', redriveCount: 1, sleeps: true } }, undefined],
    ['its case is completed', { execution: carries, case: { ...mine, status: 'completed' } }, 'completed'],
    ['its case was closed by a person', { execution: carries, case: { ...mine, status: 'closed' } }, 'closed'],
    ['another execution carries the case on', { execution: carries, case: { ...mine, executionArn: 'other', status: 'open' } }, 'another execution'],
    ['it failed again after a redrive', { execution: carries, case: { ...mine, status: 'failed', failedRedriveCount: 2 } }, 'failed again'],
    ['it was redriven, failed again, and that is not recorded yet', { execution: carries, case: { ...mine, status: 'failed', failedRedriveCount: 1 } }, undefined],
    ['its execution never had a case and stands', { execution: { carries: false, hasSucceeded: false } }, undefined],
    ['its execution never had a case and has succeeded', { execution: { carries: false, hasSucceeded: true } }, 'succeeded'],
    ['its question is open', { execution: { carries: false, hasSucceeded: false }, question: 'open' }, undefined],
    ['its question is decided', { execution: { carries: false, hasSucceeded: false }, question: 'decided' }, 'decided'],
    ['nothing is known', {}, undefined],
  ] // biome-ignore format: a table
  it.each(cases)('when %s', (_when, facts, why) => {
    const found = whyCleared(letter, facts)
    if (why === undefined) expect(found).toBeUndefined()
    else expect(found).toContain(why)
  })

  it('that is an event stands until it is published again', () => {
    const event = readLetter(JSON.stringify({ id: 'e1', source: 'shop', 'detail-type': 'X', detail: {} }), 'm1')
    expect(whyCleared(event, { execution: { carries: false, hasSucceeded: true }, question: 'gone' })).toBeUndefined()
  })
})

describe('a signature', () => {
  it('has a short name, the same for a thousand orders of one cause', () => {
    const of = (item: string) => signatureOf({ ...sent, message: `lines[0].item.id "${item}": shop has no such item` })
    expect(signatureId(of('P77'))).toBe(signatureId(of('P78')))
    expect(signatureId(of('P77'))).toMatch(/^[0-9a-f]{8}$/)
  })
})
