import { dueClosing, dueReturn, mostDefinite, newestChange } from '#domain/next-event/both-ways.ts'
import { type NextEvent, pick, setAside } from '#domain/next-event/situation.ts'
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
  const [first] = postings.filter(({ kind }) => kind === 'purchase-order')
  const order = { kind: 'purchase-order', number: String(facts.version) } as const
  // It was cut short before it was told.
  if (books.isOrdered) return first?.isDone ? undefined : order
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

export function goodsReceipt({ waiting, books }: PurchaseSituation): NextEvent | undefined {
  return books.isOrdered ? mostDefinite(waiting.filter(({ kind }) => kind === 'goods-receipt')) : undefined
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

/** A version that needs an approval waits for it. */
export function change(situation: PurchaseSituation): NextEvent | undefined {
  const { books } = situation
  return newestChange(situation, (newest) => {
    if (books.isCancelled || books.isClosed || situation.isWithdrawn) {
      const message = 'The purchase has ended and cannot be changed any more.'
      return refusePurchase(newest, { code: 'PURCHASE_ORDER_ENDED', message })
    }
    if (books.hasReceived) {
      const message = 'Goods have arrived already, so the purchase order cannot be changed any more.'
      return refusePurchase(newest, { code: 'GOODS_RECEIVED', message })
    }
    // Before it is ordered the newest version takes the place of the one before, and is approved there.
    if (!books.isOrdered) return { kind: 'replacement', number: newest.number }
    if (isDeclined(situation, newest.number)) return setAside(newest, 'it was declined')
    return newest.needsApproval && !isApproved(situation, newest.number) ? undefined : pick(newest)
  })
}

export function supplierReturn(situation: PurchaseSituation): NextEvent | undefined {
  const { isOrdered, isReceived, hasReceived, kept } = situation.books
  if (!isOrdered) return undefined
  return dueReturn('supplier-return', situation, { isOver: isReceived, hasMoved: hasReceived, atHand: kept })
}

export function closing(situation: PurchaseSituation): NextEvent | undefined {
  const { isOrdered, isReceived } = situation.books
  return isOrdered ? dueClosing(situation, { isOver: isReceived, tooLate: 'GOODS_RECEIVED' }) : undefined
}
