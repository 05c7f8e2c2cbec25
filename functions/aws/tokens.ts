import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn'
import { DeleteCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { dynamo } from './clients/dynamo.ts'
import { stepFunctions } from './clients/step-functions.ts'
import { environment } from './environment.ts'
import { readTokens, type TokenItem } from './signal-store.ts'

/**
 * Wakes every execution that sleeps on this case. A wake-up carries nothing and may be spurious, double or stale.
 * @returns how many were woken
 */
export async function wake(caseKey: string): Promise<number> {
  const tokens = await readTokens(caseKey)
  for (const token of tokens) await answer(token)
  return tokens.length
}

/** Answers a token, then removes that item alone; a token that nobody waits for any more is removed as well. */
async function answer({ pk, sk, token }: TokenItem): Promise<void> {
  try {
    await stepFunctions.send(new SendTaskSuccessCommand({ taskToken: token, output: '{}' }))
  } catch (error) {
    if (!Stale.safeParse(error).success) throw error
  }
  await dynamo.send(new DeleteCommand({ TableName: environment().HUB_TABLE, Key: { pk, sk } }))
}

const Stale = z.object({ name: z.enum(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']) })
