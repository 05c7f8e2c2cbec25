import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import { expect, it } from 'vitest'
import { watchOwners } from '../hub/watch.ts'
import { withInvocation } from '../invocation.ts'
import { createVirtualTime } from '../virtual-time.ts'

const first = { executionArn: 'first', epoch: 1, redriveCount: 0 }
const second = { executionArn: 'second', epoch: 2, redriveCount: 0 }

/** What is told of a Lambda that starts then, and takes the case from the first execution, which has run since 0, so much later. */
async function toldOfTakeOver(startMs: number, writesAfterMs: number): Promise<readonly string[]> {
  const time = createVirtualTime(0)
  const told: string[] = []
  const watched = watchOwners(
    {
      database: { peek: () => ({ pk: 'T1', sk: 'CASE', status: 'open', owner: first }) },
      runsSinceMs: (arn) => (arn === first.executionArn ? 0 : undefined),
      nowMs: time.nowMs,
      tell: (what) => told.push(what),
    },
    () => () => ({}),
  )
  const Item = { pk: 'T1', sk: 'CASE', status: 'open', owner: second }
  const takeOver = new TransactWriteCommand({ TransactItems: [{ Put: { TableName: 'table', Item } }] })
  time.after(startMs, () => {
    void withInvocation(time, { functionName: 'AcceptSalesOrder', timeoutMs: 600_000 }, async () => {
      await time.sleep(writesAfterMs)
      watched(takeOver)()
    })
  })
  await time.run()
  return told
}

it('tells when a case is taken from an execution that plainly ran when its owner was asked about', async () => {
  expect(await toldOfTakeOver(40_000, 1000)).toEqual(['T1 was taken from first, which runs'])
})

it('tells nothing of a Lambda that was frozen since it asked, when Step Functions might not yet have known of the owner', async () => {
  expect(await toldOfTakeOver(6000, 80_000)).toEqual([])
})
