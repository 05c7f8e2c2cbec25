import { BusinessError, RetryableError } from '#domain/errors.ts'
import type { Operation, SendOutcome } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { outcomeOf, type Reply } from './errors.ts'
import { recordId, Stamped } from './wire.ts'

/**
 * Warnings that say nothing the hub does not know. Each is skipped by its name, never all of them.
 *  - invoice_taxes: the taxes are not the product's defaults. The order's own taxes win.
 *  - invoice_payment_term: the due date is past. An invoice may be late; it is still due.
 *  - check_move_quantity: more arrives than was ordered. What arrived has arrived.
 */
const benignWarnings: readonly string[] = ['invoice_taxes', 'invoice_payment_term', 'check_move_quantity']

/** A record as it must still be when the write arrives. */
export interface StampedRecord {
  readonly model: string
  readonly id: number
  readonly stamp: string | undefined
}

/**
 * Runs one operation. Whatever is looked up before its write may fail without harm: nothing has been applied then.
 */
export async function sending(work: () => Promise<SendOutcome>): Promise<SendOutcome> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RetryableError) return { kind: 'not-applied', cause: error }
    if (error instanceof BusinessError) {
      const { code, message, field, owner } = error
      return { kind: 'refused', refusal: { code, message, field, owner } }
    }
    throw error
  }
}

/** What one step does with the record that it is for. */
export type Send<Found> = (found: Found, stamp: string | undefined, signal: AbortSignal) => Promise<SendOutcome>

/** Makes the operations of a document that is looked up anew by each, and sends nothing where there is none. */
export function stepsOn<Found>(
  client: TrytonClient,
  find: (signal: AbortSignal) => Promise<readonly Found[]>,
  whenMissing: (signal: AbortSignal) => SendOutcome | Promise<SendOutcome>,
): (name: string, send: Send<Found>) => Operation {
  return (name, send) => ({
    name,
    doubt: 'if-unchanged',
    send: (stamp) =>
      sending(async () => {
        const signal = client.deadline()
        const [found] = await find(signal)
        return found === undefined ? whenMissing(signal) : send(found, stamp, signal)
      }),
  })
}

/** Presses a button of a record, or calls another of its methods, if it is unchanged. */
export function press(
  client: TrytonClient,
  record: StampedRecord,
  method: string,
  signal: AbortSignal,
  values: readonly unknown[] = [],
): Promise<SendOutcome> {
  const params = [[record.id], ...values]
  return writeIfUnchanged(client, record, `model.${record.model}.${method}`, params, { signal })
}

/**
 * Writes with the record's stamp, so that Tryton refuses it when the record has changed since (`_timestamp`,
 * trytond/model/modelsql.py). Many rules are checked before the stamp: a repeated payment is "greater than the amount
 * to pay", a repeated confirm "can not be called". So a refusal counts only while the record still bears the stamp.
 */
export function writeIfUnchanged(
  client: TrytonClient,
  record: StampedRecord,
  method: string,
  params: readonly unknown[],
  options: { readonly signal: AbortSignal; readonly context?: Readonly<Record<string, unknown>> },
): Promise<SendOutcome> {
  return writeIfAllUnchanged(client, [record], method, params, options)
}

/** The same for several records of one model. */
export async function writeIfAllUnchanged(
  client: TrytonClient,
  records: readonly StampedRecord[],
  method: string,
  params: readonly unknown[],
  options: { readonly signal: AbortSignal; readonly context?: Readonly<Record<string, unknown>> },
): Promise<SendOutcome> {
  const stamps = Object.fromEntries(
    records.map(({ model, id, stamp }) => {
      if (stamp === undefined) throw new Error(`${method} needs the stamp of ${model} ${id}`)
      return [`${model},${id}`, stamp]
    }),
  )
  const write = () => client.write(method, params, { ...options, stamps })
  const reply = await withoutBenignWarnings(client, write, options.signal)
  if (reply.kind === 'result') return { kind: 'answered' }
  const outcome = outcomeOf(reply)
  if (outcome.kind !== 'refused') return outcome
  const isAsStamped = async ({ model, id, stamp }: StampedRecord) => {
    const [now] = await client.search(Stamped, model, [['id', '=', id]], ['_timestamp'], options.signal)
    return now?._timestamp === stamp
  }
  const same = await Promise.all(records.map(isAsStamped))
  return same.every(Boolean) ? outcome : { kind: 'changed' }
}

/** One stamp for several records of a model, which names them. */
export function stampOf(records: readonly { readonly id: number; readonly _timestamp: string | null }[]): string {
  return records.map(({ id, _timestamp }) => `${id}@${_timestamp}`).join(';')
}

/** The records that such a stamp names. */
export function recordsOf(model: string, stamp: string | undefined): readonly (StampedRecord & { stamp: string })[] {
  return (stamp ?? '').split(';').flatMap((one) => {
    const [id = '', timestamp] = one.split('@')
    return timestamp === undefined ? [] : [{ model, id: recordId(id), stamp: timestamp }]
  })
}

/** A warning rolls back, so the same write may be sent again once its warning is skipped; each warning once. */
async function withoutBenignWarnings(
  client: TrytonClient,
  write: () => Promise<Reply>,
  signal: AbortSignal,
): Promise<Reply> {
  const skipped = new Set<string>()
  for (;;) {
    const reply = await write()
    if (reply.kind !== 'user-warning' || skipped.has(reply.name)) return reply
    if (!benignWarnings.some((name) => reply.name.endsWith(`.${name}`))) return reply
    skipped.add(reply.name)
    const skip = await client.write('model.res.user.warning.skip', [reply.name, false], { signal })
    if (skip.kind !== 'result') return { kind: 'not-applied', cause: new Error('A warning could not be skipped') }
  }
}
