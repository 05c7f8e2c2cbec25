import { userInfo } from 'node:os'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { callerOf } from '../../../bin/commands/decide/caller.ts'
import { decisionOf } from '../../../bin/commands/decide.ts'
import { formatQuestion, formatQuestions } from '../../../bin/commands/inbox/format-questions.ts'
import type { ListedQuestion } from '../../../bin/commands/inbox/list-questions.ts'

const question: ListedQuestion = {
  pk: 'shop/sales-order/T1',
  sk: 'INBOX#kqtrwbmzx',
  id: 'kqtrwbmzx',
  kind: 'doubt',
  owner: 'finance',
  question: 'tryton did not answer finish-delivery',
  code: 'IN_DOUBT',
  posting: { document: 'goods-issue', number: 'DN-1' },
  amount: '44.50',
  currency: 'EUR',
  choices: ['adopt', 'not-posted', 'close-case'],
  ground: {},
  openedAtMs: 1_000,
  status: 'open',
}
const said = { choice: 'not-posted', reason: 'looked', by: 'ann' }

describe('a decision on the command line', () => {
  it('names the question that the person had before him', () => {
    expect(decisionOf(question, { ...said, choice: 'adopt', document: 'S9' })).toEqual({
      item: 'kqtrwbmzx',
      case: 'shop/sales-order/T1',
      openedAtMs: 1_000,
      choice: 'adopt',
      document: 'S9',
      reason: 'looked',
      by: 'ann',
    })
  })

  it.each([
    [{ choice: 'post-again' }, 'post-again is no choice of kqtrwbmzx. It has: adopt, not-posted, close-case.'],
    [{ choice: 'delete' }, 'delete is no choice of kqtrwbmzx'],
    [{ choice: 'adopt' }, 'Which document? npx postonce decide kqtrwbmzx adopt DOCUMENT --reason TEXT'],
    [{ document: 'S9' }, 'not-posted takes no document, and there is "S9"'],
    [{ reason: ' ' }, '--reason must say why'],
    [{ reason: 'x'.repeat(501) }, 'reason'],
  ])('%j is refused before it is sent: %s', (change, message) => {
    expect(() => decisionOf(question, { ...said, ...change })).toThrow(message)
  })
})

describe('who decides', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('is a name on the local cloud, which knows no identities', async () => {
    expect(await callerOf('local', 'ann')).toBe('ann')
    expect(await callerOf('local', undefined)).toBe(userInfo().username)
  })

  it('cannot be named in an account', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', '')
    await expect(callerOf('prod', 'ann')).rejects.toThrow('--by is for the local cloud')
  })
})

describe('the inbox', () => {
  it('has one question a line, with what a person may decide', () => {
    const [title, line] = formatQuestions([question], 61_000).split('\n')
    expect(title?.split(/\s+/)).toEqual(['ID', 'AGE', 'OWNER', 'KIND', 'CASE', 'AMOUNT', 'CHOICES', 'QUESTION'])
    expect(line).toContain(
      'kqtrwbmzx  60 s  finance  doubt  shop/sales-order/T1  44.50 EUR  adopt not-posted close-case',
    )
    expect(formatQuestions([], 0)).toBe('Nothing waits for a decision.')
  })

  it('shows one question with its choices, what was proposed, and why the last decision was not taken', () => {
    const proposal = { id: 'd1', choice: 'adopt', document: 'S9', reason: 'there', by: 'ann', atMs: 0 } as const
    const refused = { id: 'd2', code: 'SAME_PERSON', message: 'another has to agree', atMs: 0 }
    const story = {
      key: question.pk,
      case: undefined,
      postings: [],
      signals: [],
      questions: [],
      tokensWaiting: 0,
      audit: [],
      unreadable: [],
    }
    const text = formatQuestion({ ...question, status: 'proposed', proposal, refused }, story, 61_000)
    expect(text).toContain('tryton did not answer finish-delivery')
    expect(text).toContain('adopt S9 by ann: there; another person has to agree')
    expect(text).toContain('SAME_PERSON')
    expect(text).toContain('npx postonce decide kqtrwbmzx adopt DOCUMENT --reason TEXT')
    expect(text).toContain('posting   goods-issue/DN-1')
  })
})
