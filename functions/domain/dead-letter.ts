import * as z from 'zod'
import type { CaseStatus } from './accept.ts'

/** A dead letter as the hub's own functions send it, and as the rule for unknown kinds of events does. */
const SentLetter = z.object({
  id: z.string(),
  caseKey: z.string().optional(),
  executionArn: z.string().optional(),
  item: z.string().optional(),
  stage: z.string().optional(),
  system: z.string().optional(),
  class: z.string(),
  code: z.string(),
  owner: z.string(),
  message: z.string(),
  signature: z.string(),
})

/** An event that nothing could take: EventBridge, or the queue before a function, puts it here as it was. */
const UndeliveredEvent = z.object({
  id: z.string(),
  source: z.string(),
  'detail-type': z.string(),
  detail: z.record(z.string(), z.unknown()),
})
export type UndeliveredEvent = z.output<typeof UndeliveredEvent>

/** A dead letter, whoever sent it. */
export interface Letter {
  readonly id: string
  readonly signature: string
  readonly caseKey?: string | undefined
  readonly executionArn?: string | undefined
  /** Which redrive of the execution it is about. */
  readonly redriveCount?: number | undefined
  /** The question of the inbox that asks about it. */
  readonly item?: string | undefined
  readonly class: string
  readonly code: string
  readonly owner: string
  readonly message: string
  /** The event itself, where nothing could take it. */
  readonly event?: UndeliveredEvent | undefined
}

/** Why the bus put an event into the queue: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
export interface DeliveryError {
  readonly code?: string | undefined
  readonly message?: string | undefined
}

/** Reads a message of the queue; what it cannot understand is a letter, too: nothing there is overlooked. */
export function readLetter(body: string, messageId: string, { code, message }: DeliveryError = {}): Letter {
  const value = parseJson(body)
  const sent = SentLetter.safeParse(value)
  if (sent.success) return { ...sent.data, redriveCount: redriveCountOf(sent.data) }
  const event = UndeliveredEvent.safeParse(value)
  const reason = code ?? 'UNDELIVERED'
  if (event.success) {
    const { id, source, 'detail-type': type } = event.data
    return {
      id,
      signature: ['Bus', 'undelivered', reason, source, type].join(' | '),
      class: 'undelivered',
      code: reason,
      owner: 'integration',
      message: message ?? `Nothing could take the event ${type} of ${source}, which was tried again and again`,
      event: event.data,
    }
  }
  return {
    id: messageId,
    signature: ['Bus', 'undelivered', reason, '-', 'not an event'].join(' | '),
    class: 'undelivered',
    code: reason,
    owner: 'integration',
    message: message ?? 'The message is neither a dead letter of the hub nor an event',
  }
}

function redriveCountOf({ id, executionArn }: z.output<typeof SentLetter>): number | undefined {
  if (executionArn === undefined || !id.startsWith(`${executionArn}/`)) return undefined
  const count = Number(id.slice(executionArn.length + 1))
  return Number.isInteger(count) ? count : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What has become of the thing that a letter is about. */
export interface LetterFacts {
  /** The letter's execution: whether it carried the case, or how it stands where it never had one. */
  readonly execution?: { readonly carries: boolean; readonly hasSucceeded: boolean } | undefined
  readonly case?:
    | {
        readonly status: CaseStatus
        readonly executionArn: string
        readonly redriveCount: number
        /** Of the failure that it stands still for. */
        readonly failedRedriveCount?: number | undefined
        /** Its execution waits for the next event, and so is through with what had failed. */
        readonly sleeps: boolean
      }
    | undefined
  /** How its question of the inbox stands. */
  readonly question?: 'open' | 'proposed' | 'decided' | 'gone' | undefined
}

/**
 * Why nobody has to do anything about a letter any more; undefined while it stands. A letter of an execution that carried
 * its case stands until the case is through with what had failed, ended well, is somebody else's, or failed anew, which
 * another letter tells. Whatever fails later is a letter of its own, so that none is taken away too early.
 */
export function whyCleared(letter: Letter, facts: LetterFacts): string | undefined {
  const { execution, case: theCase, question } = facts
  if (letter.event !== undefined) return undefined
  if (execution?.carries !== true) {
    // A signal without a case, or content that accept did not take: a person was asked.
    if (question === 'decided' || question === 'gone') return `its question is ${question}`
    return execution?.hasSucceeded === true ? 'its execution has succeeded after a redrive' : undefined
  }
  if (theCase === undefined) return undefined
  const { status } = theCase
  if (status === 'completed' || status === 'cancelled' || status === 'closed') return `its case is ${status}`
  if (theCase.executionArn !== letter.executionArn) return 'another execution carries its case on'
  const redriven = letter.redriveCount ?? 0
  if (status === 'open') {
    return theCase.redriveCount > redriven && theCase.sleeps ? 'its case is through with it and waits' : undefined
  }
  return (theCase.failedRedriveCount ?? 0) > redriven ? 'it failed again, which a newer letter tells' : undefined
}
