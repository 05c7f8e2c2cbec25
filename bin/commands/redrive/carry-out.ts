import { RedriveExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn'
import * as z from 'zod'
import { nobody } from '#aws/case-store.ts'
import { stepFunctions } from '#aws/clients/step-functions.ts'
import { machineOf } from '#aws/describe-execution.ts'
import { sendEntries } from '../publish/send-entries.ts'
import { CommandError } from '../terminal/explain.ts'
import { acceptedBy, originalEvent, type RedrivePlan, type RedriveTarget } from './plan-redrive.ts'

const NotRedrivable = z.object({ name: z.literal('ExecutionNotRedrivable') })

/** Does what was planned. @returns what was started, in words */
export async function carryOut(plan: RedrivePlan, target: RedriveTarget, bus: string): Promise<string> {
  switch (plan.do) {
    case 'redrive':
      return await redrive(plan)
    case 'take-over':
      return await takeOver(plan)
    case 'run-again':
      return `started ${await start(plan, await originalEvent(plan))} with the original event`
    case 'publish-again':
      return await publishAgain(target, bus)
    case 'nothing':
      return plan.why
  }
}

async function redrive(plan: RedrivePlan): Promise<string> {
  try {
    await stepFunctions.send(new RedriveExecutionCommand({ executionArn: plan.execution }))
    return 'redriven'
  } catch (error) {
    // It may have become too old, or too long, since it was looked at.
    if (!NotRedrivable.safeParse(error).success || plan.case === undefined) throw error
    return await takeOver(plan)
  }
}

/** The accept table makes it safe: whoever comes second ends as a duplicate. */
async function takeOver(plan: RedrivePlan): Promise<string> {
  return `taken over by ${await start(plan, { resume: plan.case })}`
}

async function start(plan: RedrivePlan, input: unknown): Promise<string> {
  const stateMachineArn = await machineFor(plan)
  const { executionArn } = await stepFunctions.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  )
  return String(executionArn)
}

async function machineFor({ case: caseKey, execution = nobody }: RedrivePlan): Promise<string> {
  const known = [execution, ...(await acceptedBy(caseKey))].find((arn) => arn !== nobody)
  if (known === undefined) throw new CommandError(`No execution of ${caseKey} is known, and so no machine`)
  return machineOf(known)
}

async function publishAgain(target: RedriveTarget, bus: string): Promise<string> {
  if (target.kind !== 'event') throw new CommandError('There is no event to publish again')
  const { event } = target
  const { source, 'detail-type': detailType, detail } = event
  const { failed } = await sendEntries([{ where: event.id, source, detailType, detail }], bus, () => {})
  const [first] = failed
  if (first !== undefined) throw new CommandError(`The bus did not take it: ${first.code} ${first.message}`)
  return 'published again'
}
