import {
  DescribeArchiveCommand,
  DescribeReplayCommand,
  ListRulesCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge'
import { BatchGetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { caseList } from '#aws/case-store.ts'
import { dynamo } from '#aws/clients/dynamo.ts'
import { events } from '#aws/clients/events.ts'
import { replayArchive } from '../../../bin/commands/replay/replay-archive.ts'
import { replayCommand } from '../../../bin/commands/replay.ts'

const arnOf = (what: string) => `arn:aws:events:eu-central-1:123456789012:${what}`
const archive = { arn: arnOf('archive/postonce'), busArn: arnOf('event-bus/bus') }
const orders = arnOf('rule/bus/orders')
const signals = arnOf('rule/bus/signals')
const span = ['--from', '2026-03-01T06:00:00.750Z', '--to', '2026-03-01T07:00:00Z']

type Answer = (input: object) => object
/** By the name of the request; a request that is not listed is refused. */
type Answers = Readonly<Record<string, Answer>>

const ruleOf = (Arn: string, ...types: readonly string[]) => ({
  Arn,
  EventPattern: JSON.stringify({ 'detail-type': types }),
})
const answers: Answers = {
  [DescribeArchiveCommand.name]: () => ({ ArchiveArn: archive.arn, EventSourceArn: archive.busArn }),
  [ListRulesCommand.name]: (input) =>
    'NextToken' in input
      ? { Rules: [ruleOf(signals, 'GoodsIssued')] }
      : { Rules: [ruleOf(orders, 'SalesOrderSubmitted'), ruleOf('other', 'DecisionMade')], NextToken: 'more' },
  [StartReplayCommand.name]: () => ({ State: 'STARTING' }),
  [DescribeReplayCommand.name]: () => ({ State: 'COMPLETED' }),
}
const emptyTable: Answers = { [QueryCommand.name]: () => ({ Items: [] }) }

/** What was asked of AWS, by the name of the request. */
let asked: [string, object][]
const askedOf = (name: string) => asked.flatMap(([one, input]) => (one === name ? [input] : []))

function answerWith(bus: Answers, table: Answers = emptyTable) {
  const answer = (by: Answers) => async (command: { readonly input: object }) => {
    asked.push([command.constructor.name, command.input])
    const one = by[command.constructor.name]
    if (one === undefined) throw new Error(`Nobody may ask for ${command.constructor.name}`)
    return one(command.input)
  }
  vi.spyOn(events, 'send').mockImplementation(answer(bus))
  vi.spyOn(dynamo, 'send').mockImplementation(answer(table))
}

/** What the command prints for people and programs, and what it tells beside. */
async function replay(...words: readonly string[]) {
  const said = { out: '', beside: '' }
  const keep = (where: keyof typeof said) => (chunk: unknown) => {
    said[where] += String(chunk)
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'))
  vi.spyOn(process.stderr, 'write').mockImplementation(keep('beside'))
  await replayCommand().parseAsync([...span, ...words], { from: 'user' })
  return said
}

beforeEach(() => {
  asked = []
  vi.stubEnv('HUB_TABLE', 'table')
  vi.stubEnv('BUS_NAME', 'bus')
  answerWith(answers)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

describe('the dry run of a replay of the archive', () => {
  it('says the time and the rules, and starts nothing', async () => {
    const { out } = await replay('--dry-run')
    const [first, ...rest] = out.trimEnd().split('\n')
    expect(first).toContain('would bring again everything from 2026-03-01T06:00:00.000Z to 2026-03-01T07:00:00.000Z')
    expect(rest).toEqual([
      `  ${orders}`,
      `  ${signals}`,
      'Nothing was done. How many events that are, EventBridge does not tell before.',
      '',
      'Of what happened in that time, the hub has taken:',
      '0 would be started, 0 have nothing to do, 0 cannot be looked at. Nothing was done.',
    ])
    const names = new Set(asked.map(([name]) => name))
    expect(names).toEqual(new Set([DescribeArchiveCommand.name, ListRulesCommand.name, QueryCommand.name]))
  })

  it('goes without what the hub has taken where that is too much to be read', async () => {
    const keys = Array.from({ length: 10_000 }, (_, at) => ({ pk: `shop/sales-order/${at}`, sk: 'CASE' }))
    const open = caseList('order-to-cash', 'open')
    const isOfOpen = z.looseObject({ ExpressionAttributeValues: z.looseObject({ ':list': z.literal(open) }) })
    const Asked = z.object({
      RequestItems: z.object({ table: z.object({ Keys: z.array(z.object({ pk: z.string() })) }) }),
    })
    const caseOf = ({ pk }: { readonly pk: string }) => ({
      ...{ pk, process: 'order-to-cash', status: 'open', owner: { executionArn: 'arn', epoch: 1, redriveCount: 0 } },
      ...{ version: 1, fingerprint: 'f', currency: 'EUR', netTotal: '1', lines: [], signalCount: 0 },
      ...{ acceptedAtMs: 0, deadlineAtMs: 0, deadlinesTold: 0, listedAtMs: 0 },
    })
    answerWith(answers, {
      [QueryCommand.name]: (input) => ({
        Items: isOfOpen.safeParse(input).success ? keys.map((key) => ({ ...key, listedAtMs: 0 })) : [],
      }),
      [BatchGetCommand.name]: (input) => ({
        Responses: { table: Asked.parse(input).RequestItems.table.Keys.map(caseOf) },
      }),
    })
    const { out } = await replay('--dry-run')
    expect(out).toContain('would bring again everything')
    expect(out).toContain('What the hub has taken of it is not listed: There are more than 10000 cases')
  })
})

describe('a replay of the archive', () => {
  it('is asked of EventBridge once: the archive, the whole seconds of the time, and no rule but ours', async () => {
    const { out, beside } = await replay('--json')
    const [asking, ...more] = askedOf(StartReplayCommand.name)
    expect(more).toEqual([])
    expect(asking).toEqual({
      // What EventBridge allows as a name.
      ReplayName: expect.stringMatching(/^postonce-[-._A-Za-z0-9]{1,55}$/),
      EventSourceArn: archive.arn,
      Destination: { Arn: archive.busArn, FilterArns: [orders, signals] },
      EventStartTime: new Date('2026-03-01T06:00:00Z'),
      EventEndTime: new Date('2026-03-01T07:00:00Z'),
    })
    const { name, ...said } = JSON.parse(out)
    expect(asking).toMatchObject({ ReplayName: name })
    expect(said).toEqual({
      ...{ rules: [orders, signals], dryRun: false, state: 'COMPLETED' },
      ...{ from: '2026-03-01T06:00:00.000Z', to: '2026-03-01T07:00:00.000Z' },
    })
    expect(beside).toContain(`The replay ${name} goes on in EventBridge, even if this command is stopped.`)
    // What the hub had taken of it is looked at in a dry run alone.
    expect(askedOf(QueryCommand.name)).toEqual([])
  })

  it('says to a person what was brought again, and to which rules', async () => {
    const { out } = await replay()
    expect(out).toMatch(
      /^The archive has brought again everything from .* \(postonce-.*: COMPLETED\), to these rules:\n/,
    )
    expect(out).toContain(`  ${orders}\n  ${signals}\n`)
  })

  it('is followed until it is over, and started no second time', async () => {
    const states = ['STARTING', 'RUNNING', 'RUNNING', 'COMPLETED'].values()
    answerWith({ ...answers, [DescribeReplayCommand.name]: () => ({ State: states.next().value }) })
    const pauses: number[] = []
    vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const times = { fromMs: 0, toMs: 1_000, dryRun: false }
    const { name, state } = await replayArchive(archive, 'bus', times, async (pauseMs) => pauses.push(pauseMs))
    expect(state).toBe('COMPLETED')
    expect(pauses).toEqual([5_000, 5_000, 5_000])
    expect(askedOf(DescribeReplayCommand.name)).toEqual(Array(4).fill({ ReplayName: name }))
    expect(askedOf(StartReplayCommand.name)).toHaveLength(1)
  })

  it.each([
    [{ State: 'FAILED', StateReason: 'The destination was deleted' }, 'ended as FAILED: The destination was deleted'],
    [{ State: 'CANCELLED' }, 'ended as CANCELLED: no reason'],
  ])('that ends as %o is an error, and nothing is said to have been brought', async (ended, message) => {
    answerWith({ ...answers, [DescribeReplayCommand.name]: () => ended })
    await expect(replay()).rejects.toThrow(message)
    expect(process.stdout.write).not.toHaveBeenCalled()
  })

  it('is not begun when the bus has no rule that would hear it', async () => {
    answerWith({ ...answers, [ListRulesCommand.name]: () => ({ Rules: [ruleOf('other', 'DecisionMade')] }) })
    await expect(replay()).rejects.toThrow('The bus bus has no rule that starts a case or records a signal')
    expect(askedOf(StartReplayCommand.name)).toEqual([])
  })
})

describe('a replay', () => {
  const archiveThatSays = (name: string) => () => {
    throw Object.assign(new Error('The archive says no'), { name })
  }

  it('is from the table where there is no archive', async () => {
    answerWith({ [DescribeArchiveCommand.name]: archiveThatSays('ResourceNotFoundException') })
    expect((await replay()).out).toContain('0 started')
    expect(askedOf(QueryCommand.name)).not.toEqual([])
  })

  it('is none where nobody knows whether there is an archive', async () => {
    answerWith({ [DescribeArchiveCommand.name]: archiveThatSays('AccessDeniedException') })
    await expect(replay()).rejects.toThrow('The archive says no')
    expect(askedOf(QueryCommand.name)).toEqual([])
  })

  it('with --detail-type asks no archive, since EventBridge cannot filter it', async () => {
    const { out } = await replay('--detail-type', 'GoodsIssued')
    expect(out).toContain('0 started')
    expect(asked.every(([name]) => name === QueryCommand.name)).toBe(true)
  })

  it('with --case asks no archive either, and takes a case that is not there for no success', async () => {
    await expect(replay('--case', 'shop/sales-order/T1')).rejects.toThrow('There is no case shop/sales-order/T1')
    expect(asked).not.toEqual([])
    expect(asked.every(([name]) => name === QueryCommand.name)).toBe(true)
  })
})
