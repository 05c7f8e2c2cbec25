import type * as z from 'zod'
import type { BusinessError } from '#domain/errors.ts'
import type { Operation, SendOutcome } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { press, recordsOf, sending, stampOf } from './send.ts'
import type { OrderHead, Stamped } from './wire.ts'

/**
 * What is to become of a sale or a purchase is first claimed on it, in a line of its comment: the one text that may be
 * written on it in every state. A claim that comes to nothing is taken back by a line that says so, since what a person
 * has written there in the meantime must stay.
 */
export interface Claim {
  readonly model: string
  readonly mark: string
  /** Why a claim that was taken back is refused for good. */
  readonly tooLate: () => BusinessError
  /** The order that the claim has brought with it, which goes when it does. */
  readonly ownOrder?: (
    signal: AbortSignal,
  ) => Promise<(z.output<typeof Stamped> & { readonly state: string }) | undefined>
}

type Order = z.output<typeof OrderHead>

const takenBack = (mark: string) => `withdrawn: ${mark}`

/** Claims on an order that hold. */
export function claimsIn(comment: string | null): readonly string[] {
  const lines = (comment ?? '').split('\n')
  return lines.filter((line) => !lines.includes(takenBack(line)))
}

/** Whether the order counts no more, by what it says itself: Tryton has none but `done` for one that was processed. */
export function isEnded(comment: string | null): boolean {
  return claimsIn(comment).some((claim) => /^(cancelled|replaced by version \d+): /.test(claim))
}

export function isMarked({ comment }: Order, mark: string): boolean {
  return claimsIn(comment).includes(mark)
}

export function isTakenBack({ comment }: Order, mark: string): boolean {
  return (comment ?? '').split('\n').includes(takenBack(mark))
}

/**
 * Says on the order what becomes of it, which also outdates every stamp that was read before.
 * @param find how the order stands, or refuses by throwing
 * @param check refuses by throwing
 */
export function claiming<Standing extends { readonly order: Order }>(
  client: TrytonClient,
  name: string,
  claim: Claim,
  find: (signal: AbortSignal) => Promise<Standing>,
  check: (standing: Standing) => void,
): Operation {
  return {
    name,
    doubt: 'if-unchanged',
    send: (stamp) =>
      sending(async () => {
        const signal = client.deadline()
        const standing = await find(signal)
        const { order } = standing
        if (isTakenBack(order, claim.mark)) return refuseClaim(client, order, claim, signal)
        if (isMarked(order, claim.mark)) return { kind: 'changed' }
        check(standing)
        return writeLine(client, claim.model, order, stamp, claim.mark, signal)
      }),
  }
}

/** Writes one more line on the order that the stamp names. */
async function writeLine(
  client: TrytonClient,
  model: string,
  { comment }: Order,
  stamp: string | undefined,
  line: string,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const [record] = recordsOf(model, stamp)
  if (record === undefined) return { kind: 'changed' }
  return press(client, record, 'write', signal, [{ comment: [comment, line].filter(Boolean).join('\n') }])
}

/**
 * Refuses what comes too late, after taking back what the claim has done: first the claim, so that whoever comes after
 * knows who cancels its order, then that order. What is not known to be taken back is tried again by the next attempt: it
 * finds the rest to do, and a late write of this one finds another stamp.
 */
export async function refuseClaim(
  client: TrytonClient,
  order: Order,
  { model, mark, tooLate, ownOrder }: Claim,
  signal: AbortSignal,
): Promise<SendOutcome> {
  if (isMarked(order, mark)) {
    const outcome = await writeLine(client, model, order, stampOf([order]), takenBack(mark), signal)
    if (outcome.kind !== 'answered') return again(mark, outcome)
  }
  const own = await ownOrder?.(signal)
  if (own?.state === 'draft' || own?.state === 'quotation') {
    const record = { model, id: own.id, stamp: own._timestamp ?? undefined }
    const outcome = await press(client, record, 'cancel', signal)
    if (outcome.kind !== 'answered') return again(mark, outcome)
  }
  const { code, message, field, owner } = tooLate()
  return { kind: 'refused', refusal: { code, message, field, owner }, undone: true }
}

function again(mark: string, outcome: SendOutcome): SendOutcome {
  return { kind: 'not-applied', cause: new Error(`"${mark}" could not be taken back: ${outcome.kind}`) }
}
