import { DescribeEventBusCommand } from '@aws-sdk/client-eventbridge'
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import * as z from 'zod'
import { events } from '#aws/clients/events.ts'
import { queues } from '#aws/clients/queues.ts'
import { readRun } from '#aws/reconciliation/run-store.ts'
import type { ConnectedEnvironment } from '../environment.ts'
import { invokeReconciler, shortWait } from '../reconcile/invoke-reconciler.ts'
import { formatAge } from '../terminal/time.ts'
import { type Finding, look } from './findings.ts'

const Reach = z.object({
  nowMs: z.number(),
  erp: z.object({ isReached: z.boolean(), milliseconds: z.number(), message: z.string() }),
})
/** `skewSeconds` of the environments: claims and leases are good for clocks that differ by less. */
const skewMs = 2_000
const twoDaysMs = 2 * 86_400_000

/** Looks at everything that the hub stands on, one after the other; it changes nothing. */
export async function examine(connected: ConnectedEnvironment): Promise<readonly Finding[]> {
  const { name, table, bus, erpAccount, deadLetterQueueUrl } = connected
  const reach = once(async () => {
    const askedAtMs = Date.now()
    const answer = await invokeReconciler(name, { reach: true }, Reach, shortWait)
    return { ...answer, askedAtMs, answeredAtMs: Date.now() }
  })
  return [
    await look(`table ${table}`, 'log in to the account of this hub; deploy it', async () => {
      const run = await readRun(erpAccount)
      return run === undefined
        ? 'it answers'
        : `it answers; books compared until ${new Date(run.untilMs).toISOString()}`
    }),
    await look(`bus ${bus}`, 'deploy the stack PostonceHub', async () => {
      const { Arn } = await events.send(new DescribeEventBusCommand({ Name: bus }))
      return Arn ?? 'it is there'
    }),
    await look('queue of dead letters', 'deploy the stack PostonceHub, or set DEAD_LETTER_QUEUE_URL', async () => {
      if (deadLetterQueueUrl === undefined) throw new Error('nothing says which it is')
      await queues.send(new GetQueueAttributesCommand({ QueueUrl: deadLetterQueueUrl, AttributeNames: ['QueueArn'] }))
      return deadLetterQueueUrl
    }),
    await look('functions', 'npx cdk deploy --all; the log of ReconcileBooks says why', async () => {
      const { askedAtMs, answeredAtMs } = await reach()
      return `ReconcileBooks answered in ${answeredAtMs - askedAtMs} ms`
    }),
    await look(
      `ERP account ${erpAccount}`,
      'the secret with its url and credentials, its network, and the rights of the hub there',
      async () => {
        const { erp } = await reach()
        if (!erp.isReached) throw new Error(erp.message)
        return `${erp.message} in ${erp.milliseconds} ms, with the credentials of the secret`
      },
    ),
    await look('clocks', 'set the clock of this machine; what AWS and the local cloud show is one', async () => {
      const { nowMs, askedAtMs, answeredAtMs } = await reach()
      return clockOf(nowMs, askedAtMs, answeredAtMs)
    }),
    await look('reconciliation', 'docs/operate.md, ReconciliationSilent', async () => {
      const run = await readRun(erpAccount)
      if (run === undefined) return 'has not run yet; the first run is within a quarter of an hour'
      const age = Date.now() - run.untilMs
      const said = `all is compared but the last ${formatAge(age)}`
      if (age > twoDaysMs) throw new Error(said)
      return said
    }),
  ]
}

/** The function's clock was read between asking and its answer. @throws Error when it shows another time */
export function clockOf(nowMs: number, askedAtMs: number, answeredAtMs: number): string {
  const byMs = Math.max(0, askedAtMs - nowMs, nowMs - answeredAtMs)
  if (byMs > skewMs) throw new Error(`this machine and the functions differ by ${byMs} ms, more than ${skewMs} ms`)
  return `this machine and the functions differ by no more than ${Math.max(byMs, 1)} ms beyond the time of the call`
}

/** All who ask get the same answer, or the same error. */
function once<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let asked: Promise<Answer> | undefined
  return () => {
    asked ??= ask()
    return asked
  }
}
