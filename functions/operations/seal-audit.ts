import { readDay, readNewestSeal, readSealed, storeSeal, storeSealed } from '#aws/audit-days.ts'
import { readPublicKey, sign } from '#aws/audit-key.ts'
import { clock } from '#aws/clock.ts'
import { defineHandler } from '#aws/define-step.ts'
import { count, logger } from '#aws/telemetry.ts'
import { dayOf, noEntry } from '#domain/audit/entry.ts'
import { dayAfter, hashOfStatement, type Statement, statementOf } from '#domain/audit/seal.ts'

/** A write of a day may arrive so long after its end: clocks differ, and a Lambda runs for 15 minutes at most. */
const graceMs = 3_600_000
const dayMs = 86_400_000
/** Days that one run seals; what is left after an outage is sealed by the next. */
const maxDays = 31

/**
 * Seals the audit trail of each day that is over: one signed root over what every chain has got that day, which refers
 * to the day before. What is not linked as it was written is told at once, and sealed as it stands.
 */
export const handler = defineHandler('SealAudit', async () => {
  const untilDay = dayOf(clock.nowMs() - graceMs - dayMs)
  let before = (await readNewestSeal())?.statement
  const sealed: string[] = []
  for (let round = 0; round < maxDays; round++) {
    const day = before === undefined ? untilDay : dayAfter(before.day)
    if (day > untilDay) break
    before = await sealDay(day, before)
    sealed.push(day)
  }
  return { sealed }
})

async function sealDay(day: string, before: Statement | undefined): Promise<Statement> {
  const days = await readDay(day)
  for (const { stretch, broken } of days) {
    if (broken === undefined) continue
    count('AuditBroken', {})
    logger.error(`The audit trail is broken at entry ${broken}`, { correlationId: stretch.case })
  }
  await storeSealed(
    day,
    days.map(({ stretch }) => stretch),
  )
  // What is signed is what was stored, also by a run before that was cut short.
  const statement = statementOf(day, before === undefined ? noEntry : hashOfStatement(before), await readSealed(day))
  if (!(await storeSeal(await sign(statement), await readPublicKey()))) throw new Error(`${day} was sealed meanwhile`)
  // A witness outside of the table.
  logger.info(`Sealed the audit trail of ${day}`, { ...statement })
  return statement
}
