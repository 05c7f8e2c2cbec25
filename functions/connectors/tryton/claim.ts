import type { BusinessError } from '#domain/errors.ts'
import type { SendOutcome } from '../port.ts'
import type { TrytonClient } from './client.ts'
import { type FoundSale, saleModel } from './sale.ts'
import { press, type StampedRecord } from './send.ts'
import type { Standing } from './withdrawal.ts'

/**
 * What is to become of a sale is first claimed on it, in a line of its comment: the one text that may be written on a
 * sale in every state. A claim that comes to nothing is taken back by a line that says so, since what a person has
 * written there in the meantime must stay.
 */
export interface Claim {
  readonly mark: string
  /** The sale that the claim has brought with it, which goes when it does. */
  readonly ownSale?: (signal: AbortSignal) => Promise<FoundSale | undefined>
}

const takenBack = (mark: string) => `withdrawn: ${mark}`

/** Claims on a sale that hold. */
export function claimsIn(comment: string | null): readonly string[] {
  const lines = (comment ?? '').split('\n')
  return lines.filter((line) => !lines.includes(takenBack(line)))
}

export function isMarked({ sale }: Standing, mark: string): boolean {
  return claimsIn(sale.comment).includes(mark)
}

export function isTakenBack({ sale }: Standing, mark: string): boolean {
  return (sale.comment ?? '').split('\n').includes(takenBack(mark))
}

/** Writes one more line on the sale, which also outdates every stamp that was read before. */
export function writeLine(
  client: TrytonClient,
  { comment }: Standing['sale'],
  record: StampedRecord,
  line: string,
  signal: AbortSignal,
): Promise<SendOutcome> {
  return press(client, record, 'write', signal, [{ comment: [comment, line].filter(Boolean).join('\n') }])
}

/**
 * Refuses what comes too late, after taking back what the claim has done: first the claim, so that whoever comes after
 * knows who cancels its sale, then that sale. What is not known to be taken back is tried again by the next attempt: it
 * finds the rest to do, and a late write of this one finds another stamp.
 */
export async function refuseClaim(
  client: TrytonClient,
  standing: Standing,
  { mark, ownSale }: Claim,
  { code, message, field, owner }: BusinessError,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const { sale } = standing
  if (isMarked(standing, mark)) {
    const record = { model: saleModel, id: sale.id, stamp: sale._timestamp ?? undefined }
    const outcome = await writeLine(client, sale, record, takenBack(mark), signal)
    if (outcome.kind !== 'answered') return again(mark, outcome)
  }
  const own = await ownSale?.(signal)
  if (own?.state === 'draft' || own?.state === 'quotation') {
    const record = { model: saleModel, id: own.id, stamp: own._timestamp ?? undefined }
    const outcome = await press(client, record, 'cancel', signal)
    if (outcome.kind !== 'answered') return again(mark, outcome)
  }
  return { kind: 'refused', refusal: { code, message, field, owner }, undone: true }
}

function again(mark: string, outcome: SendOutcome): SendOutcome {
  return { kind: 'not-applied', cause: new Error(`"${mark}" could not be taken back: ${outcome.kind}`) }
}
