import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn'
import { DeleteCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { dynamo } from './clients/dynamo.ts'
import { stepFunctions } from './clients/step-functions.ts'
import { environment } from './environment.ts'
import { readTokens, type TokenItem } from './signal-store.ts'

/**
 * Wakes every execution that sleeps on this case. A wake-up carries nothing and may be spurious, double or stale.
 * @returns how many were woken; those whose token is stale sleep no more
 */
export async function wake(caseKey: string): Promise<number> {
  const tokens = await readTokens(caseKey)
  let woken = 0
  for (const token of tokens) if (await answer(token)) woken++
  return woken
}

/** Answers a token, then removes that item alone; a token that nobody waits for any more is removed as well. */
async function answer({ pk, sk, token }: TokenItem): Promise<boolean> {
  let isWoken = true
  try {
    await stepFunctions.send(new SendTaskSuccessCommand({ taskToken: token, output: '{}' }))
  } catch (error) {
    if (!Stale.safeParse(error).success) throw error
    isWoken = false
  }
  await dynamo.send(new DeleteCommand({ TableName: environment().HUB_TABLE, Key: { pk, sk } }))
  return isWoken
}

const Stale = z.object({ name: z.enum(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']) })
