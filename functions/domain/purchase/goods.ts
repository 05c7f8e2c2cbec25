import { compareDecimals } from '#domain/money.ts'
import { type NextEvent, pick, type SignalFacts, setAside } from '#domain/next-event/situation.ts'
import { type PurchaseSituation, refusePurchase } from './situation.ts'

/** Until a version is approved nothing of it goes into the ERP. Asked for by whoever decides that the case waits. */
export function isApproved({ signals }: PurchaseSituation, version: string): boolean {
  return signals.some(
    (one) => one.kind === 'approval' && one.number === version && one.isConsumed && one.refusal === undefined,
  )
}

function isDeclined({ signals }: PurchaseSituation, version: string): boolean {
  return signals.some((one) => one.kind === 'approval' && one.number === version && one.refusal !== undefined)
}

/** Before it is ordered it can be withdrawn, replaced by a newer version, and has to be approved. */
export function ordering(situation: PurchaseSituation): NextEvent | undefined {
  const { waiting, postings, books, facts, isWithdrawn } = situation
  if (books.isOrdered) return undefined
  const [first] = postings.filter(({ kind }) => kind === 'purchase-order')
  const order = { kind: 'purchase-order', number: String(facts.version) } as const
  if (first !== undefined && first.status !== 'refused') return order
  const cancelled = waiting.find(({ kind }) => kind === 'cancellation')
  if (cancelled !== undefined) return setAside(cancelled, 'it was not ordered yet, and will not be')
  const replaced = change(situation)
  if (replaced !== undefined) return replaced
  const version = String(facts.version)
  if (isWithdrawn || isDeclined(situation, version)) return ended(situation)
  return facts.needsApproval && !isApproved(situation, version) ? undefined : order
}

/** What was never ordered ends when nothing else is left to say about it. */
function ended({ waiting }: PurchaseSituation): NextEvent | undefined {
  return waiting.length > 0 ? undefined : { kind: 'settled', as: 'cancelled' }
}

/** A receipt that does not say what arrived takes what the others leave, so it comes last. */
export function goodsReceipt({ waiting, books }: PurchaseSituation): NextEvent | undefined {
  if (!books.isOrdered) return undefined
  const receipts = waiting.filter(({ kind }) => kind === 'goods-receipt')
  return pick(receipts.find(({ terms }) => terms.lines !== undefined) ?? receipts[0])
}

export function cancellation({ waiting, books }: PurchaseSituation): NextEvent | undefined {
  const signal = waiting.find(({ kind }) => kind === 'cancellation')
  if (signal === undefined || !books.isOrdered) return undefined
  if (books.isCancelled) return setAside(signal, 'the purchase order is cancelled already')
  if (!books.hasReceived)
    return books.isClosed ? setAside(signal, 'the purchase order is closed already') : pick(signal)
  const message = 'Goods have arrived already. What has not arrived is not waited for; what goes back is a return.'
  return refusePurchase(signal, { code: 'GOODS_RECEIVED', message })
}

/** The newest version wins; an older one has nothing to say any more. One that needs an approval waits for it. */
export function change(situation: PurchaseSituation): NextEvent | undefined {
  const { waiting, books, facts } = situation
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
  if (books.isCancelled || books.isClosed || situation.isWithdrawn) {
    const message = 'The purchase has ended and cannot be changed any more.'
    return refusePurchase(newest, { code: 'PURCHASE_ORDER_ENDED', message })
  }
  if (books.hasReceived) {
    const message = 'Goods have arrived already, so the purchase order cannot be changed any more.'
    return refusePurchase(newest, { code: 'GOODS_RECEIVED', message })
  }
  // Before it is ordered the newest version takes the place of the one before, and is approved there.
  if (!books.isOrdered) return pick(newest)
  if (isDeclined(situation, newest.number)) return setAside(newest, 'it was declined')
  return newest.needsApproval && !isApproved(situation, newest.number) ? undefined : pick(newest)
}

/** A return waits for the receipt that it takes back; when nothing more will arrive, the ERP says what is wrong. */
export function supplierReturn({ waiting, books }: PurchaseSituation): NextEvent | undefined {
  if (!books.isOrdered) return undefined
  const isDue = ({ terms }: SignalFacts) =>
    books.isReceived ||
    (terms.lines === undefined
      ? books.hasReceived
      : terms.lines.every(({ line, quantity }) => compareDecimals(quantity, books.kept(line)) <= 0))
  const returns = waiting.filter((one) => one.kind === 'supplier-return' && isDue(one))
  return pick(returns.find(({ terms }) => terms.lines !== undefined) ?? returns[0])
}

/** A cancellation that came too late ends what has not arrived, too. */
export function closing({ waiting, signals, books }: PurchaseSituation): NextEvent | undefined {
  if (!books.isOrdered) return undefined
  const signal = waiting.find(({ kind }) => kind === 'closing')
  if (signal !== undefined) return books.isReceived ? setAside(signal, 'nothing was left to come') : pick(signal)
  const late = signals.find(
    ({ kind, isConsumed, refusal }) => kind === 'cancellation' && isConsumed && refusal?.code === 'GOODS_RECEIVED',
  )
  const isRefused = signals.some(({ kind, refusal }) => kind === 'closing' && refusal !== undefined)
  return late === undefined || books.isReceived || isRefused ? undefined : { kind: 'closing', number: late.number }
}
