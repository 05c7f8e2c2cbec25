import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn'
import { DeleteCommand } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import type { NextEvent } from '#domain/next-event/situation.ts'
import { type CaseStory, nextEventOf, readStory } from './case-story.ts'
import { dynamo } from './clients/dynamo.ts'
import { stepFunctions } from './clients/step-functions.ts'
import { clock } from './clock.ts'
import { environment } from './environment.ts'
import { readTokens, type TokenItem } from './signal-store.ts'

/**
 * Wakes every execution that sleeps on this case. A wake-up may be spurious, double or stale.
 * @returns how many were woken; those whose token is stale sleep no more
 */
export async function wake(caseKey: string): Promise<number> {
  const tokens = await readTokens(caseKey)
  if (tokens.length === 0) return 0
  const story = await readStory(caseKey)
  let woken = 0
  for (const token of tokens) if (await answer(token, story)) woken++
  return woken
}

/**
 * Answers a token with what is to be done next, then removes that item alone; a token that nobody waits for any more is
 * removed as well.
 * @param story read after the token was: if the answer is taken, the execution has slept since, and nothing of its case has
 *   been carried out meanwhile
 */
export async function answer(token: TokenItem, story: CaseStory | undefined): Promise<boolean> {
  return await answerWith(token, { next: plainNextOf(story) })
}

/** … with anything. */
export async function answerWith({ pk, sk, token }: TokenItem, answered: object): Promise<boolean> {
  let isWoken = true
  try {
    const output = JSON.stringify(answered)
    await stepFunctions.send(new SendTaskSuccessCommand({ taskToken: token, output }))
  } catch (error) {
    if (!Stale.safeParse(error).success) throw error
    isWoken = false
  }
  await dynamo.send(new DeleteCommand({ TableName: environment().HUB_TABLE, Key: { pk, sk } }))
  return isWoken
}

/** What PickNextEvent would say, where it only says so: the steps of such a branch see for themselves who owns the case. */
function plainNextOf(story: CaseStory | undefined): NextEvent | undefined {
  if (story?.case.status !== 'open') return undefined
  const next = nextEventOf(story, clock.nowMs())
  return notPlain.has(next.kind) ? undefined : next
}

/** PickNextEvent writes something itself, or what it says is published without a step that looks for the owner. */
const notPlain: ReadonlySet<NextEvent['kind']> = new Set([
  'nothing-yet',
  'set-aside',
  'replacement',
  'settled',
  'deadline',
  'refusal',
])

const Stale = z.object({ name: z.enum(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']) })
