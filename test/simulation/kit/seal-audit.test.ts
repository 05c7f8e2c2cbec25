import { createSign, generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { transactTold } from '#aws/audit.ts'
import { update } from '#aws/table.ts'
import { verifyExport } from '#domain/audit/verify.ts'
import { erasePersons } from '../../../bin/commands/audit/erase.ts'
import { exportDays } from '../../../bin/commands/audit/export-days.ts'
import { handler } from '../../../functions/operations/seal-audit.ts'
import { begin, caseKey, context, pass, replaceOutside } from './inbox-world.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
const Asked = z.object({ Message: z.string().optional() })

/** KMS as it answers: DER in base64, of the very bytes that it was given. */
function answerAsKms(_url: unknown, init?: { body?: unknown }): Promise<Response> {
  const { Message } = Asked.parse(JSON.parse(String(init?.body)))
  const answer =
    Message === undefined
      ? { PublicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') }
      : { Signature: createSign('sha256').update(Buffer.from(Message, 'base64')).sign(privateKey, 'base64') }
  return Promise.resolve(Response.json(answer))
}

beforeAll(replaceOutside)
beforeEach(() => {
  begin()
  vi.stubEnv('AUDIT_KEY', 'key')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
  vi.stubGlobal('fetch', answerAsKms)
})
afterEach(() => vi.unstubAllGlobals())

const day = 86_400
const tell = (key = caseKey, stage = 'told') => transactTold(key, [], { stage, by: 'postonce' })

describe('the sealed audit trail', () => {
  it('is exported and verified day by day, whichever chains have grown, and quiet days too', async () => {
    await tell()
    await tell('shop/sales-order/T2')
    await tell()
    pass(2 * day)
    await transactTold(caseKey, [], { stage: 'decided', by: { person: 'ann', reason: 'sold out' } })
    pass(day)
    expect(await handler({}, context)).toEqual({ sealed: ['2026-11-26'] })
    pass(day)
    await tell()
    pass(2 * day)
    expect(await handler({}, context)).toEqual({ sealed: ['2026-11-27', '2026-11-28', '2026-11-29'] })
    const lines = await exportDays('2026-11-26', '2026-11-29', true)
    expect(verifyExport(lines, pem)).toMatchObject({ finding: undefined, entries: 2, chains: 2, withoutPerson: 0 })
    expect(await handler({}, context)).toEqual({ sealed: [] })
  })

  it('names an entry that was changed in the table after it was sealed', async () => {
    for (let times = 0; times < 4; times++) await tell()
    pass(day)
    await handler({}, context)
    await update({
      key: { pk: caseKey, sk: 'AUDIT#0000000003' },
      update: 'SET entry.stage = :forged',
      values: { ':forged': 'forged' },
    })
    const { finding } = verifyExport(await exportDays('2026-11-24', '2026-11-24', false), pem)
    expect(finding).toMatchObject({ kind: 'changed', what: 'entry', case: caseKey, place: 3 })
  })

  it('forgets who acted without breaking', async () => {
    await transactTold(caseKey, [], { stage: 'decided', by: { person: 'ann', reason: 'sold out' } })
    pass(day)
    await handler({}, context)
    expect(await erasePersons(caseKey, 'eve', 'asked for')).toBe(1)
    pass(day)
    await handler({}, context)
    const lines = await exportDays('2026-11-24', '2026-11-25', true)
    expect(lines.join()).not.toContain('ann')
    expect(verifyExport(lines, pem)).toMatchObject({ finding: undefined, entries: 2, withoutPerson: 1 })
  })
})
