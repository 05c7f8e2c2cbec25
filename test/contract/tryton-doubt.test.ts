import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { crowding, type ExpectedFault, killing, meeting } from './at-every-operation.ts'
import type { Hooks } from './bring-to-target.ts'
import { booksOfCredit, documentsOfCredit, livedAndCredited } from './stories.ts'
import { startTrytonUnderTest, type TrytonUnderTest } from './tryton-under-test.ts'

// A story is more than a hundred calls that the ERP works on one by one: minutes, where others use the machine too.
vi.setConfig({ testTimeout: 600_000 })

/**
 * Doubt as it really is: the ERP may still be at work on what was sent while the next attempt asks, or repeats it. With
 * POSTONCE_ERP_DATABASE_URL it is PostgreSQL that keeps the documents apart.
 */
let erp: TrytonUnderTest
beforeAll(async () => {
  erp = await startTrytonUnderTest()
})
afterAll(() => erp?.stop())

async function leavesOneOfEach(hooks: Hooks) {
  const { changes, result } = await livedAndCredited(erp, hooks)
  expect(changes).toEqual(booksOfCredit)
  expect(await erp.documents(result.life.reference)).toEqual(documentsOfCredit)
}

it('leaves one of each document when every attempt at an operation dies, each later than the one before', async () => {
  const dying = [0, 5, 20, 200].map(
    (afterMs): ExpectedFault => ({ fault: { kind: 'hang-up', afterMs }, said: 'no-answer' }),
  )
  const { hooks, wrong } = meeting(erp, dying)
  await leavesOneOfEach(hooks)
  expect(wrong(1)).toEqual([])
})

it('leaves one of each document when the server is killed early and late in every operation', async () => {
  const { hooks, wrong } = meeting(erp, [killing(erp, 5), killing(erp, 60), killing(erp, 300)])
  await leavesOneOfEach(hooks)
  expect(wrong(1)).toEqual([])
})

it('leaves one of each document when eight attempts send every operation at once', async () => {
  await leavesOneOfEach(crowding(8).hooks)
})
