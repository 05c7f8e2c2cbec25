import * as z from 'zod'
import type { Operation, SendOutcome } from '../port.ts'
import { type TrytonClient, written } from './client.ts'
import { recordsOf, sending, stampOf, writeIfAllUnchanged, writeIfUnchanged } from './send.ts'
import { AnyRecord, Ids, Stamped } from './wire.ts'

/**
 * Documents that no constraint of Tryton's makes unique. One is opened empty, which does nothing however often it is
 * repeated; then one of the empty ones is filled, if it is unchanged, and the stamp says which.
 */
export interface OpenedEmpty {
  readonly model: string
  /** Finds those that bear our reference. */
  readonly domain: readonly unknown[]
  /** The field that is empty until it is filled. */
  readonly lines: 'lines' | 'moves'
}

/** Opens one, unless there is one. `values` may refuse by throwing. */
export function opening(
  client: TrytonClient,
  name: string,
  { model, domain }: OpenedEmpty,
  values: (signal: AbortSignal) => Promise<Readonly<Record<string, unknown>>>,
): Operation {
  return {
    name,
    doubt: 'natural-key',
    send: () =>
      sending(async () => {
        const signal = client.deadline()
        const opened = await client.search(AnyRecord, model, domain, [], signal)
        if (opened.length > 0) return { kind: 'exists' }
        return written(await client.write(`model.${model}.create`, [[await values(signal)]], { signal }))
      }),
  }
}

/** Fills the one that the stamp names, and drops the other empty ones. */
export function filling(
  client: TrytonClient,
  name: string,
  opened: OpenedEmpty,
  values: (signal: AbortSignal, id: number) => Promise<Readonly<Record<string, unknown>>>,
): Operation {
  const fill = onStamped(client, name, opened.model, 'write', async (signal, id) => {
    const written = await values(signal, id)
    await dropSurplus(client, opened, id, signal)
    return [written]
  })
  return { ...fill, send: (stamp) => sending(() => unlessFilled(client, opened, stamp, () => fill.send(stamp))) }
}

/** What is filled already is looked at no more: there would be nothing left to fill it with, which is no refusal. */
export async function unlessFilled(
  client: TrytonClient,
  { model }: OpenedEmpty,
  stamp: string | undefined,
  fill: () => Promise<SendOutcome>,
): Promise<SendOutcome> {
  const [record] = recordsOf(model, stamp)
  const [now] = record === undefined ? [] : await client.records(Stamped, model, [record.id], ['_timestamp'])
  return now !== undefined && now._timestamp === record?.stamp ? fill() : { kind: 'changed' }
}

/** Presses a button of the record that the stamp names. */
export function onStamped(
  client: TrytonClient,
  name: string,
  model: string,
  method: string,
  values: (signal: AbortSignal, id: number) => Promise<readonly unknown[]> = async () => [],
): Operation {
  return {
    name,
    doubt: 'if-unchanged',
    send: (stamp) =>
      sending(async (): Promise<SendOutcome> => {
        const signal = client.deadline()
        const [record] = recordsOf(model, stamp)
        if (record === undefined) return { kind: 'changed' }
        const params = [[record.id], ...(await values(signal, record.id))]
        return writeIfUnchanged(client, record, `model.${model}.${method}`, params, { signal })
      }),
  }
}

/** The filled ones, or else one that is empty. */
export function chosen<Found>(found: readonly Found[], isEmpty: (one: Found) => boolean): readonly Found[] {
  const filled = found.filter((one) => !isEmpty(one))
  return filled.length > 0 ? filled : found.slice(0, 1)
}

/**
 * Deletes other empty ones, of lost answers, or cancels them where they are shipments, which Tryton keeps. One that cannot
 * be stays where it is: it does nothing.
 */
export async function dropSurplus(
  client: TrytonClient,
  { model, domain, lines }: OpenedEmpty,
  keep: number,
  signal: AbortSignal,
): Promise<void> {
  const Opened = Stamped.extend({ lines: Ids.optional(), moves: Ids.optional(), state: z.string() })
  const all = await client.search(Opened, model, domain, ['_timestamp', 'state', lines], signal)
  const empty = all.filter((one) => one.id !== keep && one.state === 'draft' && one[lines]?.length === 0)
  if (empty.length === 0) return
  const ids = empty.map(({ id }) => id)
  const method = lines === 'moves' ? 'cancel' : 'delete'
  await writeIfAllUnchanged(client, recordsOf(model, stampOf(empty)), `model.${model}.${method}`, [ids], { signal })
}
