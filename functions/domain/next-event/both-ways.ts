import { compareDecimals } from '#domain/money.ts'
import { type NextEvent, pick, type SignalFacts, setAside } from './situation.ts'

/** What goods sold and goods bought have in common: signals that wait, and how far the goods are. */
interface Waiting {
  readonly waiting: readonly SignalFacts[]
}

/** One that does not say which goods moved takes what the others leave, so it comes last. */
export function mostDefinite(signals: readonly SignalFacts[]): NextEvent | undefined {
  return pick(signals.find(({ terms }) => terms.lines !== undefined) ?? signals[0])
}

/**
 * A return waits for the movement that it takes back.
 * @param isOver nothing more will move, so that the ERP says what is wrong
 * @param atHand by line, what has moved and is not back
 */
export function dueReturn(
  kind: 'goods-return' | 'supplier-return',
  { waiting }: Waiting,
  { isOver, hasMoved, atHand }: { readonly isOver: boolean; readonly hasMoved: boolean; atHand(line: string): string },
): NextEvent | undefined {
  const isDue = ({ terms }: SignalFacts) =>
    isOver ||
    (terms.lines === undefined
      ? hasMoved
      : terms.lines.every(({ line, quantity }) => compareDecimals(quantity, atHand(line)) <= 0))
  return mostDefinite(waiting.filter((one) => one.kind === kind && isDue(one)))
}

/** The newest version wins; an older one has nothing to say any more. */
export function newestChange(
  {
    waiting,
    facts,
    books,
  }: Waiting & { readonly facts: { readonly version: number }; readonly books: { readonly amendedTo: number } },
  decide: (newest: SignalFacts) => NextEvent | undefined,
): NextEvent | undefined {
  const changes = waiting.filter(({ kind }) => kind === 'change')
  const newest = changes.reduce<SignalFacts | undefined>(
    (best, one) => (best === undefined || Number(one.number) > Number(best.number) ? one : best),
    undefined,
  )
  if (newest === undefined) return undefined
  const older = changes.find((one) => one !== newest)
  if (older !== undefined) return setAside(older, `version ${newest.number} is newer`)
  const stands = Math.max(facts.version, books.amendedTo)
  if (Number(newest.number) <= stands) return setAside(newest, `version ${stands} stands`)
  return decide(newest)
}

/** A cancellation that came too late ends what has not moved, too, unless a person has said that it is not to be closed. */
export function dueClosing(
  { waiting, signals }: Waiting & { readonly signals: readonly SignalFacts[] },
  { isOver, tooLate }: { readonly isOver: boolean; readonly tooLate: string },
): NextEvent | undefined {
  const signal = waiting.find(({ kind }) => kind === 'closing')
  if (signal !== undefined) return isOver ? setAside(signal, 'nothing was left to come') : pick(signal)
  const late = signals.find(
    ({ kind, isConsumed, refusal }) => kind === 'cancellation' && isConsumed && refusal?.code === tooLate,
  )
  const isRefused = signals.some(({ kind, refusal }) => kind === 'closing' && refusal !== undefined)
  return late === undefined || isOver || isRefused ? undefined : { kind: 'closing', number: late.number }
}
