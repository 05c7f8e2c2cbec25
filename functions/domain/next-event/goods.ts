import { compareDecimals } from '#domain/money.ts'
import { type NextEvent, pick, type SignalFacts, type Situation, setAside } from './situation.ts'
import { refuse } from './under-way.ts'

/** A goods issue that does not say what left takes what the others leave, so it comes last. */
export function goodsIssue({ waiting }: Situation): NextEvent | undefined {
  const issues = waiting.filter((one) => one.kind === 'goods-issue')
  return pick(issues.find(({ terms }) => terms.lines !== undefined) ?? issues[0])
}

export function cancellation({ waiting, books }: Situation): NextEvent | undefined {
  const signal = waiting.find((one) => one.kind === 'cancellation')
  if (signal === undefined) return undefined
  if (books.isCancelled) return setAside(signal, 'the order is cancelled already')
  if (!books.hasIssued) return books.isClosed ? setAside(signal, 'the order is closed already') : pick(signal)
  const message = 'Goods have left already. What has not left will not; what comes back is a return.'
  return refuse(signal, { code: 'GOODS_GONE', message })
}

/** The newest version wins; an older one has nothing to say any more. */
export function change({ waiting, books, facts }: Situation): NextEvent | undefined {
  const changes = waiting.filter((one) => one.kind === 'change')
  const newest = changes.reduce<SignalFacts | undefined>(
    (best, one) => (best === undefined || Number(one.number) > Number(best.number) ? one : best),
    undefined,
  )
  if (newest === undefined) return undefined
  const older = changes.find((one) => one !== newest)
  if (older !== undefined) return setAside(older, `version ${newest.number} is newer`)
  const stands = Math.max(facts.version, books.amendedTo)
  if (Number(newest.number) <= stands) return setAside(newest, `version ${stands} stands`)
  if (books.isCancelled || books.isClosed) {
    const state = books.isCancelled ? 'cancelled' : 'closed'
    return refuse(newest, {
      code: 'SALES_ORDER_ENDED',
      message: `The order is ${state} and cannot be changed any more.`,
    })
  }
  if (!books.hasIssued) return pick(newest)
  const message = 'Goods have left already, so the order cannot be changed any more. Change what is left by hand.'
  return refuse(newest, { code: 'GOODS_GONE', message })
}

/** A return waits for the delivery that it takes back; when no further delivery will come, the ERP says what is wrong. */
export function goodsReturn({ waiting, books }: Situation): NextEvent | undefined {
  const isDue = ({ terms }: SignalFacts) =>
    books.isComplete ||
    (terms.lines === undefined
      ? books.hasIssued
      : terms.lines.every(({ line, quantity }) => compareDecimals(quantity, books.returnable(line)) <= 0))
  const returns = waiting.filter((one) => one.kind === 'goods-return' && isDue(one))
  return pick(returns.find(({ terms }) => terms.lines !== undefined) ?? returns[0])
}

/** A cancellation that came too late ends what has not left, too. */
export function closing({ waiting, signals, books }: Situation): NextEvent | undefined {
  const signal = waiting.find((one) => one.kind === 'closing')
  if (signal !== undefined && books.isDelivered) return setAside(signal, 'nothing was left to come')
  if (signal !== undefined) return pick(signal)
  const late = signals.find(
    (one) => one.kind === 'cancellation' && one.isConsumed && one.refusal?.code === 'GOODS_GONE',
  )
  // Unless a person has said that it is not to be closed.
  const isRefused = signals.some((one) => one.kind === 'closing' && one.refusal !== undefined)
  return late === undefined || books.isDelivered || isRefused ? undefined : { kind: 'closing', number: late.number }
}
