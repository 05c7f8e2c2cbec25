import {
  DescribeArchiveCommand,
  DescribeReplayCommand,
  ListRulesCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge'
import * as z from 'zod'
import { events } from '#aws/clients/events.ts'
import { signalEvents, startingEvents } from '#domain/events.ts'
import { CommandError } from '../terminal/explain.ts'

const archiveName = 'postonce'
const Missing = z.object({ name: z.literal('ResourceNotFoundException') })
const Pattern = z.object({ 'detail-type': z.array(z.unknown()).default([]) })

export interface Archive {
  readonly arn: string
  readonly busArn: string
}

/** The archive of everything that systems said; undefined where there is none. */
export async function findArchive(): Promise<Archive | undefined> {
  try {
    const { ArchiveArn, EventSourceArn } = await events.send(new DescribeArchiveCommand({ ArchiveName: archiveName }))
    return ArchiveArn === undefined || EventSourceArn === undefined
      ? undefined
      : { arn: ArchiveArn, busArn: EventSourceArn }
  } catch (error) {
    if (Missing.safeParse(error).success) return undefined
    throw error
  }
}

export interface ListedRule {
  readonly Arn?: string | undefined
  readonly EventPattern?: string | undefined
}

/**
 * The rules that start cases and record signals. No other one hears a replay: what people have decided, and what was no
 * event of the hub at all, is not told again.
 */
export function rulesOfEvents(rules: readonly ListedRule[]): readonly string[] {
  const known = new Set([...Object.keys(startingEvents), ...Object.keys(signalEvents)])
  return rules.flatMap(({ Arn, EventPattern = '{}' }) => {
    const { 'detail-type': types } = Pattern.parse(JSON.parse(EventPattern))
    return Arn !== undefined && types.some((type) => typeof type === 'string' && known.has(type)) ? [Arn] : []
  })
}

/** @throws CommandError when the bus has none: then a replay would go nowhere */
export async function readRules(bus: string): Promise<readonly string[]> {
  const rules: ListedRule[] = []
  let next: string | undefined
  do {
    const page: { Rules?: ListedRule[]; NextToken?: string | undefined } = await events.send(
      new ListRulesCommand({ EventBusName: bus, ...(next !== undefined && { NextToken: next }) }),
    )
    rules.push(...(page.Rules ?? []))
    next = page.NextToken
  } while (next !== undefined)
  const found = rulesOfEvents(rules)
  if (found.length === 0) throw new CommandError(`The bus ${bus} has no rule that starts a case or records a signal`)
  return found
}

export async function startReplay(
  name: string,
  archive: Archive,
  rules: readonly string[],
  fromMs: number,
  toMs: number,
): Promise<void> {
  await events.send(
    new StartReplayCommand({
      ReplayName: name,
      EventSourceArn: archive.arn,
      Destination: { Arn: archive.busArn, FilterArns: [...rules] },
      EventStartTime: new Date(fromMs),
      EventEndTime: new Date(toMs),
    }),
  )
}

export interface ReplayState {
  readonly state: string
  readonly reason?: string | undefined
  /** Everything until then has been brought again. */
  readonly lastEventAt?: Date | undefined
}

export async function readReplay(name: string): Promise<ReplayState> {
  const {
    State = 'UNKNOWN',
    StateReason,
    EventLastReplayedTime,
  } = await events.send(new DescribeReplayCommand({ ReplayName: name }))
  return { state: State, reason: StateReason, lastEventAt: EventLastReplayedTime }
}
