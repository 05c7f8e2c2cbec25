import type { AuditFacts } from '#domain/audit/entry.ts'
import { type Pause, Pauses } from '#domain/erp-budget/pause.ts'
import { parse } from '#domain/schema.ts'
import { type Person, transactTold } from '../audit.ts'
import { clock, isoOf } from '../clock.ts'
import { type Key, read } from '../table.ts'

/** Strongly consistent. */
export async function readPauses(account: string): Promise<Pauses> {
  return pausesOf(account, await read(keyOf(account)))
}

export interface PauseChange {
  readonly account: string
  /** Absent: the whole account. */
  readonly flow: string | undefined
  readonly person: Person & { readonly reason: string }
}

/**
 * Nothing more begins until it is resumed, or until then; what is under way goes on. A second pause replaces the first
 * while that holds, and what it has lasted counts: who waits has waited since then, and looks again accordingly.
 * Who did it and why stands in the account's audit trail, in the same write.
 * @returns the pause, and the one whose place it takes
 */
export async function pause(
  { person: { person, reason }, ...what }: PauseChange,
  untilMs: number | undefined,
): Promise<{ readonly made: Pause; readonly instead: Pause | undefined }> {
  const nowMs = clock.nowMs()
  const holding = (before: Pause | undefined) => ((before?.untilMs ?? nowMs + 1) > nowMs ? before : undefined)
  const fresh: Pause = { by: person, reason, sinceMs: nowMs, ...(untilMs !== undefined && { untilMs }) }
  const make = (before: Pause | undefined) => ({ ...fresh, sinceMs: holding(before)?.sinceMs ?? nowMs })
  const before = await write({ ...what, person: { person, reason } }, make)
  return { made: make(before), instead: holding(before) }
}

/** @returns the pause that is over; undefined when there was none */
export async function resume(change: PauseChange): Promise<Pause | undefined> {
  return await write(change, () => undefined)
}

async function write(
  { account, flow, person }: PauseChange,
  next: (before: Pause | undefined) => Pause | undefined,
): Promise<Pause | undefined> {
  for (;;) {
    const item = await read(keyOf(account))
    const seen = pausesOf(account, item)
    const before = flow === undefined ? seen.account : seen.flows[flow]
    const after = next(before)
    if (before === undefined && after === undefined) return undefined
    const version = typeof item?.version === 'number' ? item.version : 0
    const put = { ...keyOf(account), version: version + 1, pauses: withPause(seen, flow, after) }
    const condition = version === 0 ? 'attribute_not_exists(pk)' : 'version = :seen'
    const part = { put, condition, ...(version > 0 && { values: { ':seen': version } }) }
    const written = await transactTold(`ERP#${account}`, [part], {
      stage: after === undefined ? 'resumed' : 'paused',
      by: person,
      before: factsOf(flow, before),
      after: factsOf(flow, after),
    })
    if (written.ok) return before
  }
}

function withPause({ account, flows }: Pauses, flow: string | undefined, pause: Pause | undefined): Pauses {
  if (flow === undefined) return { ...(pause && { account: pause }), flows }
  const { [flow]: _before, ...others } = flows
  return { ...(account && { account }), flows: { ...others, ...(pause && { [flow]: pause }) } }
}

function factsOf(flow: string | undefined, pause: Pause | undefined): AuditFacts {
  const facts = { of: flow ?? 'account', is: pause === undefined ? 'running' : 'paused' }
  return pause?.untilMs === undefined ? facts : { ...facts, until: isoOf(pause.untilMs) }
}

function keyOf(account: string): Key {
  return { pk: `ERP#${account}`, sk: 'PAUSES' }
}

function pausesOf(account: string, item: Record<string, unknown> | undefined): Pauses {
  return item === undefined ? { flows: {} } : parse(Pauses, item.pauses, `The pauses of the ERP account ${account}`)
}
