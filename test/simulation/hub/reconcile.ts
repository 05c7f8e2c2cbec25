import * as z from 'zod'
import type { Hub } from '../hub.ts'

const Compared = z.object({
  isThrough: z.boolean(),
  untilMs: z.number(),
  documents: z.int(),
  differences: z.array(
    z.looseObject({ class: z.string(), key: z.string(), document: z.string(), posting: z.string().optional() }),
  ),
  totals: z.array(
    z.looseObject({
      ...{ document: z.string(), onDay: z.string(), company: z.string(), currency: z.string() },
      hub: z.object({ count: z.int(), amount: z.string() }),
      erp: z.object({ count: z.int(), amount: z.string() }),
    }),
  ),
})

/** Compares all that the simulated hub has posted since with what its ERP has, as the Lambda does, in as many runs as it takes. */
export async function reconcileHub(hub: Hub, sinceMs: number) {
  const ask = async (more: object) =>
    Compared.parse(await untilSettled(hub, hub.reconcile({ sinceMs, dueAfterMs: 0, ...more })))
  let compared = await ask({})
  for (let runs = 1; !compared.isThrough && runs < 20; runs++) compared = await ask({ untilMs: compared.untilMs })
  if (!compared.isThrough) throw new Error('The books are not compared in twenty runs')
  return compared
}

/** Lets time pass until somebody has answered. */
export async function untilSettled<Answer>(hub: Hub, asked: Promise<Answer>): Promise<Answer> {
  let isSettled = false
  const settled = () => {
    isSettled = true
  }
  asked.then(settled, settled)
  for (let minute = 0; minute < 30 && !isSettled; minute++) {
    await hub.time.run({ untilMs: hub.time.nowMs() + 60_000 })
  }
  if (!isSettled) throw new Error('Nobody has answered for half an hour')
  return await asked
}
